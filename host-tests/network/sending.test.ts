import { describe, expect, inject, test } from "vitest";
import { hasFilter, LINK_DOWN, REFUSED } from "./support/faults.js";
import { oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("on a host whose system refuses to send", () => {
  test("one-whose-link-was-down-comes-back", async () => {
    const row = await oursIn(LINK_DOWN);
    expect(row).toMatchObject({ lost: [], falseDeaths: 0 });
    expect(row.deathKnownMs).not.toBeNull();
  });

  test.runIf(hasFilter())("one-that-was-not-allowed-to-send-comes-back", async () => {
    const row = await oursIn(REFUSED);
    expect(row).toMatchObject({ lost: [], falseDeaths: 0 });
    expect(row.deathKnownMs).not.toBeNull();
  });
});
