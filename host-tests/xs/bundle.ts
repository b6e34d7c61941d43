// Makes one script of TypeScript modules, for a machine that evaluates scripts. Types are dropped, not checked.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Plugin, rollup } from "rollup";
import ts from "typescript";

const typescript: Plugin = {
  name: "typescript",
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith(".")) return null;
    const path = resolve(dirname(importer), source.replace(/\.js$/, ".ts"));
    return existsSync(path) ? path : null;
  },
  transform(code, id) {
    if (!id.endsWith(".ts")) return null;
    const compilerOptions: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    };
    return ts.transpileModule(code, { compilerOptions, fileName: id }).outputText;
  },
};

/**
 * Bundles a module and all that it imports.
 * @param entry path of the module
 * @param name global variable that receives the module's exports
 * @throws Error when an import is not a file of the project: the engine has no modules of its own
 */
export async function bundle(entry: string, name: string): Promise<string> {
  const graph = await rollup({
    input: resolve(entry),
    plugins: [typescript],
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message);
    },
  });
  try {
    const { output } = await graph.generate({
      format: "iife",
      name,
      exports: "named",
      generatedCode: "es2015",
    });
    return output[0].code;
  } finally {
    await graph.close();
  }
}
