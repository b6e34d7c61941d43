// The methods of a `Swim` that a program calls: which are refused at the wrong moment, and what is said.
import { describe, expect, test } from "vitest";
import { lan, Metric, type Renewable, type Swim } from "../../core/index.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { encode, peer } from "../support/wire.js";

/** A node that calls a method of its own when somebody becomes a member. */
class Eager extends Solo {
  call: ((swim: Swim<Renewable>) => unknown) | undefined;
  thrown: unknown;

  constructor(options?: SoloOptions) {
    super(options);
  }

  override memberUp(identity: Renewable): void {
    super.memberUp(identity);
    try {
      this.call?.(this.swim);
    } catch (error) {
      this.thrown = error;
    }
  }
}

const CALLS: [string, (swim: Swim<Renewable>) => unknown][] = [
  ["announce", (swim) => swim.announce(peer("3.1"))],
  ["networkChanged", (swim) => swim.networkChanged()],
  ["gossip", (swim) => swim.gossip()],
  ["broadcast", (swim) => swim.broadcast()],
  ["leaveCluster", (swim) => swim.leaveCluster()],
  ["nap", (swim) => swim.nap(5000)],
  ["wake", (swim) => swim.wake()],
  ["addBroadcast", (swim) => swim.addBroadcast(Uint8Array.of(1))],
  ["handleData", (swim) => swim.handleData(new Uint8Array(9))],
  ["handleTimer", (swim) => swim.handleTimer()],
  ["changeIdentity", (swim) => swim.changeIdentity(peer("1.9"))],
  ["reuseDownIdentity", (swim) => swim.reuseDownIdentity()],
  ["forEachMember", (swim) => swim.forEachMember(() => true)],
  ["forEachHeard", (swim) => swim.forEachHeard(() => true)],
  ["setConfig", (swim) => swim.setConfig(swim.config)],
  ["ping", (swim) => swim.ping(peer("3.1"), 7)],
  ["applyMany", (swim) => swim.applyMany([], true)],
];

describe("from inside a notification", () => {
  test.each(CALLS)("is-refused-and-changes-nothing: %s", (name, call) => {
    const solo = new Eager();
    const twin = new Solo();
    solo.call = call;
    for (const one of [solo, twin]) one.hear("Gossip", "2.1", { updates: ["Alive 4.1@0"] });
    expect(solo.thrown).toMatchObject({
      name: "SwimError",
      code: "Busy",
      message: name + ": called from inside a runtime method or handler; call it afterwards",
    });
    expect([solo.state, solo.take(), solo.wakeAtMs]).toEqual([twin.state, twin.take(), twin.wakeAtMs]);
    // Afterwards it is not busy any more.
    expect(() => solo.swim.gossip()).not.toThrow();
  });
});

describe("at the wrong moment", () => {
  test("a-node-that-is-there-neither-wakes-nor-comes-back-nor-becomes-what-it-is", () => {
    const { swim } = new Solo();
    expect(() => swim.wake()).toThrow("wake: this node does not sleep, or its identity cannot be renewed");
    expect(() => swim.reuseDownIdentity()).toThrow("reuseDownIdentity: this node is not defunct");
    expect(() => swim.changeIdentity(peer("1.1"))).toThrow(
      "changeIdentity: the node has this identity already",
    );
  });

  test("a-node-that-left-takes-no-nap", () => {
    const { swim } = new Solo();
    swim.leaveCluster();
    expect(() => swim.nap(5000)).toThrow("nap: this node is defunct");
  });
});

