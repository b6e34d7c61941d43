// Builds the measurements of scale into build/scale-program/, apart from what is published. Types are checked by
// `npm run typecheck`.
import typescript from "@rollup/plugin-typescript";

export default {
  input: ["bench/scale/main.ts"],
  external: [/^node:/, "commander"],
  output: { dir: "build/scale-program", format: "es", preserveModules: true, preserveModulesRoot: "." },
  plugins: [
    typescript({
      tsconfig: "tsconfig.json",
      compilerOptions: { noEmit: false, noCheck: true, outDir: "build/scale-program", rootDir: "." },
      include: ["core/**/*.ts", "platform/**/*.ts", "bench/**/*.ts"],
    }),
  ],
};
