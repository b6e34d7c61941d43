// What somebody can do to a cluster who can send datagrams to it and read what it sends: to a plain one, and to a sealed one.
import { Metric } from "../../core/metrics.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { equal, ok } from "../support/assert.js";
import { FlashStore } from "../support/flash-store.js";
import { publication } from "../support/publication.js";
import { BYSTANDER, Siege } from "../support/siege.js";

const LARGEST = "18446744073709551615";

/** Something that an outsider does, and what comes of it in a plain cluster. */
interface Attack {
  /** How long it is waited for what comes of it, in milliseconds. */
  waitMs: number;
  strike(siege: Siege): void;
  succeeds(siege: Siege): void;
}

const attacks: Record<string, Attack> = {
  "a-takeover-by-the-largest-bump": {
    waitMs: 10_000,
    strike(siege) {
      siege.strike(2, { from: "1." + LARGEST, to: "2.1", kind: "Gossip" });
    },
    // The true node is taken for one of the past, and no renewal gets past the forged one.
    succeeds(siege) {
      equal(siege.told.includes("2 renamed 1." + LARGEST), true);
      equal(
        [siege.holds(2), siege.holds(3)].map((names) => names.includes("1.1")),
        [false, false],
      );
    },
  },

  "a-forged-death": {
    waitMs: 2000,
    strike(siege) {
      siege.strike(2, { from: "3.1", to: "2.1", kind: "Gossip", updates: ["Down 1.1@0"] });
    },
    succeeds(siege) {
      equal(
        ["2 down 1.1", "3 down 1.1", "1 rejoins as 1.2"].map((line) => siege.told.includes(line)),
        [true, true, true],
      );
    },
  },

  "a-forged-TurnUndead": {
    waitMs: 2000,
    strike(siege) {
      siege.strike(1, { from: "3.1", to: "1.1", kind: "TurnUndead" });
    },
    succeeds(siege) {
      equal(siege.told.includes("1 rejoins as 1.2"), true);
    },
  },

  "a-forged-publication-with-a-far-version": {
    waitMs: 2000,
    strike(siege) {
      const last = (1n << 20n) + (1n << 30n) - 1n;
      siege.strike(2, {
        from: "3.1",
        to: "2.1",
        kind: "Gossip",
        broadcasts: [publication(1, last, "forged")],
      });
    },
    succeeds(siege) {
      equal(siege.told, ["2 hears 1: forged", "3 hears 1: forged"]);
    },
  },

  "a-flood-of-strangers": {
    waitMs: 1000,
    strike(siege) {
      for (const number of [1, 2, 3]) {
        const from = number === 1 ? "2.1" : "1.1";
        const updates = Array.from({ length: 20 }, (_, i) => "Alive " + (100 + i) + ".1@0");
        siege.strike(number, { from, to: number + ".1", kind: "Gossip", updates });
      }
    },
    succeeds(siege) {
      equal(
        siege.all.map((node) => node.swim.numMembers),
        [12, 12, 12],
        "members, of which two are real",
      );
    },
  },

  "an-amplification-by-Announce": {
    waitMs: 3000,
    strike(siege) {
      for (const number of [1, 2, 3])
        siege.strike(number, { from: BYSTANDER + ".1", to: number + ".0", kind: "Announce" });
    },
    succeeds(siege) {
      ok(siege.bystanderBytes > 5 * siege.strikeBytes, siege.bystanderBytes + " for " + siege.strikeBytes);
    },
  },

  "a-reflection-by-PingReq": {
    waitMs: 100,
    strike(siege) {
      siege.strike(1, { from: "3.1", to: "1.1", kind: "PingReq", subject: BYSTANDER + ".1", n: 7 });
    },
    succeeds(siege) {
      ok(siege.bystanderBytes > 0, "nothing was reflected");
      equal(siege.nodes[1].swim.metrics[Metric.SentPing + 3], 1, "IndirectPings");
    },
  },
};

const forged: Record<string, () => void> = {};
for (const name of Object.keys(attacks)) {
  const { strike, waitMs, succeeds } = attacks[name];
  const run = (isSealed: boolean): Siege => {
    const siege = Siege.of(isSealed);
    strike(siege);
    siege.network.advance(waitMs);
    return siege;
  };
  forged[name + "-succeeds-in-a-plain-cluster"] = () => succeeds(run(false));
  forged[name + "-fails-in-a-sealed-cluster"] = () => run(true).isUnharmed();
}

