// Builds dist/: one ES module and one declaration file for every source module, in the same folders.
import typescript from "@rollup/plugin-typescript";
import xs from "./rollup.xs.config.mjs";

const external = [/^node:/, "commander", "pino", "log-update", "picocolors"];

const modules = {
  input: [
    "core/index.ts",
    "platform/fake/index.ts",
    "platform/node/index.ts",
    "platform/node/cli.ts",
    "platform/node/postcard.ts",
    "platform/shared/metrics.ts",
  ],
  external,
  output: {
    dir: "dist",
    format: "es",
    preserveModules: true,
    preserveModulesRoot: ".",
  },
  plugins: [
    typescript({
      tsconfig: "tsconfig.json",
      noEmit: false,
      declaration: true,
      outDir: "dist",
      rootDir: ".",
      noEmitOnError: true,
      include: ["core/**/*.ts", "platform/**/*.ts"],
      exclude: ["platform/xs/**"],
    }),
  ],
};

export default [modules, ...xs];
