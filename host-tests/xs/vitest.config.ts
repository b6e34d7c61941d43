// The tests of the XS lanes, apart from the others: `npx vitest run --config host-tests/xs/vitest.config.ts`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/{xs,footprint}/**/*.test.ts"],
    // The machines are shared: a limit only ends what hangs.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Two machines at once, on two processors.
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "build/results/xs.json" }]],
  },
});
