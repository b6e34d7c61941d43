import { defineConfig } from "vitest/config";
import { debugBuild } from "./host-tests/support/debug-build.js";

export default defineConfig({
  plugins: [debugBuild()],
  test: {
    include: ["host-tests/{agent,node,package,readme,unit,properties,bench,sim}/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: ["default", ["json", { outputFile: "build/results/host.json" }]],
  },
});
