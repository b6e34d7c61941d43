// What can be seen of the traffic, links that are reset, and what is said when a condition never holds.
import { describe, expect, test } from "vitest";
import {
  FakeNetwork,
  identity,
  struct,
  u16,
  u8,
  type DatagramEvent,
  type Host,
} from "../../platform/fake/index.js";

const [A, B, C] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const PORT = 7946;

/** Three hosts, of which all listen at port 7. */
function three(options = {}): { network: FakeNetwork; a: Host; b: Host; c: Host; send: Send } {
  const network = new FakeNetwork({ latencyMs: 10, ...options });
  const [a, b, c] = [A, B, C].map((address) => network.host(address));
  for (const host of [a, b, c]) host.bind(7, () => undefined);
  const send: Send = (from, to, count = 1, port = 7) => {
    for (let i = 0; i < count; i++) from.send(7, to, port, Uint8Array.of(1, 2, 3), 0, 3);
  };
  return { network, a, b, c, send };
}

type Send = (from: Host, to: string, count?: number, port?: number) => void;

describe("onDatagram", () => {
  test("tells-of-a-datagram-when-it-arrives-before-its-receiver", () => {
    const { network, a, b } = three();
    const told: unknown[] = [];
    b.bind(8, () => told.push("received"));
    network.onDatagram = (event) => told.push(event);
    network.advance(5);
    a.send(7, B, 8, Uint8Array.of(9, 1, 2, 9), 1, 3);
    network.advance(9);
    expect(told).toEqual([]);
    network.advance(1);
    const event: DatagramEvent = {
      from: "10.0.0.1:7",
      to: "10.0.0.2:8",
      bytes: Uint8Array.of(1, 2),
      sentMs: 5,
      nowMs: 15,
      fate: "delivered",
      isDuplicate: false,
      isCorrupted: false,
    };
    expect(told).toEqual([event, "received"]);
  });

  test("tells-why-one-was-lost", () => {
    const { network, a, b, c, send } = three();
    const told: string[] = [];
    network.onDatagram = ({ to, nowMs, fate }) => told.push(to + " " + fate + " " + nowMs);
    const heal = network.partition([a], [b]);
    send(a, B);
    heal();
    network.setLink(a, b, { loss: 1 });
    send(a, B);
    network.resetLink(a, b);
    send(a, "10.0.0.9");
    send(a, B, 1, 8);
    b.sleep(20);
    send(a, B);
    c.changeAddress("10.0.0.8");
    send(a, "10.0.0.8");
    c.changeAddress(C);
    network.advance(30);
    expect(told.splice(0)).toEqual([
      "10.0.0.2:7 partition 0",
      "10.0.0.2:7 loss 0",
      "10.0.0.9:7 nobody 0",
      "10.0.0.2:8 nobody 10",
      "10.0.0.2:7 asleep 10",
      "10.0.0.8:7 nobody 10",
    ]);
    b.stall(1000);
    send(a, B, 258);
    network.advance(100);
    expect(told.slice(255)).toEqual([
      "10.0.0.2:7 delivered 40",
      "10.0.0.2:7 overflow 40",
      "10.0.0.2:7 overflow 40",
    ]);
  });

  test("tells-of-copies-and-of-inverted-bits", () => {
    const { network, a, send } = three({ duplication: 1, corruption: 0.5, jitterMs: 5 });
    const told: DatagramEvent[] = [];
    network.onDatagram = (event) => told.push(event);
    send(a, B, 50);
    network.advance(100);
    expect(told.filter(({ isDuplicate }) => isDuplicate).length).toBe(50);
    for (const { bytes, isCorrupted } of told) {
      // An even number of inversions may meet at one bit.
      if (!isCorrupted) expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
    }
    const changed = told.filter(({ bytes }) => bytes.join() !== "1,2,3");
    expect(changed.length).toBeGreaterThan(20);
    expect(changed.every(({ isCorrupted }) => isCorrupted)).toBe(true);
  });

  test("gets-bytes-of-its-own", () => {
    const { network, a, b, send } = three();
    const seen: Uint8Array[] = [];
    b.unbind(7);
    b.bind(7, (bytes) => {
      expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
      bytes.fill(7);
    });
    network.onDatagram = ({ bytes }) => seen.push(bytes);
    send(a, B);
    network.advance(10);
    expect(seen).toEqual([Uint8Array.of(1, 2, 3)]);
    network.onDatagram = ({ bytes }) => void bytes.fill(0);
    send(a, B);
    network.advance(10);
  });

  test("is-taken-away-by-undefined-and-refuses-what-is-no-function", () => {
    const { network, a, send } = three();
    let calls = 0;
    network.onDatagram = () => calls++;
    expect(() => (network.onDatagram = "log" as unknown as undefined)).toThrow(
      'FakeNetwork.onDatagram must be a function; got "log"',
    );
    send(a, B);
    network.advance(10);
    network.onDatagram = undefined;
    send(a, B);
    network.advance(10);
    expect(calls).toBe(1);
  });
});

