import { defineConfig } from "vitest/config";
import { debugBuild } from "./host-tests/support/debug-build.js";
import { LongestFirst } from "./host-tests/support/longest-first.js";

export default defineConfig({
  plugins: [debugBuild()],
  test: {
    include: [
      "host-tests/{agent,explore,fuzz,mutation,node,package,page,readme,unit,properties,bench,sim}/**/*.test.ts",
    ],
    // Longer than anything that a test waits for: no test is to depend on how fast the machine is.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two processors, and many tests wait for what comes from a socket.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", ["json", { outputFile: "build/results/host.json" }]],
  },
});
