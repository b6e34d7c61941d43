import { describe, expect, inject, test } from "vitest";
import { CORRUPTION, DUPLICATION, ONE_WAY } from "./support/faults.js";
import { oneIn, oursIn } from "./support/ours.js";

describe.runIf(inject("hasNetworks"))("where datagrams come twice, or damaged, or one way only", () => {
  test("nobody-is-declared-dead-because-datagrams-come-twice", async () => {
    expect(await oursIn(DUPLICATION)).toMatchObject({ lost: [], falseDeaths: 0 });
  });

  test("nobody-stays-lost-after-damaged-datagrams", async () => {
    expect((await oursIn(CORRUPTION)).lost).toEqual([]);
  });

  test("nobody-is-declared-dead-by-damaged-datagrams-where-they-are-sealed", async () => {
    expect(await oneIn(CORRUPTION, "xswim sealed")).toMatchObject({ lost: [], falseDeaths: 0, strangers: 0 });
  });

  test("nobody-is-declared-dead-because-one-way-between-two-is-cut", async () => {
    expect(await oursIn(ONE_WAY)).toMatchObject({ lost: [], falseDeaths: 0 });
  });
});
