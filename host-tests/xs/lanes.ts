// How a test names the engines it runs on, and says which of them are missing here and why.
import { type Engine, missingTool } from "./build.js";

export interface Lane {
  engine: Engine;
  title: string;
  missing: boolean;
}

/**
 * One lane for each engine. A missing one is to be skipped; its title says why, and so does the console. The environment
 * variable `XS_ENGINES` narrows the choice: `XS_ENGINES=x64,ia32`.
 */
export function lanes(...engines: Engine[]): Lane[] {
  const wanted = process.env["XS_ENGINES"]?.split(",");
  return engines
    .filter((engine) => wanted === undefined || wanted.includes(engine))
    .map((engine) => {
      const reason = missingTool(engine);
      if (reason !== undefined) console.warn(`Skipped, on the XS engine ${engine}: ${reason}.`);
      const title = reason === undefined ? `xs ${engine}` : `xs ${engine}, skipped: ${reason}`;
      return { engine, title, missing: reason !== undefined };
    });
}

/** Time for a test that may have to build its engine first. */
export const buildTimeoutMs = 600_000;
