import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** In the place of the SDK's modules. */
const doubles = {
  timer: here("./doubles/timer.ts"),
  time: here("./doubles/time.ts"),
  net: here("./doubles/net.ts"),
  "embedded:io/socket/udp": here("./doubles/udp.ts"),
};

// platform/xs on Node, from its sources and as it is built for devices.
export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: "build/results/moddable.json" }]],
    projects: [
      {
        resolve: { alias: { ...doubles, "xswim/xs": here("../../dist/xs/xs.js") } },
        test: {
          name: "sources",
          include: ["host-tests/moddable/**/*.test.ts"],
          exclude: ["host-tests/moddable/built.test.ts"],
        },
      },
      {
        resolve: {
          alias: {
            ...doubles,
            "../../platform/xs/index.js": here("../../dist/xs/xs.js"),
            "xswim/xs": here("../../dist/xs/xs.js"),
          },
        },
        test: {
          name: "as built",
          include: ["host-tests/moddable/swim-node.test.ts", "host-tests/moddable/built.test.ts"],
        },
      },
    ],
  },
});
