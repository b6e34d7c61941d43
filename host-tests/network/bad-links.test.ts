import { describe, expect, inject, test } from "vitest";
import { DELAY, LOSS } from "./support/faults.js";
import { oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("on bad links", () => {
  test("nobody-stays-lost-after-a-loss-of-30-percent", async () => {
    expect((await oursIn(LOSS)).lost).toEqual([]);
  });

  test("nobody-is-declared-dead-because-datagrams-come-late-and-out-of-order", async () => {
    expect(await oursIn(DELAY)).toMatchObject({ lost: [], falseDeaths: 0 });
  });
});
