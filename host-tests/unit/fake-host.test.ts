// Machines of the fake network: sleep, crashes, and a change of address.
import { describe, expect, test } from "vitest";
import { FakeNetwork, type Host, type SwimNodeInstance } from "../../platform/fake/index.js";

const PORT = 7946;
const [A, B, C] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

type Node = SwimNodeInstance;

function start(host: Host): Node {
  return new host.SwimNode({ port: PORT, seeds: [A + ":" + PORT] });
}

function knows(node: Node, address: string): boolean {
  return node.members().some(({ identity }) => identity.addr === address + ":" + PORT);
}

/** Three nodes that know each other. */
function joined(): { network: FakeNetwork; hosts: Host[]; nodes: Node[] } {
  const network = new FakeNetwork({ seed: 3 });
  const hosts = [A, B, C].map((address) => network.host(address));
  const nodes = hosts.map(start);
  network.runUntil(() => nodes.every((node) => node.members().length === 2), 30_000);
  return { network, hosts, nodes };
}

describe("a host", () => {
  test("that-crashed-asleep-hears-again-once-it-runs", () => {
    const { network, hosts, nodes } = joined();
    hosts[2].sleep(3_600_000);
    hosts[2].crash();
    nodes[2] = start(hosts[2]);
    network.runUntil(() => nodes.every((node) => node.members().length === 2), 60_000);
    expect(nodes[2].identity.bump).toBe(2);
  });

  test("that-sleeps-hears-nothing-until-it-wakes", () => {
    const { network, hosts } = joined();
    let came = 0;
    hosts[1].bind(7, () => came++);
    hosts[1].sleep(1000);
    hosts[0].send(7, B, 7, Uint8Array.of(1), 0, 1);
    network.advance(1000);
    hosts[0].send(7, B, 7, Uint8Array.of(1), 0, 1);
    network.advance(10);
    expect(came).toBe(1);
  });

  test("that-thaws-hears-the-rest-after-a-callback-threw", () => {
    const { network, hosts } = joined();
    const came: number[] = [];
    hosts[1].bind(7, ([number]) => {
      came.push(number);
      if (number === 1) throw new Error("of the user");
    });
    hosts[1].stall(1000);
    for (let i = 1; i <= 3; i++) hosts[0].send(7, B, 7, Uint8Array.of(i), 0, 1);
    expect(() => network.advance(1000)).toThrow("of the user");
    network.advance(0);
    expect(came).toEqual([1, 2, 3]);
  });

  test.each(["stall", "sleep"] as const)("refuses-bad-milliseconds-of: %s", (method) => {
    const { network, hosts } = joined();
    for (const ms of [undefined, "5", Number.NaN, Infinity, -1]) {
      expect(() => hosts[1][method](ms as number)).toThrow(
        "Host." + method + ": ms must be a number of milliseconds, 0 or more; got ",
      );
    }
    network.advance(60_000);
    expect(hosts[1].frozenUntilMs).toBe(0);
  });

  test("refuses-a-bad-port-and-a-listener-that-is-none", () => {
    const host = new FakeNetwork().host(A);
    const bind = host.bind.bind(host) as (...given: unknown[]) => void;
    for (const port of [0, 65_536, 1.5, "7"]) {
      expect(() => bind(port, () => undefined)).toThrow("Host.bind: port must be an integer from 1 to 65535");
    }
    expect(() => bind(7)).toThrow("Host.bind: onDatagram must be a function");
    expect(() => host.makeTimer(5 as unknown as () => void)).toThrow("Host.makeTimer: callback must be a");
  });
});

