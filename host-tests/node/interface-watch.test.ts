// A node on Node that finds its address itself notices when it has another one.
import type { NetworkInterfaceInfo } from "node:os";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InterfaceWatch } from "../../platform/node/interface-watch.js";
import { SwimNode, type SwimNodeOptions } from "../../platform/node/index.js";
import { MemoryStore } from "../support/memory-store.js";
import { freePort } from "./support/nodes.js";

const LOOP: [string, string] = ["lo", "127.0.0.1"];
const LOOK_MS = 3_000;

let present: [string, string][] = [];
const interfaces = vi.fn(() => {
  const found: Record<string, NetworkInterfaceInfo[]> = {};
  for (const [name, address] of present) {
    const common = { address, netmask: "", mac: "", internal: name === "lo", cidr: null };
    const info: NetworkInterfaceInfo = address.includes(":")
      ? { ...common, family: "IPv6", scopeid: 0 }
      : { ...common, family: "IPv4" };
    (found[name] ??= []).push(info);
  }
  return found;
});

let closers: (() => void)[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  interfaces.mockClear();
});
afterEach(() => {
  for (const close of closers) close();
  closers = [];
  vi.useRealTimers();
});

/** A watch of an address, and what it tells. */
function watched(address: string, ...at: [string, string][]): string[] {
  present = at;
  const told: string[] = [];
  const watch = new InterfaceWatch(address, (changed) => told.push(changed), interfaces);
  closers.push(() => watch.close());
  return told;
}

function look(at: [string, string][], times = 1): void {
  present = at;
  vi.advanceTimersByTime(times * LOOK_MS);
}

const WLAN: [string, string] = ["wlan0", "192.168.1.10"];
const OTHER_WLAN: [string, string] = ["wlan0", "192.168.1.77"];
const DOCKER: [string, string] = ["docker0", "172.17.0.1"];
const ETHERNET: [string, string] = ["eth0", "10.0.0.5"];

test("says-nothing-while-the-address-is-there-whatever-else-comes-and-goes", () => {
  const told = watched("192.168.1.10", LOOP, WLAN);
  look([LOOP, ETHERNET, DOCKER, WLAN], 20);
  look([WLAN], 20);
  // It was moved to a bridge.
  look([DOCKER, ["br0", "192.168.1.10"]], 20);
  expect(told).toEqual([]);
  expect(interfaces).toHaveBeenCalledTimes(61);
});

test("takes-another-address-of-the-same-interface-at-the-next-look", () => {
  const told = watched("192.168.1.10", DOCKER, WLAN);
  look([DOCKER, OTHER_WLAN]);
  expect(told).toEqual(["192.168.1.77"]);
  look([DOCKER, OTHER_WLAN], 20);
  expect(told).toEqual(["192.168.1.77"]);
});

test("tells-of-the-same-address-when-it-was-gone-and-is-back", () => {
  const told = watched("192.168.1.10", LOOP, WLAN);
  look([LOOP], 100);
  expect(told).toEqual([]);
  look([LOOP, WLAN], 5);
  expect(told).toEqual(["192.168.1.10"]);
});

test("takes-an-address-that-was-not-there-before-at-once", () => {
  const told = watched("10.0.0.5", ETHERNET);
  look([WLAN]);
  expect(told).toEqual(["192.168.1.10"]);
});

test("leaves-an-interface-that-was-there-all-along-in-peace-for-half-a-minute", () => {
  const told = watched("192.168.1.10", DOCKER, WLAN);
  look([DOCKER], 9);
  look([DOCKER, WLAN]);
  expect(told).toEqual(["192.168.1.10"]);
  look([DOCKER], 11);
  expect(told).toEqual(["192.168.1.10", "172.17.0.1"]);
});

test("comes-back-to-the-interface-at-which-it-began", () => {
  const told = watched("192.168.1.10", DOCKER, WLAN);
  look([DOCKER], 20);
  look([DOCKER, OTHER_WLAN], 5);
  expect(told).toEqual(["172.17.0.1", "192.168.1.77"]);
});

test("takes-the-first-network-that-appears-when-it-began-without-one-and-stays-there", () => {
  const told = watched("127.0.0.1", LOOP);
  look([LOOP], 20);
  look([LOOP, WLAN]);
  look([LOOP, ETHERNET, WLAN], 20);
  expect(told).toEqual(["192.168.1.10"]);
});

test("takes-no-address-of-the-other-family-and-none-that-is-valid-on-its-link-only", () => {
  const told = watched("2001:db8::5", ["eth0", "2001:db8::5"], ETHERNET);
  look([ETHERNET, ["eth0", "fe80::1"]], 20);
  expect(told).toEqual([]);
  look([ETHERNET, ["eth0", "fe80::1"], ["eth0", "2001:db8::6"]]);
  expect(told).toEqual(["2001:db8::6"]);
});

test("survives-a-system-that-does-not-say-what-interfaces-there-are", () => {
  const told = watched("192.168.1.10", WLAN);
  interfaces.mockImplementationOnce(() => {
    throw new Error("not permitted");
  });
  look([WLAN], 3);
  expect(told).toEqual([]);
});

async function started(options: Partial<SwimNodeOptions> = {}): Promise<SwimNode> {
  present = [LOOP, WLAN];
  const node = new SwimNode({ port: await freePort("0.0.0.0"), bump: 7, ...options }, interfaces);
  closers.push(() => node.close());
  return node;
}

test("a-node-takes-the-new-address-under-a-larger-number-and-stores-that", async () => {
  const store = new MemoryStore();
  const node = await started({ store });
  look([LOOP, OTHER_WLAN]);
  expect(node.identity).toEqual({ addr: "192.168.1.77:" + node.identity.addr.split(":")[1], bump: 8 });
  expect(store.bump).toBe("8");
});

test("a-node-hurries-when-its-address-is-back", async () => {
  const node = await started();
  const hurried = vi.spyOn(node.swim, "networkChanged");
  look([LOOP], 3);
  expect(hurried).not.toHaveBeenCalled();
  look([LOOP, WLAN]);
  expect([hurried.mock.calls.length, node.identity.bump]).toEqual([1, 7]);
});

test.each<[string, Partial<SwimNodeOptions>]>([
  ["advertise", { advertise: "192.168.1.10" }],
  ["identity", { identity: { addr: "192.168.1.10:7946", bump: 1 } }],
  ["a bound address", { address: "127.0.0.1" }],
])("a-node-that-was-given-%s-keeps-its-address", async (_what, options) => {
  const node = await started(options);
  const before = node.identity;
  look([LOOP, OTHER_WLAN], 20);
  expect(node.identity).toEqual(before);
});

test("a-node-bound-to-all-addresses-by-name-looks-too", async () => {
  const node = await started({ address: "0.0.0.0" });
  look([LOOP, OTHER_WLAN]);
  expect(node.identity.addr).toMatch(/^192\.168\.1\.77:/);
});

test("a-node-keeps-the-address-that-the-program-gave-it", async () => {
  const node = await started();
  node.changeAddress("203.0.113.9");
  look([LOOP, OTHER_WLAN], 20);
  expect(node.identity.addr).toMatch(/^203\.0\.113\.9:/);
});

test("a-closed-node-looks-no-more-and-one-that-left-changes-nothing", async () => {
  const [closed, left] = [await started(), await started()];
  closed.close();
  left.leave();
  const before = [closed.identity, left.identity];
  interfaces.mockClear();
  look([LOOP, OTHER_WLAN], 5);
  expect([closed.identity, left.identity]).toEqual(before);
  expect(interfaces).toHaveBeenCalledTimes(5);
});
