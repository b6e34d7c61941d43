// What takes the place of the SDK's modules on Zephyr, which it leaves out there.
import { beforeEach, expect, test } from "vitest";
import { SwimNode } from "../../platform/xs/index.js";
import Net from "../../platform/xs/zephyr/net.js";
import { store } from "../../platform/xs/zephyr/store.js";
import { flash } from "./doubles/key-value.js";
import { modules } from "./doubles/modules.js";
import { resetWorld } from "./doubles/world.js";

beforeEach(() => {
  resetWorld();
  modules.clear();
  flash.values.clear();
  flash.isBroken = false;
});

/** A network interface, as far as it is asked; counts those that are open. */
function networkInterface(address: string | undefined): { isOpen: number; Interface: unknown } {
  const state = {
    isOpen: 0,
    Interface: class {
      readonly address = address;
      readonly MAC = "24:6f:28:00:00:01";
      constructor() {
        state.isOpen++;
      }
      close(): void {
        state.isOpen--;
      }
    },
  };
  return state;
}

const none = class {
  constructor() {
    throw new Error("no wifi");
  }
};

test.each(["wifi", "ethernet"])("the-address-is-that-of-the-interface-in-the-app: %s", (kind) => {
  const network = networkInterface("192.168.1.30");
  modules.set("embedded:network/interface/" + kind, network.Interface);
  expect([Net.get("IP"), Net.get("MAC"), Net.get("SSID")]).toEqual([
    "192.168.1.30",
    "24:6f:28:00:00:01",
    undefined,
  ]);
  expect(network.isOpen).toBe(0);
});

test("the-address-is-that-of-Ethernet-when-Wi-Fi-is-not-there-or-has-none", () => {
  modules.set("embedded:network/interface/ethernet", networkInterface("192.168.1.31").Interface);
  for (const wifi of [none, networkInterface(undefined).Interface]) {
    modules.set("embedded:network/interface/wifi", wifi);
    expect(Net.get("IP")).toBe("192.168.1.31");
  }
});

test("there-is-no-address-without-an-interface", () => {
  expect([Net.get("IP"), Net.get("MAC")]).toEqual([undefined, undefined]);
});

test("the-store-keeps-texts-and-gives-undefined-for-what-is-not-there", () => {
  expect(store.get("xswim", "bump")).toBe(undefined);
  store.set("xswim", "bump", "7");
  expect([store.get("xswim", "bump"), store.get("other", "bump"), flash.open]).toEqual(["7", undefined, 0]);
});

test("the-store-says-when-it-cannot-keep-a-value", () => {
  flash.isBroken = true;
  expect(() => store.set("xswim", "bump", "7")).toThrow("setting error");
  expect(flash.open).toBe(0);
});

test("a-node-keeps-its-bump-in-the-store", () => {
  const [one, two] = [1, 2].map(() => {
    const node = new SwimNode({ port: 7946, advertise: "192.168.1.30", store });
    node.close();
    return Number(node.identity.bump);
  });
  expect(two).toBeGreaterThan(one);
});
