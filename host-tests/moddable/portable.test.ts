// The device code that also runs on Node and on the fake network, with the package as it is built for a device.
import { expect, test, vi } from "vitest";
import type { Lamp } from "../portable/device/lamp.js";
import { MemoryStore } from "../support/memory-store.js";
import { PING } from "./doubles/datagrams.js";
import { resetWorld } from "./doubles/world.js";

test("device-code-runs-on-a-device", async () => {
  const world = resetWorld();
  // By names that the compiler does not look up: it would need the built package.
  const [entry, device] = ["xswim/xs", "../portable/device/lamp.js"];
  const { SwimNode } = (await import(entry)) as { SwimNode: never };
  const { Lamp: LampClass } = (await import(device)) as { Lamp: typeof Lamp };
  const store = new MemoryStore();
  store.set("xswim", "bump", "6");
  store.set("xswim", "bump2", "5");
  // A device's clock that nobody has set.
  vi.spyOn(Date, "now").mockReturnValue(0);
  const lamp = new LampClass(SwimNode, { port: 7946, seeds: ["192.168.1.9:7946"], store });
  vi.restoreAllMocks();
  world.advance(1);
  world.enqueue(Uint8Array.from(PING).buffer);
  world.tellReadable();
  expect([lamp.told, lamp.others(), store.bump]).toEqual([
    ["up 192.168.1.9:7946"],
    ["192.168.1.9:7946"],
    "7",
  ]);
  expect(lamp.say("x")).toBe(true);
});
