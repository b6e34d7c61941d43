// Makes one script of TypeScript modules, for a machine that evaluates scripts. Types are dropped, not checked.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Plugin, rollup } from "rollup";
import ts from "typescript";
import { inlineConstants } from "../../scripts/xs-build/inline-constants.mjs";
import { debugBuild } from "../support/debug-build.js";

export interface BundleOptions {
  /** Modules that take the place of others, as `vitest` or `node:fs`: the path of each, by the name that is imported. */
  substitutes?: Readonly<Record<string, string>>;
  /** npm packages that may be bundled: those that need nothing but the language. */
  packages?: readonly string[];
  /** Modules that are left out: each is a global variable, its name with `_` for what no name may have. */
  externals?: readonly string[];
  /** Whether the core is the debug build, which checks its invariants. */
  isDebugBuild?: boolean;
  /** Whether numbers stand for their names, as in what a device runs. */
  isInlined?: boolean;
}

const COMPILER: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  verbatimModuleSyntax: true,
  // As platform/xs/tsconfig.json: assignments take less bytecode than a function of fields for each class.
  useDefineForClassFields: false,
};

/** What takes the place of a module of the core on XS. */
const native = resolve(import.meta.dirname, "../../platform/xs/native.ts");

const packageRoot = resolve(import.meta.dirname, "../../node_modules");

interface Conditions {
  import?: Conditions | string;
  default?: Conditions | string;
}

/** The ES module that a package exports by this name. */
function packageModule(name: string, source: string): string {
  const directory = join(packageRoot, name);
  const { exports } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    exports: Record<string, Conditions>;
  };
  let target: Conditions | string | undefined = exports["." + source.slice(name.length)];
  while (typeof target === "object") target = target.import ?? target.default;
  if (target === undefined) throw new Error(`${source} has no ES module`);
  return join(directory, target);
}

/** Compiles one module after the other. To put numbers for names, it looks at all of them first. */
function compiler(
  entry: string,
  { substitutes = {}, isInlined }: BundleOptions,
): (code: string, id: string) => string {
  if (isInlined !== true)
    return (code, fileName) => ts.transpileModule(code, { compilerOptions: COMPILER, fileName }).outputText;
  const program = ts.createProgram([entry, native, ...Object.values(substitutes)], COMPILER);
  const transformers = { before: [inlineConstants(program)] };
  return (_code, id) => {
    let made = "";
    program.emit(program.getSourceFile(id), (_name, text) => (made = text), undefined, false, transformers);
    return made;
  };
}

function modules(entry: string, options: BundleOptions): Plugin {
  const { substitutes = {}, packages = [] } = options;
  const compile = compiler(entry, options);
  return {
    name: "modules",
    resolveId(source, importer) {
      if (importer === undefined) return null;
      const substitute = substitutes[source];
      if (substitute !== undefined) return substitute;
      const name = packages.find((each) => source === each || source.startsWith(each + "/"));
      if (name !== undefined) return packageModule(name, source);
      if (!source.startsWith(".")) return null;
      const path = resolve(dirname(importer), source.replace(/\.js$/, ".ts"));
      if (path.endsWith("/core/native.ts")) return native;
      return existsSync(path) ? path : null;
    },
    transform(code, id) {
      if (!id.endsWith(".ts")) return null;
      return compile(code, id);
    },
    // A script has no address of its own.
    resolveImportMeta: () => "undefined",
  };
}

/**
 * Bundles a module and all that it imports.
 * @param entry path of the module
 * @param name global variable that receives the module's exports
 * @throws Error when an import is not a file of the project: the engine has no modules of its own
 */
export async function bundle(entry: string, name: string, options: BundleOptions = {}): Promise<string> {
  const graph = await rollup({
    input: resolve(entry),
    external: [...(options.externals ?? [])],
    plugins: [options.isDebugBuild === true ? debugBuild() : null, modules(resolve(entry), options)],
    onLog(level, log) {
      // A device's module may have the name of one of Node's.
      const isExternal = log.ids?.every((id) => options.externals?.includes(id)) ?? false;
      const isFine = log.code === "CIRCULAR_DEPENDENCY" || isExternal;
      if (level === "warn" && !isFine) throw new Error(log.message);
    },
  });
  try {
    const { output } = await graph.generate({
      format: "iife",
      name,
      exports: "named",
      generatedCode: "es2015",
      globals: (id) => id.replace(/\W/g, "_"),
    });
    return output[0].code;
  } finally {
    await graph.close();
  }
}
