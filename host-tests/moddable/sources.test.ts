// What an app of TypeScript meets, as far as it can be checked without the SDK.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

// mcconfig preloads a TypeScript module only when it is named.
test("the-manifest-of-the-sources-preloads-every-module", () => {
  const text = readFileSync(join(root, "platform/xs/sources/manifest.json"), "utf8");
  const { preload } = JSON.parse(text) as { preload: string[] };
  const modules = ["core", "platform/shared", "platform/xs"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `xswim/${folder}/${name.slice(0, -".ts".length)}`),
  );
  expect([...preload].sort()).toEqual(
    [...modules, "xswim", "xswim/xs", "xswim/postcard", "xswim/metrics", "xswim/schema"].sort(),
  );
});

/** What a manifest asks for on one platform. */
interface Platform {
  creation?: { stack: number };
  zephyrConfig?: Record<string, string>;
}

const MANIFESTS = ["manifest.json", "manifest_full.json", "platform/xs/sources/manifest.json"];

function platformsOf(name: string): Record<string, Platform> {
  const text = readFileSync(join(root, name), "utf8");
  return (JSON.parse(text) as { platforms: Record<string, Platform> }).platforms;
}

// The SDK gives ESP8266 and Zephyr a stack of 256 slots, which the first datagrams of a cluster were seen to overflow.
test.each(MANIFESTS)("asks-for-a-stack-of-384-slots-where-the-SDK-gives-less: %s", (name) => {
  const platforms = platformsOf(name);
  expect(["esp", "zephyr"].map((platform) => platforms[platform]?.creation)).toEqual([
    { stack: 384 },
    { stack: 384 },
  ]);
});

// Zephyr keeps two hardware addresses, so that of three neighbours one has to be asked for again and again.
test.each(MANIFESTS)("asks-Zephyr-for-room-for-16-hardware-addresses: %s", (name) => {
  expect(platformsOf(name).zephyr?.zephyrConfig).toEqual({ CONFIG_NET_ARP_TABLE_SIZE: "16" });
});

test.each(["examples/esp32-sensor", "examples/esp32-sensor/napping"])(
  "type-checks-with-the-typings-of-npm: %s",
  { timeout: 60_000 },
  (folder) => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "-p", folder], { cwd: root, encoding: "utf8" });
    expect(run.stdout).toBe("");
  },
);
