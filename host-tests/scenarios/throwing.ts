// A runtime method, or the handler of broadcasts, that throws: what that costs, and what it must not cost.
import type { Runtime } from "../../core/runtime.js";
import { lan, simple } from "../../core/config.js";
import type { Renewable } from "../../core/identity.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok, throwsWith, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { peer } from "../support/wire.js";

type Methods = Record<string, (...values: unknown[]) => unknown>;

const METHODS: (keyof Runtime<Renewable>)[] = [
  ...(["now", "sendTo", "submitAfter", "memberUp", "memberDown", "rename", "active", "idle"] as const),
  ...(["defunct", "rejoin", "memberRefused", "dataReceived", "dataSent", "probeFailed"] as const),
  ...(["probeAnswered", "memberNap", "memberOverdue"] as const),
];

/** Has a method throw when it is called for the `nth` time from now, before it has done anything. */
function breaks(solo: Solo, name: keyof Runtime<Renewable>, nth = 1): void {
  const methods = solo as unknown as Methods;
  const method = methods[name];
  methods[name] = function (...values) {
    nth--;
    if (nth === 0) throw new Error(name + " broke");
    return method.apply(solo, values);
  };
}

function throwing(name: string, call: () => unknown): void {
  throwsWith({ name: "Error", message: name + " broke" }, call);
}

/** A call, what comes before it, and the node that it is made on. */
interface Situation {
  options?: SoloOptions;
  before?: (solo: Solo) => void;
  call: (solo: Solo) => unknown;
}

const ALL_TOLD = { ...lan(5), removeDownAfterMs: 60_000, maxMembers: 4, initialMembers: 1 };
const THREE = ["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0"];
/** Asleep for 4,096 ms, and overdue after 9,096. */
const ASLEEP = "Down 3.1@61440";

const SITUATIONS: Record<string, Situation> = {
  "a first member": { call: (solo) => solo.hear("Ping", "2.1", { n: 1, updates: ["Alive 3.1@0"] }) },
  "news of all kinds": {
    options: { knows: THREE },
    call: (solo) =>
      solo.hear("Ping", "3.2", {
        n: 1,
        updates: ["Down 2.1@0", "Alive 4.2@0", "Alive 5.1@0", "Alive 6.1@0", "Suspect 1.1@0", "Alive 8.1@0"],
        broadcasts: ["0101"],
      }),
  },
  "the last member's death": {
    options: { knows: ["Alive 2.1@0"] },
    call: (solo) => solo.hear("Gossip", "9.1", { updates: ["Down 2.1@0", "Down 9.1@0"] }),
  },
  "our death": { options: { knows: THREE }, call: (solo) => solo.hear("TurnUndead", "2.1") },
  "an announce": { options: { knows: THREE }, call: (solo) => solo.hear("Announce", "9.1") },
  "a saved state": {
    call: (solo) => solo.learn(["Alive 2.1@0", "Suspect 3.1@3", "Down 1.1@0", "Down 4.1@0"], true),
  },
  "a table full of members that were heard": {
    before: (solo) => {
      for (let host = 2; host < 6; host++) solo.hear("Gossip", host + ".1");
    },
    call: (solo) => solo.hear("Gossip", "2.1", { updates: ["Alive 6.1@0"] }),
  },
  "a probe in vain": {
    options: { knows: ["Alive 2.1@0"] },
    before: (solo) => solo.pass(1000),
    call: (solo) => solo.pass(1500),
  },
  "a probe that is answered": {
    options: { knows: ["Alive 2.1@0"] },
    before: (solo) => solo.pass(1000),
    call: (solo) => solo.hear("Ack", "2.1", { n: 1 }),
  },
  "a member's nap": {
    options: { knows: THREE },
    call: (solo) => solo.hear("Gossip", "2.1", { updates: [ASLEEP] }),
  },
  "a member that is overdue": {
    options: { knows: ["Alive 2.1@0", ASLEEP] },
    call: (solo) => solo.pass(10_000),
  },
  "a nap": { options: { knows: THREE }, call: (solo) => solo.swim.nap(60_000) },
  "a return from a nap": {
    options: { knows: THREE },
    before: (solo) => solo.swim.nap(60_000),
    call: (solo) => solo.swim.wake(),
  },
  "another network": { options: { knows: THREE }, call: (solo) => solo.swim.networkChanged() },
  "a leave": { options: { knows: THREE }, call: (solo) => solo.swim.leaveCluster() },
  "another identity": { options: { knows: THREE }, call: (solo) => solo.swim.changeIdentity(peer("1.9")) },
  "a member's identity": { options: { knows: THREE }, call: (solo) => solo.swim.changeIdentity(peer("2.1")) },
  "the same identity again": {
    options: { knows: THREE },
    before: (solo) => solo.swim.leaveCluster(),
    call: (solo) => solo.swim.reuseDownIdentity(),
  },
  "a broadcast": {
    options: { knows: THREE },
    call: (solo) => {
      solo.swim.addBroadcast(unhex("0203"));
      solo.swim.broadcast();
    },
  },
  "all that is due after a while": {
    options: { knows: [...THREE.slice(0, 2), "Down 4.1@0"] },
    before: (solo) => solo.pass(2100),
    call: (solo) => solo.oversleep(30_000),
  },
  "wake-ups one after the other": { options: { knows: THREE }, call: (solo) => solo.pass(20_000) },
  "a rejoin that had to wait": {
    options: { knows: THREE },
    before: (solo) => {
      for (let i = 0; i < 12; i++) solo.hear("TurnUndead", "2.1");
    },
    call: (solo) => solo.pass(3000),
  },
};

