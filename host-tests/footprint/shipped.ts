// The bundle that an app on a device includes, as the package's own build makes it, without writing it anywhere.
import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type OutputOptions, rollup, type RollupOptions } from "rollup";

const configFile = resolve(import.meta.dirname, "../../rollup.xs.config.mjs");

/** Modules of a device that it imports. */
export const deviceModules = ["timer", "time", "net", "embedded:io/socket/udp"] as const;

let made: Promise<string> | undefined;

/** The code of `xswim/xs`, an ES module. */
export function shippedModule(): Promise<string> {
  made ??= makeModule("xs");
  return made;
}

/** Each build of a module gives the names that are free to what has none yet, so `xs` comes first. */
async function makeModule(name: "xs" | "schema" | "sealed"): Promise<string> {
  const { default: configs } = (await import(pathToFileURL(configFile).href)) as { default: RollupOptions[] };
  const entry = { xs: /xs\/index\.ts$/, schema: /shared\/schema\.ts$/, sealed: /sealed\/index\.ts$/ }[name];
  const config = configs.find(({ input }) => entry.test(String(input)));
  if (config === undefined) throw new Error("rollup.xs.config.mjs builds no module " + name);
  const graph = await rollup({ ...config, onLog: () => undefined });
  try {
    const { output } = await graph.generate(config.output as OutputOptions);
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

const folder = resolve(import.meta.dirname, "../../build/footprint");

/** The paths of files with `xswim/xs`, with `xswim/schema`, and with `xswim/sealed`, which imports the first. */
export async function shippedFiles(): Promise<{ xs: string; schema: string; sealed: string }> {
  const files = {
    xs: resolve(folder, "xs.js"),
    schema: resolve(folder, "schema.js"),
    sealed: resolve(folder, "sealed.js"),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(files.xs, await shippedModule());
  await writeFile(files.schema, await makeModule("schema"));
  await writeFile(files.sealed, await makeModule("sealed"));
  return files;
}
