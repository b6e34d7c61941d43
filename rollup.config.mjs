// Builds dist/, and agent/dist/ of the command on top of it: one ES module for every source module, in the same
// folders, and one declaration file each for the library.
import typescript from "@rollup/plugin-typescript";
import xs from "./rollup.xs.config.mjs";

const modules = {
  input: [
    "core/index.ts",
    "platform/fake/index.ts",
    "platform/gather/index.ts",
    "platform/node/index.ts",
    "platform/node/postcard.ts",
    "platform/node/sealed.ts",
    "platform/shared/metrics.ts",
    "platform/shared/schema.ts",
  ],
  external: [/^node:/, "bonjour-service"],
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
    {
      // The modules of the debug build, of which nothing else is in a release.
      name: "no-debug-declarations",
      generateBundle(_options, bundle) {
        for (const name of ["debug", "invariants"]) delete bundle[`core/${name}.d.ts`];
      },
    },
  ],
};

/** Comes last: the types of `xswim` and `xswim/node`, which it imports as any program does, are in dist/. */
const agent = {
  input: ["agent/src/cli.ts"],
  external: [
    /^node:/,
    /^xswim(\/|$)/,
    "commander",
    "pino",
    "log-update",
    "picocolors",
    "cli-table3",
    "eventsource-parser",
    "prom-client",
  ],
  output: {
    dir: "agent/dist",
    format: "es",
    preserveModules: true,
    preserveModulesRoot: "agent/src",
  },
  plugins: [
    typescript({
      tsconfig: "agent/tsconfig.json",
      noEmit: false,
      outDir: import.meta.dirname + "/agent/dist",
      rootDir: import.meta.dirname + "/agent/src",
      noEmitOnError: true,
      include: ["**/*.ts"],
    }),
  ],
};

export default [modules, ...xs, agent];