/** Breaks the situation's call at the nth time that it calls a method; returns whether there was such a time. */
function breakOff(situation: Situation, name: keyof Runtime<Renewable>, nth: number): boolean {
  const solo = new Solo({ config: ALL_TOLD, handler: new VersionedItems(), ...situation.options });
  const ignore = (): undefined => undefined;
  Object.assign(solo, { dataReceived: ignore, dataSent: ignore, probeAnswered: ignore });
  situation.before?.(solo);
  breaks(solo, name, nth);
  try {
    situation.call(solo);
    return false;
  } catch (error) {
    ok(error instanceof Error && error.message === name + " broke", "broken by " + String(error));
  }
  // The debug build has checked the invariants. The next call makes up for what must not be left.
  solo.swim.handleTimer();
  ok(solo.wakeAtMs < Infinity || !solo.swim.isConnected, "who is connected will be woken");
  const { knowledge, connection } = solo.swim["protocol"];
  equal([knowledge.members.order.hasNewDeadline, connection.isBehind], [false, false], "behind");
  solo.pass(8000);
  return true;
}

export const scenarios: Record<string, () => void> = {
  "a-call-may-be-broken-off-at-any-call-of-any-method"() {
    const broken = new Set<string>();
    for (const [what, situation] of Object.entries(SITUATIONS)) {
      for (const name of METHODS) {
        for (let nth = 1; nth < 16 && breakOff(situation, name, nth); nth++) broken.add(name).add(what);
      }
    }
    for (const what of [...METHODS, ...Object.keys(SITUATIONS)])
      ok(broken.has(what), what + " was never broken off");
  },

  "a-wake-up-at-once-is-busy-and-goes-no-deeper"() {
    const solo = new Solo();
    let depth = 0;
    let deepest = 0;
    const refused: string[] = [];
    solo.submitAfter = () => {
      depth++;
      deepest = Math.max(deepest, depth);
      try {
        solo.swim.handleTimer();
      } catch (error) {
        refused.push((error as { code: string }).code);
      }
      depth--;
    };
    equal(solo.hear("Ping", "2.1", { n: 1 }), "Ok");
    equal([deepest, refused], [1, ["Busy"]]);
    equal(solo.take(), ["Ack(1) > 2.1 + Alive 2.1@0"]);
    solo.nowMs += 1500;
    solo.swim.handleTimer();
    equal(solo.take(), ["Ping(1) > 2.1 + Alive 2.1@0"]);
    equal([deepest, refused], [1, ["Busy", "Busy"]]);
  },

  "a-wake-up-that-could-not-be-asked-for-is-asked-for-by-the-next-call"() {
    const solo = new Solo();
    breaks(solo, "submitAfter");
    throwing("submitAfter", () => solo.hear("Ping", "2.1", { n: 1 }));
    equal([solo.wakeAtMs, solo.swim.isConnected], [Infinity, true]);
    equal(solo.take(), ["Ack(1) > 2.1 + Alive 2.1@0"]);
    solo.hear("Ping", "2.1", { n: 2 });
    equal(solo.wakeAtMs - solo.nowMs, 1500);
    solo.hear("Ping", "2.1", { n: 3 });
    equal(solo.numWakes, 1);
  },

  "a-wake-up-is-asked-for-when-a-deadline-was-broken-off"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    breaks(solo, "sendTo");
    throwing("sendTo", () => solo.pass(1500));
    // The Ping is lost as on the network: who was to answer is asked by others, then suspected.
    equal(solo.wakeAtMs - solo.nowMs, 500);
    solo.pass(1500);
    equal(solo.state, ["Suspect 2.1@0"]);
  },

  "a-rename-that-throws-loses-no-member-up"() {
    const solo = new Solo({ knows: ["Down 2.1@0"] });
    breaks(solo, "rename");
    throwing("rename", () => solo.hear("Ping", "2.2", { n: 1 }));
    equal(solo.takeEvents(), ["memberUp 2.2", "active"]);
    equal(solo.state, ["Alive 2.2@0"]);
    equal(solo.hear("Ping", "2.2", { n: 2 }), "Ok");
    equal(solo.take(), ["Ack(2) > 2.2 + Alive 2.2@0"]);
  },

  "a-member-up-that-throws-leaves-us-connected"() {
    const solo = new Solo();
    breaks(solo, "memberUp");
    throwing("memberUp", () => solo.hear("Ping", "2.1", { n: 1 }));
    equal([solo.swim.numMembers, solo.swim.isConnected], [1, true]);
    equal(solo.takeEvents(), ["active"]);
    solo.pass(1500);
    equal(solo.take(), ["Ping(1) > 2.1 + Alive 2.1@0"]);
  },

  "a-member-down-that-throws-leaves-us-idle-when-it-was-the-last"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    breaks(solo, "memberDown");
    throwing("memberDown", () => solo.learn(["Down 2.1@0"], false));
    equal(solo.swim.isConnected, false);
    equal(solo.takeEvents(), ["idle"]);
  },

  "a-clock-that-throws-as-the-last-member-goes-leaves-us-to-be-idle-at-the-next-call"() {
    const config = { periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 2 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    // The first reading is when the dead will be forgotten, the second when it will be announced to.
    breaks(solo, "now", 2);
    throwing("now", () => solo.learn(["Down 2.1@0"], false));
    solo.swim.gossip();
    equal([solo.swim.isConnected, solo.takeEvents()], [false, ["memberDown 2.1", "idle"]]);
    solo.pass(1000);
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "a-send-that-throws-hides-neither-our-end-nor-our-return"() {
    const leaving = new Solo({ knows: ["Alive 2.1@0"] });
    breaks(leaving, "sendTo");
    throwing("sendTo", () => leaving.swim.leaveCluster());
    equal([leaving.swim.isDefunct, leaving.takeEvents()], [true, ["defunct"]]);
    const renewing = new Solo({ knows: ["Alive 2.1@0"] });
    breaks(renewing, "sendTo");
    throwing("sendTo", () => renewing.hear("TurnUndead", "2.1"));
    equal([renewing.identity, renewing.takeEvents()], ["1.2", ["rejoin 1.2"]]);
    renewing.swim.gossip();
    equal(renewing.take(), ["Gossip > 2.1 + Down 1.1@0"]);
  },

  "a-list-goes-on-behind-the-feed-that-could-not-be-sent"() {
    const config = { ...simple(), listToSuccessor: true, maxPacketSize: 100, maxTransmissions: 1 };
    const periodicGossip = { frequencyMs: 200, numMembers: 3 };
    const crowd: string[] = [];
    for (let host = 2; host < 42; host++) crowd.push(`Alive ${host}.1@0`);
    const options = { config: { ...config, periodicGossip, probePeriodMs: 1e9 }, knows: crowd };
    const feeds = (solo: Solo): string[][] => {
      const sent = solo.datagrams.filter((each) => each.kind === "Feed");
      return sent.map((each) => each.updates);
    };
    const whole = new Solo(options);
    whole.pass(10_000);
    const broken = new Solo(options);
    breaks(broken, "sendTo", 2);
    throwing("sendTo", () => broken.pass(10_000));
    broken.pass(10_000);
    const expected = feeds(whole);
    equal(expected.length, 5);
    expected.splice(1, 1);
    equal(feeds(broken), expected);
  },

  "a-handler-that-throws-costs-the-datagram-that-it-was-asked-about"() {
    const handler = new VersionedItems();
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], handler });
    solo.swim.addBroadcast(unhex("0101"));
    let isBroken = true;
    Object.assign(handler, {
      shouldAddBroadcastData: () => {
        if (isBroken) throw new Error("handler broke");
        return true;
      },
    });
    throwing("handler", () => solo.swim.gossip());
    equal(solo.take(), []);
    isBroken = false;
    solo.swim.gossip();
    equal(solo.take().sort(), ["Gossip > 2.1 * 0101", "Gossip > 3.1 * 0101"]);
  },

  "an-identity-that-becomes-ours-is-no-member-any-more-though-we-could-not-tell"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    breaks(solo, "memberDown");
    throwing("memberDown", () => solo.swim.changeIdentity(peer("2.1")));
    equal([solo.identity, solo.state], ["2.1", ["Alive 3.1@0"]]);
  },

  "a-clock-that-throws-at-a-wake-up-costs-no-wake-up"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    breaks(solo, "now");
    throwing("now", () => solo.oversleep(1500));
    equal(solo.wakeAtMs, solo.nowMs);
    solo.pass(0);
    equal(solo.take(), ["Ping(1) > 2.1"]);
  },

  "a-clock-that-throws-as-the-last-member-goes-has-nobody-probed"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    // As it follows that nobody is left, and as it makes up for that.
    breaks(solo, "now", 2);
    breaks(solo, "now", 3);
    throwing("now", () => solo.learn(["Down 2.1@0"], false));
    equal([solo.takeEvents(), solo.swim.isConnected], [["memberDown 2.1"], true]);
    solo.oversleep(1500);
    equal([solo.take(), solo.takeEvents(), solo.swim.isConnected], [[], ["idle"], false]);
    equal(solo.swim.metrics[Metric.Probes], 0);
  },
};