describe("traffic", () => {
  test("is-counted-by-link-by-sender-and-by-receiver", () => {
    const { network, a, b, c, send } = three();
    network.countTraffic();
    send(a, B, 4);
    send(a, C, 2);
    send(b, A, 1);
    send(c, B, 3);
    network.setLink(a, b, { loss: 1 });
    send(a, B, 5);
    const before = network.traffic(a, b);
    network.advance(10);
    expect(before.delivered).toBe(0);
    expect(network.traffic(a, B)).toEqual({
      datagrams: 9,
      bytes: 27,
      delivered: 4,
      lost: 5,
      lostBy: { loss: 5, partition: 0, nobody: 0, asleep: 0, overflow: 0 },
      duplicated: 0,
      corrupted: 0,
    });
    const datagrams = (from?: string, to?: string): number => network.traffic(from, to).datagrams;
    expect([datagrams(A), datagrams(undefined, B), datagrams(), datagrams(B, C)]).toEqual([11, 12, 15, 0]);
  });

  test("of-what-goes-wrong-is-counted-by-reason", () => {
    const { network, a, b, send } = three({ duplication: 1 });
    network.countTraffic();
    send(a, "10.0.0.9");
    network.partition([a], [b]);
    send(a, B);
    send(a, C);
    network.faults.corruption = 1;
    send(a, C, 1, 8);
    network.advance(10);
    expect(network.traffic(a)).toMatchObject({
      datagrams: 4,
      delivered: 2,
      lost: 4,
      lostBy: { loss: 0, partition: 1, nobody: 3, asleep: 0, overflow: 0 },
      duplicated: 2,
      corrupted: 2,
    });
  });

  test("is-that-of-a-host-and-not-of-its-address", () => {
    const { network, a, b, send } = three();
    network.countTraffic();
    send(a, B);
    b.changeAddress("10.0.0.8");
    send(a, "10.0.0.8");
    expect(network.traffic(a, b).datagrams).toBe(2);
  });

  test("is-zero-again-when-counting-begins-again", () => {
    const { network, a, b, send } = three();
    network.countTraffic();
    send(a, B);
    network.countTraffic();
    expect([network.traffic().datagrams, network.counts.sent]).toEqual([0, 1]);
    network.advance(10); // what was on its way arrives
    expect(network.traffic(a, b).delivered).toBe(1);
  });

  test("is-refused-of-strangers-and-before-anything-was-counted", () => {
    const { network } = three();
    expect(() => network.traffic(A, B)).toThrow("traffic: nothing was counted; call network.countTraffic()");
    network.countTraffic();
    expect(() => network.traffic("10.0.0.9")).toThrow("traffic: there is no host 10.0.0.9");
    expect(() => network.traffic(A, 5 as unknown as string)).toThrow("traffic: to must be a host of this");
  });

  test("does-not-change-the-run", () => {
    const run = (isWatched: boolean): string => {
      const network = new FakeNetwork({
        seed: 6,
        jitterMs: 30,
        loss: 0.1,
        duplication: 0.1,
        corruption: 0.05,
      });
      if (isWatched) network.countTraffic();
      if (isWatched) network.onDatagram = ({ bytes }) => void bytes.fill(0);
      for (const ip of [A, B, C]) new (network.host(ip).SwimNode)({ port: PORT, seeds: [A + ":" + PORT] });
      network.advance(60_000);
      return JSON.stringify(network.counts) + network.describe();
    };
    expect(run(true)).toBe(run(false));
  });
});

describe("a link that is reset", () => {
  test("has-the-faults-of-the-network-again", () => {
    const { network, a, send } = three();
    network.countTraffic();
    network.setLink(A, B, { loss: 1 });
    network.setLink(A, C, { loss: 1 });
    network.setLink(B, C, { loss: 1 });
    network.resetLink(A, B);
    network.resetLink(C, A); // nothing was set there
    send(a, B);
    send(a, C);
    network.advance(10);
    expect([network.traffic(A, B).lost, network.traffic(A, C).lost]).toEqual([0, 1]);
    network.resetLinks();
    send(a, C);
    send(network.host(B), C);
    network.advance(10);
    expect([network.traffic(A, C).delivered, network.traffic(B, C).delivered]).toEqual([1, 1]);
    expect(() => network.resetLink(A, "10.0.0.9")).toThrow("resetLink: there is no host 10.0.0.9");
    expect(() => network.resetLink("lamp", A)).toThrow("resetLink: from must be a host of this network");
  });
});

