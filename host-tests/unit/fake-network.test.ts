// The fake network: its faults, its links, its partitions, and what it refuses by name.
import { describe, expect, test } from "vitest";
import {
  FakeNetwork,
  type FakeNetworkOptions,
  type Host,
  type LinkFaults,
} from "../../platform/fake/index.js";

const [A, B, C] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

/** What goes through from one host to another of so many datagrams, and when the last came. */
function send(network: FakeNetwork, from: string, to: string, count = 1): { came: number; afterMs: number } {
  let came = 0;
  const startMs = network.nowMs;
  let lastMs = startMs;
  const receiver = network.host(to);
  receiver.bind(7, () => {
    came++;
    lastMs = network.nowMs;
  });
  for (let i = 0; i < count; i++) network.host(from).send(7, to, 7, Uint8Array.of(1, 2, 3), 0, 3);
  network.advance(5000);
  receiver.unbind(7);
  return { came, afterMs: lastMs - startMs };
}

function network(options: FakeNetworkOptions = {}): FakeNetwork {
  const made = new FakeNetwork(options);
  for (const address of [A, B, C]) made.host(address);
  return made;
}

type Bad = [given: Record<string, unknown>, type: typeof TypeError | typeof RangeError, message: string];

/** Faults that are refused wherever faults are given. */
const badFaults: Bad[] = [
  [{ latency: 5 }, TypeError, "latency; did you mean latencyMs?"],
  [{ reorder: 0.1 }, TypeError, "reorder; did you mean reorderMs?"],
  [{ Loss: 0.1 }, TypeError, "Loss; did you mean loss?"],
  [{ corrupt: 0.1 }, TypeError, "corrupt; did you mean corruption?"],
  [{ loss: 10 }, RangeError, "loss must be a number from 0 to 1, such as 0.1; got 10"],
  [{ loss: -0.1 }, RangeError, "loss must be a number from 0 to 1, such as 0.1; got -0.1"],
  [{ loss: "0.1" }, TypeError, 'loss must be a number from 0 to 1, such as 0.1; got "0.1"'],
  [{ duplication: Number.NaN }, RangeError, "duplication must be a number from 0 to 1, such as 0.1; got NaN"],
  [{ latencyMs: -1 }, RangeError, "latencyMs must be a number of milliseconds, 0 or more; got -1"],
  [{ jitterMs: Number.NaN }, RangeError, "jitterMs must be a number of milliseconds, 0 or more; got NaN"],
  [
    { reorderMs: Infinity },
    RangeError,
    "reorderMs must be a number of milliseconds, 0 or more; got Infinity",
  ],
  [{ jitterMs: null }, TypeError, "jitterMs must be a number of milliseconds, 0 or more; got null"],
];

