// The bundle that an app on a device includes, as the package's own build makes it, without writing it anywhere.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type OutputOptions, rollup, type RollupOptions } from "rollup";

const configFile = resolve(import.meta.dirname, "../../rollup.xs.config.mjs");

/** Modules of a device that it imports. */
export const deviceModules = ["timer", "time", "net", "embedded:io/socket/udp"] as const;

let made: Promise<string> | undefined;

/** The code of `xswim/xs`, an ES module. */
export function shippedModule(): Promise<string> {
  made ??= makeModule();
  return made;
}

async function makeModule(): Promise<string> {
  const { default: configs } = (await import(pathToFileURL(configFile).href)) as { default: RollupOptions[] };
  const graph = await rollup({ ...configs[0], onLog: () => undefined });
  try {
    const { output } = await graph.generate(configs[0].output as OutputOptions);
    return output[0].code;
  } finally {
    await graph.close();
  }
}

/** The same as a script, which leaves its exports in a global variable; what it imports are global variables too. */
export async function shippedScript(name: string): Promise<string> {
  const code = await shippedModule();
  const graph = await rollup({
    input: "shipped",
    // A device's module may have the name of one of Node's.
    onLog: () => undefined,
    treeshake: false,
    external: [...deviceModules],
    plugins: [
      {
        name: "shipped",
        resolveId: (id) => (id === "shipped" ? id : null),
        load: (id) => (id === "shipped" ? code : null),
      },
    ],
  });
  try {
    const globals = (id: string): string => id.replace(/\W/g, "_");
    const { output } = await graph.generate({
      format: "iife",
      name,
      exports: "named",
      generatedCode: "es2015",
      globals,
    });
    return output[0].code;
  } finally {
    await graph.close();
  }
}

const file = resolve(import.meta.dirname, "../../build/footprint/xs.js");

/** The path of a file with the module. */
export async function shippedFile(): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await shippedModule());
  return file;
}
