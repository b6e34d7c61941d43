// Whole clusters on a fake network: how nodes find, lose and regain each other.
import { Metric } from "../../core/index.js";
import { equal, ok } from "../support/assert.js";
import { Fleet } from "../support/fleet.js";

const SIZES = [2, 7, 50];

/** What holds for a cluster of any size. A suspicion has 4 seconds, 6.8 at 50 nodes. */
function ofSize(size: number): Record<string, () => void> {
  return {
    [`${size}-nodes-that-start-at-once-find-each-other`]() {
      const fleet = new Fleet(size);
      for (let number = 0; number < size; number++) fleet.start(number, [0]);
      fleet.untilAllKnowAll(30_000);
      fleet.network.advance(60_000);
      ok(fleet.allKnowAll(), "a minute later they do not");
      fleet.onlyDown();
      equal(fleet.sum(Metric.Suspicions), 0, "suspicions");
    },

    [`${size}-nodes-find-out-that-one-crashed`]() {
      const fleet = Fleet.joined(size);
      fleet.crash(size - 1);
      fleet.untilAllKnowAll(40_000);
      fleet.onlyDown(size - 1);
      equal(fleet.told.filter((text) => / down /.test(text)).length, size - 1, "told");
    },

    [`${size}-nodes-are-told-that-one-leaves-and-suspect-nobody`]() {
      const fleet = Fleet.joined(size);
      fleet.leave(size - 1);
      fleet.untilAllKnowAll(10_000);
      fleet.onlyDown(size - 1);
      equal(fleet.sum(Metric.Suspicions), 0, "suspicions");
    },

    [`${size}-nodes-take-one-back-that-crashed-and-started-again`]() {
      const fleet = Fleet.joined(size);
      fleet.crash(size - 1);
      fleet.untilAllKnowAll(40_000);
      fleet.start(size - 1, [0]);
      fleet.untilAllKnowAll(30_000);
      equal(String(fleet.node(size - 1).identity.bump), "2", "its life");
      for (const number of fleet.running.slice(0, -1))
        ok(fleet.told.includes(`${number} up ${size - 1}`), number + " was not told");
    },
  };
}

export const scenarios: Record<string, () => void> = {
  ...Object.assign({}, ...SIZES.map(ofSize)),

  "one-that-starts-again-before-it-is-missed-is-renamed-and-never-down"() {
    const fleet = Fleet.joined(7);
    fleet.crash(3);
    fleet.start(3, [0]);
    fleet.network.advance(30_000);
    ok(fleet.allKnowAll(), "all know all");
    fleet.onlyDown();
    for (const number of [0, 1, 2, 4, 5, 6])
      ok(fleet.told.includes(`${number} renamed 3`), "told to " + number);
  },

  "one-that-stalls-for-less-than-the-wait-refutes-its-suspicion"() {
    const fleet = Fleet.joined(7, { suspectToDownAfterMs: 10_000 });
    fleet.host(2).stall(8_000);
    fleet.network.advance(30_000);
    ok(fleet.sum(Metric.Suspicions) > 0, "it was suspected");
    ok(fleet.node(2).swim.incarnation > 0, "it refuted");
    ok(fleet.allKnowAll(), "all know all");
    fleet.onlyDown();
  },

  "one-that-stalls-for-longer-comes-back-renewed"() {
    const fleet = Fleet.joined(7);
    fleet.host(2).stall(60_000);
    fleet.network.advance(50_000);
    equal(fleet.knownTo(0), [1, 3, 4, 5, 6], "while it stalls");
    fleet.network.advance(30_000);
    ok(fleet.allKnowAll(), "all know all");
    ok(fleet.told.includes("2 rejoined as 2"), "it rejoined");
    equal(String(fleet.node(2).identity.bump), "2", "under the next number");
  },

  "two-halves-lose-each-other-and-find-each-other-again"() {
    const fleet = Fleet.joined(7);
    const halves = [
      [0, 1, 2],
      [3, 4, 5, 6],
    ];
    const heal = fleet.network.partition(fleet.hosts(halves[0]), fleet.hosts(halves[1]));
    fleet.network.runUntil(() => halves.every((half) => fleet.allKnowAll(half)), 60_000);
    heal();
    fleet.untilAllKnowAll(300_000);
  },

  "one-that-is-heard-but-hears-nobody-is-not-kept"() {
    const fleet = Fleet.joined(7);
    const others = [0, 1, 2, 3, 4, 5];
    const heal = fleet.network.partition(fleet.hosts(others), [fleet.host(6)], true);
    fleet.network.runUntil(() => others.every((number) => !fleet.knownTo(number).includes(6)), 60_000);
    heal();
    fleet.untilAllKnowAll(300_000);
  },

  "one-that-forgot-its-number-catches-up-with-its-former-self"() {
    const fleet = Fleet.joined(7);
    fleet.crash(3);
    fleet.start(3, [0], 9);
    fleet.untilAllKnowAll(30_000);
    fleet.crash(3);
    fleet.start(3, [0], 2);
    fleet.network.runUntil(() => fleet.allKnowAll() && fleet.node(3).identity.bump === 10, 60_000);
    fleet.network.advance(60_000);
    ok(fleet.allKnowAll(), "a minute later");
  },

  "one-whose-only-seed-is-not-there-yet-joins-when-it-is"() {
    const fleet = new Fleet(2);
    fleet.start(1, [0]);
    fleet.network.advance(120_000);
    equal(fleet.knownTo(1), []);
    fleet.start(0, []);
    fleet.untilAllKnowAll(40_000);
  },

  "a-lossy-network-keeps-nobody-apart-for-long"() {
    const faults = { loss: 0.1, jitterMs: 40, duplication: 0.05, reordering: 0.1, seed: 5 };
    const fleet = new Fleet(7, { suspectToDownAfterMs: 10_000 }, faults);
    for (let number = 0; number < 7; number++) fleet.start(number, [0]);
    fleet.untilAllKnowAll(60_000);
    fleet.network.advance(300_000);
    ok(fleet.sum(Metric.Suspicions) > 0, "probes were lost");
    // Who was declared Down, because every word of its suspicion was lost, came back renewed.
    fleet.untilAllKnowAll(60_000);
    for (const number of fleet.running) ok(!fleet.node(number).swim.isDefunct, number + " is defunct");
  },

  "corrupted-datagrams-change-no-mind-for-long"() {
    const fleet = Fleet.joined(7, { suspectToDownAfterMs: 10_000 }, { corruption: 0.02, seed: 3 });
    fleet.network.advance(120_000);
    fleet.network.faults.corruption = 0;
    const everybody = (): boolean =>
      fleet.running.every((number) =>
        [0, 1, 2, 3, 4, 5, 6].every((other) => other === number || fleet.knownTo(number).includes(other)),
      );
    fleet.network.runUntil(everybody, 300_000);
  },

  "one-run-is-like-the-other"() {
    const runs = [0, 1].map(() => {
      const fleet = Fleet.joined(7, {}, { loss: 0.05, jitterMs: 20, seed: 11 });
      fleet.crash(6);
      fleet.network.advance(30_000);
      return fleet.told.join() + fleet.network.counts.sent + "," + fleet.network.counts.bytes;
    });
    equal(runs[0], runs[1]);
  },
};
