// Which machines a test runs on, and how much of the suite.
import type { Engine } from "./engine.js";

const ENGINES: readonly Engine[] = ["quickjs", "quickjs-ng"];

/** All, unless the environment variable `QUICKJS_ENGINES` names some: `QUICKJS_ENGINES=quickjs-ng`. */
export function lanes(): Engine[] {
  const wanted = process.env["QUICKJS_ENGINES"]?.split(",");
  return ENGINES.filter((engine) => wanted === undefined || wanted.includes(engine));
}

/** Whether the environment variable `QUICKJS_SUITE` is `all`: otherwise a part of the suite runs, which takes less time. */
export const isWhole: boolean = process.env["QUICKJS_SUITE"] === "all";
