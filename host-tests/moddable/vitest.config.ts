import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { debugBuild } from "../support/debug-build.js";

const double = (name: string): string => fileURLToPath(new URL(`./doubles/${name}.ts`, import.meta.url));

// platform/xs on Node, with doubles in the place of the SDK's modules.
export default defineConfig({
  plugins: [debugBuild()],
  resolve: {
    alias: {
      timer: double("timer"),
      time: double("time"),
      net: double("net"),
      "embedded:io/socket/udp": double("udp"),
      "xswim/xs": fileURLToPath(new URL("../../dist/xs/xs.js", import.meta.url)),
    },
  },
  test: {
    include: ["host-tests/moddable/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: "build/results/moddable.json" }]],
  },
});
