import typescript from "@rollup/plugin-typescript";

// What a Moddable app includes: one flat folder, for `*` in a manifest does not recurse. No source maps: the linker
// warns of sources that are not shipped. Class fields and private names stay native: their helpers use WeakMaps,
// which cannot be written to once they are in flash.
export default {
  input: { xs: "platform/xs/index.ts" },
  external: ["time", "timer", "net", /^embedded:/],
  output: { dir: "dist/xs", format: "es" },
  plugins: [
    typescript({
      tsconfig: "platform/xs/tsconfig.json",
      noEmit: false,
      declaration: true,
      declarationDir: "dist/xs/types",
      rootDir: import.meta.dirname,
      removeComments: false,
      noEmitOnError: true,
    }),
    {
      // The declarations of core and platform/shared are those that all entries of the package have in common: a type of
      // one entry is the same type of every other.
      name: "declarations",
      generateBundle(_options, bundle) {
        for (const [fileName, asset] of Object.entries(bundle)) {
          if (!fileName.endsWith(".d.ts")) continue;
          delete bundle[fileName];
          const own = /^types\/platform\/xs\/(.*)$/.exec(fileName);
          if (own === null) continue;
          const source = String(asset.source).replaceAll('"../shared/', '"../../platform/shared/');
          this.emitFile({ type: "asset", fileName: "types/" + own[1], source });
        }
        const source = 'export * from "./types/index.js";\n';
        this.emitFile({ type: "asset", fileName: "xs.d.ts", source });
      },
    },
  ],
};
