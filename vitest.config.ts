import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/{agent,node,package,readme,unit,properties,bench,sim}/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: ["default", ["json", { outputFile: "build/results/host.json" }]],
  },
});