describe("the options", () => {
  test.each(badFaults)("refuse: %o", (given, type, message) => {
    const make = (): FakeNetwork => new FakeNetwork(given as FakeNetworkOptions);
    expect(make).toThrow(type);
    expect(make).toThrow("FakeNetwork: ");
    expect(make).toThrow(message);
  });

  test.each<Bad>([
    [{ seeds: 7 }, TypeError, "FakeNetwork: unknown name seeds; did you mean seed?"],
    [{ colour: 7 }, TypeError, "FakeNetwork: unknown name colour; known are seed, latencyMs, jitterMs, loss"],
    [{ seed: "7" }, TypeError, 'FakeNetwork: seed must be a whole number; got "7"'],
    [{ seed: 0.5 }, RangeError, "FakeNetwork: seed must be a whole number; got 0.5"],
    [{ seed: Number.NaN }, RangeError, "FakeNetwork: seed must be a whole number; got NaN"],
  ])("refuse: %o", (given, type, message) => {
    const make = (): FakeNetwork => new FakeNetwork(given as FakeNetworkOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });

  test.each([7, null, "seed"])("are-an-object-not: %o", (given) => {
    expect(() => new FakeNetwork(given as FakeNetworkOptions)).toThrow(
      "FakeNetwork: expected an object such as { seed: 7, loss: 0.1 }",
    );
  });

  test("may-be-undefined-one-by-one", () => {
    const made = new FakeNetwork({ seed: undefined, loss: undefined } as unknown as FakeNetworkOptions);
    expect(made.faults.loss).toBe(0);
  });
});

describe("the faults of everywhere", () => {
  test.each(badFaults)("refuse: %o", (given, type, message) => {
    const made = network();
    const before = { ...made.faults };
    const change = (): unknown => Object.assign(made.faults, given);
    expect(change).toThrow(type);
    expect(change).toThrow("FakeNetwork.faults: ");
    expect(change).toThrow(message);
    expect(made.faults).toEqual(before);
  });

  test("may-be-changed-while-the-network-runs", () => {
    const made = network();
    expect(send(made, A, B)).toEqual({ came: 1, afterMs: 1 });
    made.faults.latencyMs = 250;
    expect(send(made, A, B)).toEqual({ came: 1, afterMs: 250 });
    made.faults.loss = 1;
    expect(send(made, A, B, 100).came).toBe(0);
  });

  test("cannot-be-replaced-or-taken-away", () => {
    const made = network() as { faults: Partial<LinkFaults> };
    expect(() => (made.faults = { loss: 1 })).toThrow(TypeError);
    expect(() => delete made.faults.loss).toThrow(TypeError);
    expect(made.faults.loss).toBe(0);
  });

  test("can-be-copied-and-printed", () => {
    const { faults } = network({ loss: 0.25 });
    expect(Object.keys(faults)).toContain("latencyMs");
    expect(JSON.parse(JSON.stringify({ ...faults, loss: 0.5 }))).toMatchObject({ latencyMs: 1, loss: 0.5 });
  });
});

describe("a link", () => {
  test.each(badFaults)("refuses: %o", (given, type, message) => {
    const made = network();
    const set = (): void => made.setLink(made.host(A), made.host(B), given);
    expect(set).toThrow(type);
    expect(set).toThrow("setLink: ");
    expect(set).toThrow(message);
    expect(send(made, A, B)).toEqual({ came: 1, afterMs: 1 });
  });

  test("has-faults-of-its-own-in-one-direction", () => {
    const made = network();
    made.setLink(made.host(A), made.host(B), { loss: 1 });
    expect(send(made, A, B, 50).came).toBe(0);
    expect(send(made, B, A, 50).came).toBe(50);
    expect(send(made, A, C, 50).came).toBe(50);
  });

  test("follows-later-changes-of-what-it-leaves-out", () => {
    const made = network();
    made.setLink(made.host(A), made.host(B), { latencyMs: 100 });
    made.faults.latencyMs = 7;
    expect(send(made, A, B)).toEqual({ came: 1, afterMs: 100 });
    made.faults.loss = 1;
    expect(send(made, A, B, 50).came).toBe(0);
    made.faults.loss = 0;
    expect(send(made, A, B, 50).came).toBe(50);
  });

  test("does-not-follow-the-object-that-it-was-given", () => {
    const made = network();
    const given = { latencyMs: 100 };
    made.setLink(made.host(A), made.host(B), given);
    given.latencyMs = 3;
    expect(send(made, A, B).afterMs).toBe(100);
  });

  test("is-as-everywhere-again-when-nothing-is-set", () => {
    const made = network();
    made.setLink(A, B, { loss: 1 });
    made.setLink(A, B, {});
    expect(send(made, A, B, 50).came).toBe(50);
  });

  test("takes-addresses-in-the-place-of-hosts", () => {
    const made = network();
    made.setLink(A, made.host(B), { loss: 1 });
    expect(send(made, A, B, 50).came).toBe(0);
  });

  test("needs-two-hosts-and-faults", () => {
    const made = network();
    const set = made.setLink.bind(made) as (...given: unknown[]) => void;
    expect(() => set("10.0.0.1>10.0.0.2", { loss: 1 })).toThrow(
      "setLink: from must be a host of this network",
    );
    expect(() => set(A)).toThrow("setLink: to must be a host of this network");
    expect(() => set(A, B)).toThrow("setLink: expected an object such as { loss: 0.1 }");
    expect(() => set(A, "10.0.0.77", {})).toThrow("setLink: there is no host 10.0.0.77");
    expect(() => set(A, new FakeNetwork().host(B), {})).toThrow("setLink: to is a host of another network");
  });
});

describe("a partition", () => {
  test("takes-addresses-in-the-place-of-hosts", () => {
    const made = network();
    const heal = made.partition([A], [made.host(B)]);
    expect(send(made, A, B).came + send(made, B, A).came).toBe(0);
    expect(send(made, A, C).came).toBe(1);
    heal();
    expect(send(made, A, B).came + send(made, B, A).came).toBe(2);
  });

  test("one-way-lets-the-other-way-pass", () => {
    const made = network();
    made.partition([A], [B, C], true);
    expect([send(made, A, B).came, send(made, A, C).came, send(made, B, A).came]).toEqual([0, 0, 1]);
  });

  test("refuses-what-are-no-two-groups-of-hosts", () => {
    const made = network();
    const cut = made.partition.bind(made) as (...given: unknown[]) => () => void;
    expect(() => cut([A])).toThrow("partition: to must be an array of hosts or addresses");
    expect(() => cut(A, B)).toThrow("partition: from must be an array of hosts or addresses");
    expect(() => cut(made.host(A), [B])).toThrow("partition: from must be an array of hosts or addresses");
    expect(() => cut([A], [7])).toThrow("partition: to[0] must be a host of this network");
    expect(() => cut([A], [B, "10.0.0.77"])).toThrow(
      'partition: there is no host 10.0.0.77; make it first: network.host("10.0.0.77")',
    );
    expect(() => cut([A], [B], "oneWay")).toThrow("partition: oneWay must be true or false");
    expect(send(made, A, B).came).toBe(1);
  });
});

describe("a host's address", () => {
  test.each([
    ["nonsense", TypeError],
    ["", TypeError],
    ["10.0.0.256", TypeError],
    [" 10.0.0.1", TypeError],
    ["[::1]", TypeError],
    [10, TypeError],
    [undefined, TypeError],
    ["0.0.0.0", RangeError],
    ["::", RangeError],
    ["224.0.0.1", RangeError],
    ["255.255.255.255", RangeError],
    ["ff02::1", RangeError],
  ])("is-not: %o", (address, type) => {
    const made = new FakeNetwork();
    const host = (): Host => made.host(address as string);
    expect(host).toThrow(type);
    expect(host).toThrow("host: expected the IP address of one machine, such as 10.0.0.1 or fd00::1");
  });

  test("has-no-port", () => {
    expect(() => new FakeNetwork().host("10.0.0.1:7946")).toThrow("without a port");
  });

  test("is-the-same-however-it-is-written", () => {
    const made = new FakeNetwork();
    expect(made.host("FD00:0::1")).toBe(made.host("fd00::1"));
    expect(made.host("FD00:0::1").address).toBe("fd00::1");
    expect(made.host("::ffff:1.2.3.4")).toBe(made.host("::ffff:102:304"));
  });
});
