import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { debugBuild } from "../support/debug-build.js";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** In the place of the SDK's modules. */
const doubles = {
  timer: here("./doubles/timer.ts"),
  time: here("./doubles/time.ts"),
  net: here("./doubles/net.ts"),
  "embedded:io/socket/udp": here("./doubles/udp.ts"),
  "embedded:network/interface/wifi": here("./doubles/wifi.ts"),
  "embedded:storage/key-value": here("./doubles/key-value.ts"),
  modules: here("./doubles/modules.ts"),
  crypt: here("./doubles/crypt.ts"),
  "xswim/unique-bytes": here("./doubles/unique-bytes.ts"),
};

/** By the names that an app imports. */
const built = {
  "xswim/xs": here("../../dist/xs/xs.js"),
  "xswim/discover": here("../../dist/xs/discover.js"),
  "xswim/wifi": here("../../dist/xs/wifi.js"),
  "xswim/store": here("../../dist/xs/zephyr-store.js"),
};

// platform/xs on Node, from its sources and as it is built for devices.
export default defineConfig({
  plugins: [debugBuild()],
  test: {
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "build/results/moddable.json" }]],
    projects: [
      {
        resolve: { alias: { ...doubles, ...built } },
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
            "../../platform/xs/wifi/connection.js": here("../../dist/xs/wifi.js"),
            "../../platform/xs/sealed/index.js": here("../../dist/xs/sealed.js"),
            "../../platform/xs/discover/index.js": here("../../dist/xs/discover.js"),
            ...built,
          },
        },
        test: {
          name: "as built",
          include: ["swim-node", "wifi", "sealed", "discover", "built"].map(
            (name) => `host-tests/moddable/${name}.test.ts`,
          ),
        },
      },
    ],
  },
});
