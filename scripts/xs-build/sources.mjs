// The sources of what a device runs, as one TypeScript program that all its bundles share.
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";
import { inlineConstants } from "./inline-constants.mjs";
import { privateNames } from "./private-names.mjs";

const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => process.cwd(),
  getNewLine: () => "\n",
};

export class Sources {
  #program;
  #transformers;
  /** What a device's programs may import: all their names are kept. */
  #entries;

  /**
   * @param tsconfig path of the settings
   * @param entries paths of the modules that users import
   */
  constructor(tsconfig, entries) {
    const config = ts.getParsedCommandLineOfConfigFile(
      tsconfig,
      { noEmit: false, declaration: true, sourceMap: true, removeComments: false },
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => this.#refuse([diagnostic]) },
    );
    const entryFiles = entries.map((entry) => resolve(entry));
    const files = [...config.fileNames, ...entryFiles, resolve("platform/xs/native.ts")];
    this.#program = ts.createProgram(files, config.options);
    this.#refuse([...config.errors, ...ts.getPreEmitDiagnostics(this.#program)]);
    this.#transformers = { before: [inlineConstants(this.#program)] };
    this.#entries = entries.map((entry) => resolve(entry));
  }

  #refuse(diagnostics) {
    if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, host));
  }

  /** See `privateNames`. */
  get privateNames() {
    return privateNames(this.#program, this.#entries);
  }

  /** What a source file becomes: its code with numbers for names of numbers, and the map. */
  #emit(id) {
    const file = this.#program.getSourceFile(id);
    if (file === undefined) return null;
    const out = {};
    this.#program.emit(
      file,
      (name, text) => (out[/\.(d\.ts|js|map)$/.exec(name)[1]] = text),
      undefined,
      false,
      this.#transformers,
    );
    return { code: out.js.replace(/^\/\/# sourceMappingURL=.*$/m, ""), map: out.map };
  }

  /** For rollup: hands it the sources in JavaScript. */
  plugin() {
    return {
      name: "sources",
      resolveId(source, importer) {
        if (importer === undefined || !source.startsWith(".")) return null;
        const path = resolve(dirname(importer), source.replace(/\.js$/, ".ts"));
        if (path === resolve("core/native.ts")) return resolve("platform/xs/native.ts");
        return existsSync(path) ? path : null;
      },
      load: (id) => (id.endsWith(".ts") ? this.#emit(id) : null),
    };
  }

  /**
   * For rollup: writes the declarations of platform/xs to `folder`. Those of core and platform/shared are the ones that all
   * entries of the package have in common: a type of one entry is the same type of every other.
   */
  declarations(folder) {
    const program = this.#program;
    return {
      name: "declarations",
      generateBundle() {
        const write = (path, text) => {
          const own = /^platform\/xs\/(.*)$/.exec(relative(process.cwd(), path));
          if (own === null) return;
          const source = text.replaceAll("../shared/", "../../platform/shared/");
          this.emitFile({ type: "asset", fileName: `${folder}/${own[1]}`, source });
        };
        program.emit(undefined, write, undefined, true);
      },
    };
  }
}
