// Builds the simulator into build/sim/, apart from what is published. Types are checked by `npm run typecheck`.
import typescript from "@rollup/plugin-typescript";

export default {
  input: ["bench/sim/main.ts", "bench/sim/worker.ts"],
  external: [/^node:/, "commander"],
  output: { dir: "build/sim", format: "es", preserveModules: true, preserveModulesRoot: "." },
  plugins: [
    typescript({
      tsconfig: "tsconfig.json",
      compilerOptions: { noEmit: false, noCheck: true, outDir: "build/sim", rootDir: "." },
      include: ["core/**/*.ts", "platform/**/*.ts", "bench/sim/**/*.ts"],
    }),
  ],
};
