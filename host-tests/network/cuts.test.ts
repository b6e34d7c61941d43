import { describe, expect, inject, test } from "vitest";
import { HALVES, MUTE } from "./support/faults.js";
import { oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("in a network that is cut", () => {
  test("halves-become-one-again", async () => {
    expect(await oursIn(HALVES)).toMatchObject({ lost: [], falseDeaths: 0 });
  });

  test("one-that-nobody-hears-is-given-up-and-comes-back", async () => {
    const row = await oursIn(MUTE);
    expect(row).toMatchObject({ lost: [], falseDeaths: 0 });
    expect(row.deathKnownMs).not.toBeNull();
  });
});