describe("a change of address", () => {
  test("of-a-node-moves-its-host", () => {
    const { network, hosts, nodes } = joined();
    nodes[2].changeAddress("10.0.0.9");
    expect(hosts[2].address).toBe("10.0.0.9");
    expect(network.host("10.0.0.9")).toBe(hosts[2]);
    const others = [nodes[0], nodes[1]];
    network.runUntil(() => others.every((node) => knows(node, "10.0.0.9") && !knows(node, C)), 60_000);
    network.advance(120_000);
    expect(others.every((node) => knows(node, "10.0.0.9") && node.members().length === 2)).toBe(true);
  });

  test("of-a-host-leaves-it-unreachable-until-its-node-says-so", () => {
    const { network, hosts, nodes } = joined();
    hosts[2].changeAddress("10.0.0.9");
    const others = [nodes[0], nodes[1]];
    network.runUntil(() => others.every((node) => !knows(node, C)), 60_000);
    nodes[2].changeAddress("10.0.0.9");
    network.runUntil(() => others.every((node) => knows(node, "10.0.0.9")), 60_000);
    hosts[2].crash();
    expect(start(hosts[2]).identity).toEqual({ addr: "10.0.0.9:" + PORT, bump: 2 });
  });

  test("leaves-links-and-partitions-to-the-machine", () => {
    const network = new FakeNetwork();
    const [a, b, c] = [A, B, C].map((address) => network.host(address));
    let came = 0;
    for (const host of [b, c]) host.bind(7, () => came++);
    network.setLink(a, b, { loss: 1 });
    network.partition([a], [c]);
    b.changeAddress("10.0.0.8");
    c.changeAddress("10.0.0.9");
    for (const { address } of [b, c]) a.send(7, address, 7, Uint8Array.of(1), 0, 1);
    network.advance(100);
    expect(came).toBe(0);
  });

  test("loses-what-was-on-its-way-to-the-address-before", () => {
    const network = new FakeNetwork({ latencyMs: 10 });
    const [a, b] = [A, B].map((address) => network.host(address));
    let came = 0;
    b.bind(7, () => came++);
    a.send(7, B, 7, Uint8Array.of(1), 0, 1);
    b.changeAddress("10.0.0.8");
    a.send(7, B, 7, Uint8Array.of(1), 0, 1);
    a.send(7, "10.0.0.8", 7, Uint8Array.of(1), 0, 1);
    network.advance(100);
    expect([came, network.counts.lost]).toEqual([1, 2]);
  });

  test("frees-the-address-for-another", () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    host.changeAddress(B);
    expect(network.host(A)).not.toBe(host);
    expect(network.host(B)).toBe(host);
  });

  test("is-refused-before-anything-changes", () => {
    const { network, hosts, nodes } = joined();
    const before = nodes[2].identity;
    expect(() => nodes[2].changeAddress("nonsense")).toThrow("expected the IP address of one machine");
    expect(() => nodes[2].changeAddress(B)).toThrow(
      "changeAddress: 10.0.0.2 is the address of another host; choose another, or move that one first",
    );
    expect(() => hosts[2].changeAddress(B)).toThrow("10.0.0.2 is the address of another host");
    expect(hosts[2].address).toBe(C);
    expect(nodes[2].identity).toEqual(before);
    hosts[2].changeAddress(C);
    expect(network.host(C)).toBe(hosts[2]);
  });

  test("that-the-node-refuses-leaves-its-host-where-it-was", () => {
    const { hosts, nodes } = joined();
    nodes[2].swim.changeIdentity = () => {
      throw new Error("refused");
    };
    expect(() => nodes[2].changeAddress("10.0.0.9")).toThrow("refused");
    expect(hosts[2].address).toBe(C);
  });

  test.each(["leave", "close"] as const)("of-a-node-does-nothing-after: %s", (end) => {
    const { hosts, nodes } = joined();
    nodes[2][end]();
    nodes[2].changeAddress("10.0.0.9");
    nodes[2].networkChanged("10.0.0.9");
    expect([hosts[2].address, nodes[2].identity.addr]).toEqual([C, C + ":" + PORT]);
    expect(() => nodes[2].changeAddress("nonsense")).toThrow("changeAddress: ");
  });

  test("stays-over-a-reboot", () => {
    const { network } = joined();
    const host = network.host("10.0.0.4");
    const device = host.run(start);
    network.advance(1000);
    device.current?.networkChanged("10.0.0.9");
    host.reboot();
    network.advance(1000);
    expect(device.current?.identity).toEqual({ addr: "10.0.0.9:" + PORT, bump: 2 });
  });
});
