import dgram from "node:dgram";
import { afterEach, expect, test, vi } from "vitest";
import { SwimNode, type SwimNodeOptions } from "../../platform/node/index.js";
import { BAD_ADDRESSES, BAD_OPTIONS } from "../support/bad-options.js";
import { MemoryStore } from "../support/memory-store.js";
import { closeAll, freePort, Heard } from "./support/nodes.js";

afterEach(closeAll);

test.each(BAD_OPTIONS)("refuses $mistake before a socket is opened", ({ options, says }) => {
  const opened = vi.spyOn(dgram, "createSocket");
  const make = (): SwimNode => new SwimNode({ port: 7946, ...options() } as SwimNodeOptions);
  expect(make).toThrow(says);
  expect(opened).not.toHaveBeenCalled();
  opened.mockRestore();
});

test.each([
  ["fe80::1", /address must not be link-local, got fe80::1; write/],
  ["fe80::1%lo", /address must not be link-local/],
  ["127.0.0.1:7946", /address must be an IP address such as 127\.0\.0\.1/],
])("refuses to bind %s", (address, says) => {
  expect(() => new SwimNode({ port: 7946, address })).toThrow(says);
});

test.each(BAD_ADDRESSES)("changeAddress refuses %s and changes nothing", async (address, says) => {
  const { node } = new Heard(await freePort());
  const before = node.identity;
  expect(() => node.changeAddress(address as string)).toThrow(says);
  expect([node.identity, node.swim.isDefunct]).toEqual([before, false]);
});

test("begins-each-life-with-a-larger-number-than-the-store-kept", async () => {
  const store = new MemoryStore();
  store.set("xswim", "bump", "4000000000");
  const lives: unknown[] = [];
  for (let life = 0; life < 3; life++) {
    const { node } = new Heard(await freePort(), { store });
    node.close();
    lives.push(node.identity.bump);
  }
  // Of a pair the other number may be lost, so the first life leaves one out.
  expect(lives).toEqual([4000000002, 4000000003, 4000000004]);
  expect(store.bump).toBe("4000000004");
});
