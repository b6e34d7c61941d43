// Nodes on loopback that find each other with no address typed.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import os from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { SwimNode, lan, type HostNodeOptions } from "../../platform/node/index.js";
import {
  broadcastAddress,
  defaultAdvertise,
  nearInterfaces,
  whyAdvertised,
} from "../../platform/node/addresses.js";
import { until } from "./support/until.js";

const nodes: SwimNode[] = [];
afterEach(() => nodes.splice(0).forEach((node) => node.close()));

function start(port: number, options: Partial<HostNodeOptions> = {}): SwimNode {
  const node = new SwimNode({ port, address: "127.0.0.1", config: lan(5), discover: true, ...options });
  nodes.push(node);
  return node;
}

test("three-find-each-other-by-beacons-on-one-machine", async () => {
  const [beaconPort, ...ports] = await freePorts(4, "127.0.0.1");
  const three = ports.map((port) => start(port, { discover: { mdns: false, beaconPort } }));
  await until("all know each other", () => three.every((node) => node.members().length === 2));
});

/** Whether this machine passes multicast on at its loopback interface, as Linux does unless it is told otherwise. */
async function hasMulticast(): Promise<boolean> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  try {
    const heard = once(socket, "message", { signal: AbortSignal.timeout(1000) });
    heard.catch(() => undefined);
    socket.bind(0);
    await once(socket, "listening");
    socket.addMembership("224.0.0.251", "127.0.0.1");
    socket.setMulticastInterface("127.0.0.1");
    socket.send("?", socket.address().port, "224.0.0.251");
    await heard;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

const isThere = await hasMulticast();

test.skipIf(!isThere)("two-find-each-other-by-multicast-dns-at-a-named-interface", async () => {
  const [one, two, ...ports] = await freePorts(4, "127.0.0.1");
  // Their beacons go to different ports, so that they hear none of each other's.
  const cluster = "mdns-" + ports[0];
  const both = ports.map((port, i) =>
    start(port, { cluster, discover: { interface: "lo", beaconPort: [one, two][i] } }),
  );
  await until("they know each other", () => both.every((node) => node.members().length === 1));
});

test.skipIf(!isThere)("closes-while-the-system-does-not-tell-its-interfaces", async () => {
  const [one, two, ...ports] = await freePorts(4, "127.0.0.1");
  const cluster = "mdns-" + ports[0];
  const [node, other] = ports.map((port, i) =>
    start(port, { cluster, discover: { interface: "lo", beaconPort: [one, two][i] } }),
  );
  // Then both have published what they say goodbye to.
  await until("they know each other", () => [node, other].every((each) => each.members().length === 1));
  const refused = vi.spyOn(os, "networkInterfaces").mockImplementation(() => {
    throw new Error("no descriptor is free");
  });
  try {
    expect(() => node.close()).not.toThrow();
    expect(() => other.close()).not.toThrow();
    expect(refused).toHaveBeenCalled();
  } finally {
    refused.mockRestore();
  }
});

test("two-clusters-on-one-machine-stay-apart-and-keys-are-heard-by-those-who-have-them", async () => {
  const [beaconPort, ...ports] = await freePorts(5, "127.0.0.1");
  const discover = { mdns: false, beaconPort };
  const keys = [{ id: 0, secret: "5f0c6f1d9a2b4e8893d7c1e0a4b65217" }];
  const sealed = ports.slice(0, 2).map((port) => start(port, { discover, keys }));
  const plain = ports.slice(2).map((port) => start(port, { discover, cluster: "other" }));
  await until("each knows one", () => [...sealed, ...plain].every((node) => node.members().length === 1));
});

test("a-device-on-a-network-prefers-it-to-containers-and-a-named-interface-to-all", () => {
  const address = (text: string, internal = false): (typeof interfaces)[string][number] => ({
    address: text,
    netmask: "255.255.255.0",
    family: "IPv4",
    internal,
  });
  const interfaces: Record<
    string,
    { address: string; netmask: string; family: string; internal: boolean }[]
  > = {};
  interfaces["lo"] = [{ ...address("127.0.0.1", true), netmask: "255.0.0.0" }];
  interfaces["docker0"] = [address("172.17.0.1")];
  interfaces["wg0"] = [{ ...address("10.9.0.2"), netmask: "255.255.255.255" }];
  interfaces["wlan0"] = [address("192.168.1.20")];
  expect(defaultAdvertise(undefined, interfaces)).toBe("192.168.1.20");
  expect(defaultAdvertise(undefined, interfaces, "wg0")).toBe("10.9.0.2");
  expect(nearInterfaces(interfaces).map(broadcastAddress)).toEqual(["192.168.1.255"]);
  expect(nearInterfaces(interfaces, "docker0").map(broadcastAddress)).toEqual(["172.17.0.255"]);
  expect(nearInterfaces(interfaces, "lo").map(broadcastAddress)).toEqual(["127.255.255.255"]);
  expect(nearInterfaces(interfaces, "wg0").map(broadcastAddress)).toEqual([undefined]);
  expect(whyAdvertised(undefined, "192.168.1.20", interfaces)).toEqual({
    why: "the first address of this machine, at wlan0",
    isUnreachable: false,
  });
  delete interfaces["wlan0"];
  expect(defaultAdvertise(undefined, interfaces)).toBe("172.17.0.1");
  expect(whyAdvertised(undefined, "172.17.0.1", interfaces).isUnreachable).toBe(true);
  interfaces["eth0"] = [address("169.254.7.7")];
  expect(whyAdvertised(undefined, "169.254.7.7", interfaces).isUnreachable).toBe(true);
  expect(whyAdvertised(undefined, "127.0.0.1", { lo: interfaces["lo"] })).toEqual({
    why: "no network has another address",
    isUnreachable: true,
  });
});