/** A cluster that node 3 has left, and that has forgotten it since. */
function afterAFarewell(isSealed: boolean): Siege {
  const siege = Siege.of(isSealed);
  siege.nodes[3].leave();
  siege.nodes[3].close();
  siege.network.advance(25_000);
  equal([siege.nodes[1].swim.membershipState().length, siege.nodes[2].swim.membershipState().length], [1, 1]);
  siege.told = [];
  return siege;
}

/** What was recorded of all that went to a node. */
const sentTo = (siege: Siege, number: number): Siege["recorded"] =>
  siege.recorded.filter(({ to }) => to === number);

export const scenarios: Record<string, () => void> = {
  ...forged,

  "recorded-datagrams-bring-a-member-back-that-left-a-plain-cluster"() {
    const siege = afterAFarewell(false);
    siege.replay([...sentTo(siege, 1), ...sentTo(siege, 2)]);
    equal([siege.told.includes("1 up 3.1"), siege.told.includes("2 up 3.1")], [true, true]);
  },

  "recorded-datagrams-do-nothing-in-a-sealed-cluster"() {
    const siege = afterAFarewell(true);
    const recorded = [...sentTo(siege, 1), ...sentTo(siege, 2)];
    siege.replay(recorded);
    siege.replay(recorded.reverse());
    equal(siege.count(SealMetric.Replayed), 2 * recorded.length);
    equal(siege.told, []);
    siege.network.advance(5000);
    equal([siege.told, siege.holds(1), siege.holds(2), siege.refusedByCores], [[], ["2.1"], ["1.1"], 0]);
    equal(siege.count(SealMetric.Replayed), 2 * recorded.length, "of the true ones, none");
  },

  // The frame does not name the receiver, but the header within does.
  "recorded-datagrams-do-nothing-to-another-than-they-were-for"() {
    const siege = afterAFarewell(true);
    const recorded = siege.recorded.slice();
    const opened = siege.count(SealMetric.Opened);
    siege.replay(recorded, 1);
    siege.replay(recorded, 2);
    const wasNew = siege.count(SealMetric.Opened) - opened;
    equal(siege.count(SealMetric.Reflected), recorded.filter(({ from }) => from !== 3).length, "their own");
    equal(siege.told, []);
    equal(siege.refusedByCores, wasNew, "opened, and not for them");
    equal([siege.holds(1), siege.holds(2)], [["2.1"], ["1.1"]]);
  },

  // A node that starts again knows no senders. What was recorded is opened until each sender has spoken. The header names
  // the receiver, whose bump is another now: the core refuses it as not for it. An Announce alone is for whoever is at the
  // address: it has the node, and those that it tells, hold the sender for a while. A probe ends that.
  "a-node-that-started-again-under-a-new-bump-takes-only-a-recorded-Announce"() {
    const siege = afterAFarewell(true);
    const recorded = sentTo(siege, 2);
    siege.host(2).crash();
    const again = siege.start(2, 1, { store: new FlashStore() });
    equal(Number(again.identity.bump), 2);
    siege.replay(recorded);
    equal(again.seal?.metrics[SealMetric.Opened], recorded.length);
    equal(
      siege.told.filter((line) => line.startsWith("2 ")),
      ["2 up 3.1"],
    );
    equal(again.swim.metrics[Metric.ReceivedPing + 6], 1, "Announces");
    siege.network.advance(15_000);
    equal([siege.holds(1), siege.holds(2)], [["2.2"], ["1.1"]]);
    equal(again.seal?.metrics[SealMetric.Replayed], 0, "true ones that were refused");
    equal(siege.told.filter((line) => line.includes(" down ")).sort(), ["1 down 3.1", "2 down 3.1"]);
    siege.told = [];
    siege.replay(recorded);
    equal([siege.told, again.seal?.metrics[SealMetric.Replayed]], [[], recorded.length]);
  },

  // Under its former bump the node believes what was true then, each once: that is why a device that seals needs a store,
  // or a clock. It finds out by its probes, and learns from the first true Gossip what has changed since.
  "a-node-that-started-again-under-its-former-bump-believes-old-news-for-a-while"() {
    const siege = afterAFarewell(true);
    const recorded = sentTo(siege, 2);
    siege.host(2).crash();
    siege.start(2, 1, { bump: 1 });
    siege.replay(recorded);
    equal(siege.told.includes("2 up 3.1"), true);
    siege.network.advance(20_000);
    equal([siege.holds(1), siege.holds(2)], [["2.1"], ["1.1"]]);
    siege.told = [];
    siege.replay(recorded);
    equal([siege.told, siege.nodes[2].seal?.metrics[SealMetric.Replayed]], [[], recorded.length]);
  },
};
