// Builds the explorer into build/explore/, with the core in its debug build. Types are checked by `npm run typecheck`.
import typescript from "@rollup/plugin-typescript";

/** The core checks its invariants after every call. */
const debugBuild = {
  name: "debug-build",
  load: (id) => (/\/core\/debug\.[jt]s$/.test(id) ? "export const DEBUG = true;" : null),
};

export default {
  input: ["bench/explore/main.ts", "bench/explore/worker.ts"],
  external: [/^node:/, "commander"],
  output: { dir: "build/explore", format: "es", preserveModules: true, preserveModulesRoot: "." },
  plugins: [
    debugBuild,
    typescript({
      tsconfig: "tsconfig.json",
      compilerOptions: { noEmit: false, noCheck: true, outDir: "build/explore", rootDir: "." },
      include: ["core/**/*.ts", "platform/**/*.ts", "bench/**/*.ts", "host-tests/support/*.ts"],
    }),
  ],
};
