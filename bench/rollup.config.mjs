// Builds the benchmark into build/bench/, apart from what is published. Types are checked by `npm run typecheck`.
import typescript from "@rollup/plugin-typescript";

export default {
  input: [
    "bench/main.ts",
    "bench/peers/xswim.ts",
    "bench/peers/npm-swim.ts",
    "bench/sealed/main.ts",
    "bench/sealed/sender.ts",
  ],
  external: [/^node:/, "bonjour-service", "cli-table3", "commander"],
  output: { dir: "build/bench", format: "es", preserveModules: true, preserveModulesRoot: "." },
  plugins: [
    typescript({
      tsconfig: "tsconfig.json",
      compilerOptions: { noEmit: false, noCheck: true, outDir: "build/bench", rootDir: "." },
      include: [
        "core/**/*.ts",
        "platform/{host,node,shared}/*.ts",
        "bench/*.ts",
        "bench/{peers,sealed}/*.ts",
      ],
    }),
  ],
};
