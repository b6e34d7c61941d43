// The lane with network namespaces: `npm run test:network`. Needs root, `ip`, gcc and /dev/net/tun; cargo and go for
// those beside whom the agent is set.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["host-tests/network/**/*.test.ts"],
    globalSetup: ["host-tests/network/support/setup.ts"],
    // A story ends by its own limits, which tell more; this one only ends what hangs.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    // The stories wait most of the time, each in a network of its own.
    maxWorkers: 5,
    reporters: ["default", ["json", { outputFile: "build/results/network-tests.json" }]],
  },
});
