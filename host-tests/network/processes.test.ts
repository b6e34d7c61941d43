import { describe, expect, inject, test } from "vitest";
import { KILLED, LONG_STOP, SHORT_STOP } from "./support/faults.js";
import { oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("when a process", () => {
  test("is-stopped-for-a-moment-nobody-is-declared-dead", async () => {
    expect(await oursIn(SHORT_STOP)).toMatchObject({ lost: [], falseDeaths: 0 });
  });

  test("is-stopped-for-long-it-is-given-up-and-comes-back-and-gives-up-nobody", async () => {
    const row = await oursIn(LONG_STOP);
    expect(row).toMatchObject({ lost: [], falseDeaths: 0 });
    expect(row.deathKnownMs).not.toBeNull();
  });

  test("is-killed-all-know-it-and-all-know-it-when-it-is-back", async () => {
    const row = await oursIn(KILLED);
    expect(row).toMatchObject({ lost: [], falseDeaths: 0 });
    expect(row.deathKnownMs).not.toBeNull();
  });
});