describe("a datagram", () => {
  const bytes = (): Uint8Array => encode(new Solo().datagram("Ping", "2.1", { n: 7 }), "bincode");

  test("may-stand-anywhere-in-a-buffer-and-its-bytes-alone-are-counted", () => {
    const datagram = bytes();
    for (const [before, behind] of [
      [0, 0],
      [0, 3],
      [5, 0],
      [5, 3],
    ]) {
      const solo = new Solo();
      const within = new Uint8Array(before + datagram.length + behind).fill(0xff);
      within.set(datagram, before);
      expect(solo.swim.handleData(within, before, before + datagram.length)).toBe(0);
      expect(solo.swim.metrics[Metric.BytesReceived]).toBe(datagram.length);
    }
  });

  test("may-be-empty-and-then-is-none", () => {
    const { swim } = new Solo();
    for (const at of [0, 4, 9]) expect(swim.handleData(new Uint8Array(9), at, at)).not.toBe(0);
    expect(swim.metrics[Metric.BytesReceived]).toBe(0);
  });

  test.each([
    [-1, 3],
    [3, 2],
    [0, 10],
    [0.5, 3],
    [0, 3.5],
    ["0", 3],
    [0, NaN],
  ])("outside-of-its-buffer-is-refused: %s to %s", (start, end) => {
    const { swim } = new Solo();
    expect(() => swim.handleData(new Uint8Array(9), start as number, end)).toThrow(
      new RangeError("handleData: start and end must be within 9, got " + start + " and " + end),
    );
  });

  test("is-bytes", () => {
    expect(() => new Solo().swim.handleData([1, 2] as never)).toThrow(
      new TypeError("handleData: expected a Uint8Array"),
    );
  });
});

test("the-next-wake-up-is-asked-for-once", () => {
  const solo = new Solo({ knows: ["Alive 2.1@0"] });
  const { numWakes } = solo;
  for (let i = 0; i < 5; i++) {
    solo.swim.gossip();
    solo.hear("Gossip", "2.1");
  }
  expect(solo.numWakes).toBe(numWakes);
});

describe("a ping beside the probes", () => {
  test("has-a-number-that-no-running-probe-has-and-128-at-once-have-another-each", () => {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: lan(10) });
    for (let round = 0; round < 300; round++) {
      solo.pass(solo.wakeAtMs - solo.nowMs);
      const numbers = Array.from({ length: 128 }, (_, nth) => solo.swim.pingNumber(nth));
      expect(new Set(numbers).size).toBe(128);
      const { number } = (solo.swim as unknown as { protocol: { knowledge: { probe: { number: number } } } })
        .protocol.knowledge.probe;
      expect(numbers).not.toContain(number);
      expect(numbers.every((each) => each >= 0 && each <= 255)).toBe(true);
      if (!solo.swim.isConnected) solo.learn(["Alive " + (3 + round) + ".1@0"], false);
    }
  });

  test("says-which-identity-is-wrong", () => {
    const { swim } = new Solo({ config: { maxIdentityLength: 8 } });
    const bad = { addr: "lamp", bump: 1 };
    const long = peer("3.300");
    expect(() => swim.ping(bad, 1)).toThrow(/^ping: .*lamp/);
    expect(() => swim.ping(peer("2.1"), 1, bad)).toThrow(/^ping: via: .*lamp/);
    for (const [member, via] of [
      [long, peer("2.1")],
      [peer("2.1"), long],
    ])
      expect(() => swim.ping(member, 1, via)).toThrow(RangeError);
    expect(() => swim.ping(peer("3.1"), 1, peer("2.1"))).not.toThrow();
  });
});

describe("members from elsewhere", () => {
  test.each([
    [["Down 1.1@0", "Alive 3.1@0"]],
    [["Alive 3.1@0", "Down 1.1@0"]],
    [["Alive 3.1@0", "Down 1.1@0", "Suspect 4.1@0"]],
  ])("that-hold-this-node-for-dead-make-it-come-back-wherever-that-stands: %j", (members) => {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.learn(members, true);
    expect([solo.identity, solo.takeEvents().filter((event) => event.startsWith("rejoin"))]).toEqual([
      "1.2",
      ["rejoin 1.2"],
    ]);
  });

  test("that-suspect-it-are-refuted-once", () => {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.learn(["Suspect 1.1@0", "Alive 3.1@0"], true);
    expect([solo.identity, solo.swim.metrics[Metric.Refutations]]).toEqual(["1.1", 1]);
  });
});
