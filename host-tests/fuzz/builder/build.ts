// Builds the fuzzer and its targets into one program whose sources count their branches, and lists the sites beside it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import { MOST_SITES } from "../engine/counters.js";
import { COUNTERS, instrument, type Site } from "./instrument.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COVERAGE = fileURLToPath(new URL("../engine/counters.ts", import.meta.url));
const MEMORY_FILE = fileURLToPath(new URL("../targets/memory-file.ts", import.meta.url));
/** What is fuzzed. */
const FOLDERS = ["core", "platform/shared", "platform/node", "agent/src", "host-tests/fuzz/planted"];
const ENTRY = resolve(ROOT, "host-tests/fuzz/cli.ts");

/** What stands in `sites.json`. */
export interface SiteList {
  readonly sites: readonly Site[];
}

/** Builds into a folder of `build`; returns the path of the program. */
export async function buildFuzzer(outDir = resolve(ROOT, "build/fuzz-" + process.pid)): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    plugins: [counting(outDir)],
    build: {
      ssr: ENTRY,
      outDir,
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: "fuzz.js", codeSplitting: false } },
    },
  });
  return resolve(outDir, "fuzz.js");
}

/** Instruments all sources in the order of their names, so that sites have the same numbers in every build. */
function counting(outDir: string): Plugin {
  const texts = new Map<string, string>();
  const sites: Site[] = [];
  for (const path of FOLDERS.flatMap(sourcesIn)) {
    const file = relative(ROOT, path);
    const found = instrument(file, readFileSync(path, "utf8"), sites.length);
    sites.push(...found.sites);
    const counters = "import { counters as " + COUNTERS + " } from " + JSON.stringify(COVERAGE) + ";";
    texts.set(path, counters + found.text);
  }
  if (sites.length > MOST_SITES) throw new Error("MOST_SITES is too small for " + sites.length);
  return {
    name: "counting",
    enforce: "pre",
    resolveId: (id, importer) => aliases(id, importer),
    load: (id) => {
      if (/\/core\/native\.ts$/.test(id))
        return "export const COPIES_NATIVELY = process.argv.includes('--native-copies');";
      return texts.get(id);
    },
    writeBundle: () => {
      writeFileSync(resolve(outDir, "sites.json"), JSON.stringify({ sites } satisfies SiteList));
    },
  };
}

/** The agent imports the library by its name: here its sources. What it reads from files is put into memory. */
function aliases(id: string, importer: string | undefined): string | undefined {
  if (id === "node:fs" && /\/(config-file|state-file)\.ts$/.test(importer ?? "")) return MEMORY_FILE;
  if (id === "xswim") return resolve(ROOT, "core/index.ts");
  if (id === "xswim/node") return resolve(ROOT, "platform/node/index.ts");
  return undefined;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .sort()
    .map((name) => resolve(ROOT, folder, name));
}
