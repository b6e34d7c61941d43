// The apps in the READMEs, on the doubles of the SDK's modules.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { flash } from "./doubles/key-value.js";
import { PING } from "./doubles/datagrams.js";
import { resetRadio } from "./doubles/radio.js";
import { resetWorld } from "./doubles/world.js";
import { firstProgram, readmeApp } from "./readme-app.mjs";

/** The number of the present life: the larger of the two that are kept. */
function storedBump(): number {
  const bumps = [...flash.values].filter(([name]) => name.startsWith("xswim/bump"));
  return Math.max(...bumps.map(([, value]) => Number(value)));
}

/** Starts an app, from a folder of its own. */
async function start(name: string, program: string): Promise<void> {
  const folder = join(import.meta.dirname, "../../build", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.js"), program);
  await import(join(folder, "main.js"));
}

test("the-README-s-app-joins-and-is-told-of-the-network", { timeout: 60_000 }, async () => {
  const world = resetWorld();
  const radio = resetRadio();
  // A device's clock that nobody has set, and the number of its life before.
  vi.spyOn(Date, "now").mockReturnValue(0);
  flash.values.set("xswim/bump", "6");
  flash.values.set("xswim/bump2", "5");
  await start("readme-app", readmeApp().program);
  expect([world.openSockets, world.traced]).toEqual([0, []]);

  world.advance(1);
  expect(radio.asked).toEqual(['connect {"SSID":"My Wi-Fi","password":"secret"}']);
  radio.become(500, "192.168.1.20");
  world.advance(1);
  expect([world.openSockets, world.traced.at(-1)]).toEqual([1, "ready at 192.168.1.20\n"]);
  expect(storedBump()).toBe(7);
  expect(world.sent.map(({ address }) => address)).toContain("192.168.1.5");

  world.enqueue(Uint8Array.from(PING).buffer);
  world.tellReadable();
  world.advance(1);
  expect(world.traced.at(-1)).toBe("up 192.168.1.9:7946\n");

  radio.become(200);
  expect(world.traced.at(-1)).toBe("network lost; the node waits for it\n");
  radio.become(500, "192.168.1.21");
  expect([storedBump(), world.openSockets]).toEqual([8, 1]);
  vi.restoreAllMocks();
});

test("the-package-s-README-s-device-looks-for-others-and-publishes", { timeout: 60_000 }, async () => {
  const world = resetWorld();
  const radio = resetRadio();
  // Without a clock and a store this is its first life, and the Ping is for that one.
  vi.spyOn(Date, "now").mockReturnValue(0);
  const ping = Uint8Array.from(PING);
  ping[18] = 1;
  await start("first-program", firstProgram());
  radio.become(500, "192.168.1.20");
  world.advance(5000);
  expect(world.sent.filter(({ port }) => port === 7945)).not.toEqual([]);

  world.deliver(7946, ping, "192.168.1.9", 7946);
  world.advance(10_000);
  expect(world.traced).toContain("up 192.168.1.9:7946\n");
  expect(world.sent.some(({ text }) => text.includes("21.5 degrees"))).toBe(true);

  radio.become(200);
  radio.become(500, "192.168.1.21");
  expect(world.openSockets).toBeGreaterThan(0);
  vi.restoreAllMocks();
});
