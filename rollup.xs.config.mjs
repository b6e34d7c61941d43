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
      name: "declarations",
      generateBundle() {
        const source = 'export * from "./types/platform/xs/index.js";\n';
        this.emitFile({ type: "asset", fileName: "xs.d.ts", source });
      },
    },
  ],
};
