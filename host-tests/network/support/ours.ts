import { inject } from "vitest";
import type { Implementation } from "./implementations.js";
import { ordeal, type Fault } from "./ordeal.js";
import type { Row } from "./table.js";

/** Lets one implementation alone go through a fault; returns how it fared. */
export async function oneIn(fault: Fault, implementation: Implementation, seed = 1): Promise<Row> {
  const [row] = await ordeal(fault, [implementation], seed);
  return row;
}

/** Lets all go through a fault; returns how ours fared. */
export async function oursIn(fault: Fault, seed = 1): Promise<Row> {
  const rows = await ordeal(fault, inject("implementations"), seed);
  const row = rows.find(({ implementation }) => implementation === "xswim");
  if (row === undefined) throw new Error("no agent of ours took part");
  return row;
}
