import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import {
  checkBindAddress,
  defaultAdvertise,
  isDirectedBroadcast,
  isWildcard,
} from "../../platform/node/addresses.js";

function entry(address: string, family: "IPv4" | "IPv6", internal = false): NetworkInterfaceInfo {
  const common = { address, netmask: "", mac: "", internal, cidr: null };
  return family === "IPv4" ? { ...common, family } : { ...common, family, scopeid: 0 };
}

const LOOP = [entry("127.0.0.1", "IPv4", true), entry("::1", "IPv6", true)];
const OUTER = [entry("fe80::1", "IPv6"), entry("2001:db8::5", "IPv6"), entry("192.168.1.10", "IPv4")];

test("advertises-the-address-it-is-bound-to", () => {
  expect(defaultAdvertise("10.0.0.1", { lo: LOOP, eth0: OUTER })).toBe("10.0.0.1");
});

test("advertises-the-first-outer-ipv4-address-when-all-are-bound", () => {
  expect(defaultAdvertise(undefined, { lo: LOOP, eth0: OUTER })).toBe("192.168.1.10");
  expect(defaultAdvertise("0.0.0.0", { lo: LOOP, eth0: OUTER })).toBe("192.168.1.10");
  expect(defaultAdvertise("::", { lo: LOOP, eth0: OUTER })).toBe("192.168.1.10");
});

test("advertises-an-outer-ipv6-address-that-is-not-link-local-when-there-is-no-ipv4", () => {
  const interfaces = { lo: LOOP, eth0: OUTER.slice(0, 2) };
  expect(defaultAdvertise("::", interfaces)).toBe("2001:db8::5");
  expect(defaultAdvertise("0.0.0.0", interfaces)).toBe("127.0.0.1");
});

test("advertises-the-loop-when-there-is-nothing-else", () => {
  expect(defaultAdvertise("0.0.0.0", { lo: LOOP })).toBe("127.0.0.1");
  expect(defaultAdvertise("::", { lo: LOOP, eth0: OUTER.slice(0, 1) })).toBe("::1");
});

test("knows-the-addresses-that-stand-for-all", () => {
  expect(["0.0.0.0", "::", "::0", "0:0:0:0:0:0:0:0"].map(isWildcard)).toEqual([true, true, true, true]);
  expect(["10.0.0.0", "::1", "0.0.0.1", "fe80::"].map(isWildcard)).toEqual([false, false, false, false]);
});

test("refuses-to-bind-what-is-no-ip-address", () => {
  expect(() => checkBindAddress("localhost")).toThrow(/address must be an IP address.*localhost/);
  expect(() => checkBindAddress("[::1]")).toThrow(TypeError);
  expect(() => checkBindAddress(7 as unknown as string)).toThrow(TypeError);
  expect(checkBindAddress(undefined)).toBe("0.0.0.0");
  expect(checkBindAddress("::1")).toBe("::1");
});

test("knows-the-broadcast-addresses-of-its-networks", () => {
  const at = (address: string, netmask: string): NetworkInterfaceInfo => ({
    ...entry(address, "IPv4"),
    netmask,
  });
  const interfaces = {
    lo: [{ ...LOOP[0], netmask: "255.0.0.0" }, LOOP[1]],
    eth0: [
      at("192.168.1.10", "255.255.255.0"),
      at("10.1.2.3", "255.255.252.0"),
      at("172.16.0.0", "255.255.255.254"),
    ],
    tun0: [at("10.9.9.9", "255.255.255.255")],
  };
  const is = (address: string): boolean => isDirectedBroadcast(address, interfaces);
  expect(["192.168.1.255", "10.1.3.255", "127.255.255.255", "::ffff:192.168.1.255"].map(is)).not.toContain(
    false,
  );
  const hosts = [
    "192.168.1.254",
    "192.168.2.255",
    "10.1.2.255",
    "172.16.0.1",
    "10.9.9.9",
    "::1",
    "ff02::1",
    "x",
  ];
  expect(hosts.map(is)).not.toContain(true);
});
