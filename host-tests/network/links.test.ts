import { describe, expect, inject, test } from "vitest";
import { ordeal, type Fault } from "./support/ordeal.js";
import type { Faults } from "./support/network.js";
import type { Row } from "./support/table.js";

/** How long a bad link stays bad. */
const LASTS_MS = 40_000;

/** All links are bad at once. */
function badLinks(name: string, faults: Faults): Fault {
  return {
    name,
    begin: ({ network }) => network.linkAll(faults),
    lastsMs: LASTS_MS,
    end: ({ network }) => network.clear(),
    limitMs: 60_000,
  };
}

function ours(rows: readonly Row[]): Row {
  const row = rows.find(({ implementation }) => implementation === "xswim");
  if (row === undefined) throw new Error("no xswim");
  return row;
}

describe.runIf(inject("hasNetworks"))("bad links", () => {
  const implementations = inject("implementations");

  test("all-are-known-again-after-a-loss-of-30-percent", async () => {
    const row = ours(await ordeal(badLinks("loss of 30 %", { loss: 0.3 }), implementations, 1));
    expect(row.lost).toEqual([]);
  });
});
