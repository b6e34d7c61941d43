// What a node on the fake network is told, and what it must not be told.
import { expect, test } from "vitest";
import { FakeNetwork, identity, struct, u16, u8, type SwimNodeOptions } from "../../platform/fake/index.js";
import { BAD_ADDRESSES, BAD_OPTIONS } from "../support/bad-options.js";
import { MemoryStore } from "../support/memory-store.js";

test.each(BAD_OPTIONS)("a node on the fake network refuses $mistake", ({ options, says }) => {
  const host = new FakeNetwork().host("10.0.0.1");
  expect(() => new host.SwimNode({ port: 7946, ...options() } as SwimNodeOptions)).toThrow(says);
  // The port is still free, and nothing is planned.
  expect(host.network.clock.nextMs).toBe(Infinity);
  new host.SwimNode({ port: 7946 });
});

test.each(BAD_ADDRESSES)("changeAddress refuses %s and changes nothing", (address) => {
  const node = new (new FakeNetwork().host("10.0.0.1").SwimNode)({ port: 7946 });
  expect(() => node.changeAddress(address as string)).toThrow(/^changeAddress: /);
  expect(node.identity).toEqual({ addr: "10.0.0.1:7946", bump: 1 });
});

test("a node on the fake network begins each life with a larger number than the store kept", () => {
  const host = new FakeNetwork().host("10.0.0.1");
  const store = new MemoryStore();
  store.set("xswim", "bump", "41");
  const lives = [1, 2, 3].map(() => {
    const { identity } = new host.SwimNode({ port: 7946, store });
    host.crash();
    return identity.bump;
  });
  expect([lives, store.bump]).toEqual([[43, 44, 45], "45"]);
});

test("without a store the number of a life is how often the host was started", () => {
  const host = new FakeNetwork().host("10.0.0.1");
  const first = new host.SwimNode({ port: 7946 }).identity.bump;
  host.crash();
  expect([first, new host.SwimNode({ port: 7946 }).identity.bump]).toEqual([1, 2]);
});

test("a node on the fake network takes an identity of another type, and publishes under its address", () => {
  const tiny = identity({
    schema: struct({ host: u8, life: u16 }),
    address: "host",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
    endpoint: (id) => "10.0.0." + id.host + ":7946",
  });
  const network = new FakeNetwork();
  const heard: number[] = [];
  const start = (host: number, seeds: { host: number; life: number }[]) =>
    new (network.host("10.0.0." + host).SwimNode)({
      port: 7946,
      identityType: tiny,
      identity: { host, life: 1 },
      seeds,
      onBroadcast: (_bytes, from) => heard.push(from),
    });
  const one = start(1, []);
  const two = start(2, [{ host: 1, life: 0 }]);
  network.runUntil(() => one.members().length === 1 && two.members().length === 1, 10_000);
  two.broadcast(Uint8Array.of(9));
  network.runUntil(() => heard.length > 0, 10_000);
  expect([one.members()[0].identity, heard]).toEqual([{ host: 2, life: 1 }, [2]]);
});
