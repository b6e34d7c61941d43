// The tests of the XS lanes, apart from the others: `npx vitest run --config host-tests/xs/vitest.config.ts`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/{xs,footprint}/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: "build/results/xs.json" }]],
  },
});
