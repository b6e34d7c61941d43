// How a test names the engines it runs on, and says which of them are missing here and why.
import { type Engine, missingTool } from "./build.js";

export interface Lane {
  engine: Engine;
  title: string;
  missing: boolean;
}

/** One lane for each engine; the title of a missing one is the reason. */
export function lanes(...engines: Engine[]): Lane[] {
  return engines.map((engine) => {
    const reason = missingTool(engine);
    const title = reason === undefined ? `xs ${engine}` : `xs ${engine} skipped: ${reason}`;
    return { engine, title, missing: reason !== undefined };
  });
}

/** Time for a test that may have to build its engine first. */
export const buildTimeoutMs = 600_000;