describe("describe", () => {
  test("says-of-each-host-what-it-does-and-whom-its-nodes-know", () => {
    const network = new FakeNetwork({ seed: 3, loss: 0.01 });
    const start = (host: Host) => new host.SwimNode({ port: PORT, seeds: [A + ":" + PORT] });
    const hosts = [1, 2, 3, 4, 5].map((last) => network.host("10.0.0." + last));
    const nodes = hosts.map(start);
    network.runUntil(() => nodes.every((node) => node.members().length === 4), 30_000);
    nodes[3].nap(3_600_000);
    network.advance(1000);
    hosts[1].crash();
    network.runUntil(() => nodes[0].members().length === 3);
    hosts[2].sleep(2500);
    hosts[4].driftPpm = 40;
    nodes[4].leave();
    network.host("10.0.0.6").run(() => undefined);
    network.host("10.0.0.6").reboot({ offMs: 5000 });
    network.host("10.0.0.7").run(start);
    network.host("10.0.0.7").crash();
    network.host("10.0.0.8").stall(100);
    network.partition([hosts[0]], [hosts[1]]);
    network.partition([hosts[0]], [hosts[2]], true);
    const { nowMs } = network;
    const shown = (ms: number): string => String(Math.round(ms * 10) / 10);
    expect(network.describe().split("\n")).toEqual([
      `at ${shown(nowMs)} ms of virtual time; faults: loss 0.01`,
      "10.0.0.1 runs; cut off from 10.0.0.2; cannot reach 10.0.0.3",
      expect.stringMatching(
        /^ {2}node 10\.0\.0\.1:7946 \(bump 1\): Alive 10\.0\.0\.3:7946, 10\.0\.0\.5:7946; Asleep 10\.0\.0\.4:7946; Down 10\.0\.0\.2:7946$/,
      ),
      "10.0.0.2 runs no node; cut off from 10.0.0.1",
      `10.0.0.3 sleeps until ${shown(nowMs + 2500)} ms; cannot hear 10.0.0.1`,
      expect.stringContaining("  node 10.0.0.3:7946 (bump 1): Alive 10.0.0.1:7946"),
      "10.0.0.4 runs",
      expect.stringContaining("  node 10.0.0.4:7946 (bump 1) naps: "),
      "10.0.0.5 runs; its clock drifts by 40 ppm",
      expect.stringContaining("  node 10.0.0.5:7946 (bump 1) has left: "),
      `10.0.0.6 is off, and starts at ${shown(nowMs + 5000)} ms`,
      "10.0.0.7 is off",
      `10.0.0.8 stalls until ${shown(nowMs + 100)} ms`,
    ]);
  });

  test("changes-nothing", () => {
    const run = (isDescribed: boolean): number => {
      const network = new FakeNetwork({ seed: 3, loss: 0.1 });
      const nodes = [A, B, C].map(
        (ip) => new (network.host(ip).SwimNode)({ port: PORT, seeds: [A + ":" + PORT] }),
      );
      return network.runUntil(() => {
        if (isDescribed) network.describe();
        return network.nowMs > 20_000 && nodes.every((node) => node.members().length === 2);
      });
    };
    expect(run(true)).toBe(run(false));
  });

  test("shows-identities-of-every-type-and-shortens-long-lists", () => {
    const tiny = identity({
      schema: struct({ host: u8, life: u16 }),
      address: "host",
      winsAddrConflict: (id, adversary) => id.life > adversary.life,
      endpoint: (id) => "10.0.0." + id.host + ":7946",
    });
    const network = new FakeNetwork();
    const make = (host: number, seeds: { host: number; life: number }[]) =>
      new (network.host("10.0.0." + host).SwimNode)({
        port: PORT,
        identityType: tiny,
        identity: { host, life: 1 },
        seeds,
      });
    for (let host = 1; host <= 20; host++) make(host, host === 1 ? [] : [{ host: 1, life: 0 }]);
    network.advance(20_000);
    const line = network.describe().split("\n")[2];
    expect(line).toMatch(/^ {2}node \{"host":1,"life":1\}: Alive \{"host":10,"life":1\}, .* and 7 more$/);
  });

  test("is-the-end-of-the-message-of-runUntil", () => {
    const network = new FakeNetwork();
    new (network.host(A).SwimNode)({ port: PORT, seeds: [B + ":" + PORT] });
    const text = "at 1000 ms of virtual time\n10.0.0.1 runs\n  node 10.0.0.1:7946 (bump 1): knows nobody";
    let message = "";
    try {
      network.runUntil(() => network.nowMs > 1000, 1000);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.replace(/at [\d.]+ ms/, "at 1000 ms")).toBe(
      "runUntil: the condition does not hold after 1000 virtual milliseconds\n" + text,
    );
    expect(() => new FakeNetwork().runUntil(() => false)).toThrow(/never hold.*\nat 0 ms of virtual time$/s);
  });
});
