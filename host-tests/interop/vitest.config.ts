// The lane with the published foca: `npm run test:interop`. Needs cargo, and the network the first time.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/interop/**/*.test.ts"],
    globalSetup: ["host-tests/interop/support/install.ts"],
    // A story takes half a minute; a slow machine may take four times as long.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // The stories are about time: one after another, so that none starves the other.
    fileParallelism: false,
    reporters: ["default", ["json", { outputFile: "build/results/interop.json" }]],
  },
});
