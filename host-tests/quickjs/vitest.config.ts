// The tests on QuickJS, apart from the others: `npx vitest run --config host-tests/quickjs/vitest.config.ts`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/quickjs/**/*.test.ts"],
    // A limit only ends what hangs.
    testTimeout: 130_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "build/results/quickjs.json" }]],
  },
});
