import { describe, expect, inject, test } from "vitest";
import { SWAPPED } from "./support/faults.js";
import { oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("when two machines get each other's address", () => {
  test("both-are-known-under-their-new-ones", async () => {
    expect(await oursIn(SWAPPED)).toMatchObject({ lost: [], falseDeaths: 0 });
  });
});
