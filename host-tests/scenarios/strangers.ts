// Members that sent us a datagram themselves, and those that we were only told of (`preferHeard`).
import type { Config } from "../../core/config.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok, throwsWith } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { nameOf, peer } from "../support/wire.js";

/** No probe falls into these stories, and a dozen members fill more than a quarter of the table. */
const STILL = { probePeriodMs: 1e9, maxMembers: 64 };
/** Three do. */
const SMALL = { maxMembers: 11 };

/** Alive members by their hosts. */
function alive(from: number, to: number): string[] {
  const texts: string[] = [];
  for (let host = from; host <= to; host++) texts.push(`Alive ${host}.1@0`);
  return texts;
}

/** A node with `preferHeard` that has heard the members at these hosts, and then forgot what it sent. */
function hearing(hosts: number[], knows: string[], config: Partial<Config> = {}, seed = 7): Solo {
  const solo = new Solo({ knows, seed, config: { preferHeard: true, ...STILL, ...config } });
  for (const host of hosts) equal(solo.hear("Gossip", host + ".1"), "Ok");
  solo.take();
  solo.takeEvents();
  return solo;
}

function heard(solo: Solo): string[] {
  const names: string[] = [];
  solo.swim.forEachHeard((identity) => names.push(nameOf(identity)));
  return names.sort();
}

export const scenarios: Record<string, () => void> = {
  "who-speaks-was-heard-and-whom-it-tells-of-was-not"() {
    for (const preferHeard of [true, false]) {
      const solo = new Solo({ config: { preferHeard } });
      solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@0"] });
      equal(heard(solo), ["2.1"]);
      equal([solo.swim.hasHeard(peer("2.1")), solo.swim.hasHeard(peer("3.1"))], [true, false]);
      equal(solo.swim.hasHeard(peer("9.1")), false);
      solo.hear("Ping", "3.1", { n: 1 });
      equal(heard(solo), ["2.1", "3.1"]);
    }
  },

  "for-each-heard-stops-when-told-and-is-busy-meanwhile"() {
    const solo = hearing([2, 3, 4], alive(2, 6));
    const visited: string[] = [];
    solo.swim.forEachHeard((identity) => {
      visited.push(nameOf(identity));
      throwsWith({ name: "SwimError", code: "Busy" }, () => solo.swim.gossip());
      return visited.length < 2;
    });
    equal(visited.length, 2);
    solo.swim.gossip();
  },

  "another-life-has-not-been-heard-yet"() {
    const solo = hearing([2, 3], alive(2, 3));
    solo.hear("Gossip", "3.1", { updates: ["Alive 2.2@0"] });
    equal(heard(solo), ["3.1"]);
    solo.hear("Gossip", "2.2");
    equal(heard(solo), ["2.2", "3.1"]);
  },

  "a-member-that-speaks-under-another-life-was-heard"() {
    const solo = hearing([2, 3], alive(2, 3));
    solo.hear("Gossip", "2.2");
    equal(heard(solo), ["2.2", "3.1"]);
  },

  "who-is-down-counts-as-heard-no-more"() {
    const solo = hearing([2, 3], alive(2, 3));
    solo.hear("Gossip", "3.1", { updates: ["Down 2.1@0"] });
    equal([heard(solo), solo.swim.hasHeard(peer("2.1"))], [["3.1"], false]);
    solo.hear("Gossip", "3.1", { updates: ["Alive 2.2@0"] });
    equal(heard(solo), ["3.1"]);
  },

  "a-suspicion-takes-nothing-back"() {
    const solo = hearing([2, 3], alive(2, 3));
    solo.hear("Gossip", "3.1", { updates: ["Suspect 2.1@0"] });
    equal(heard(solo), ["2.1", "3.1"]);
  },

  "in-a-full-table-who-speaks-takes-the-place-of-a-stranger"() {
    const solo = hearing([2, 3], alive(2, 5), { maxMembers: 4 });
    equal(solo.hear("Ping", "6.1", { n: 1 }), "Ok");
    const events = solo.takeEvents();
    const gone = events[0].slice(-3);
    equal(["4.1", "5.1"].includes(gone), true);
    equal(events, ["memberDown " + gone, "memberUp 6.1"]);
    const stays = gone === "4.1" ? "5.1" : "4.1";
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", `Alive ${stays}@0`, "Alive 6.1@0"]);
    equal(solo.swim.metrics[Metric.EvictedMembers], 1);
    // Others are not told of the one that went.
    equal(solo.take(), ["Ack(1) > 6.1 + Alive 6.1@0"]);
  },

  "a-stranger-that-is-suspected-may-go-too"() {
    const solo = hearing([2], ["Alive 2.1@0", "Suspect 3.1@0"], { maxMembers: 2 });
    solo.hear("Gossip", "4.1");
    equal(solo.state, ["Alive 2.1@0", "Alive 4.1@0"]);
  },

  "who-speaks-goes-before-a-stranger-and-leaves-the-down-their-place"() {
    const solo = hearing([2], ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"], { maxMembers: 3 });
    solo.hear("Gossip", "5.1");
    equal(solo.state, ["Alive 2.1@0", "Alive 5.1@0", "Down 4.1@0"]);
    solo.hear("Gossip", "6.1");
    equal(solo.state, ["Alive 2.1@0", "Alive 5.1@0", "Alive 6.1@0"]);
  },

  "a-table-full-of-members-that-were-heard-refuses-who-speaks"() {
    const solo = hearing([2, 3], alive(2, 3), { maxMembers: 2 });
    equal(solo.hear("Ping", "4.1", { n: 1 }), "Ok");
    equal(solo.takeEvents(), ["memberRefused 4.1"]);
    equal(solo.take(), ["Ack(1) > 4.1"]);
  },

  "a-stranger-takes-the-place-of-a-down-while-strangers-are-below-a-quarter"() {
    const knows = [...alive(2, 7), "Down 8.1@0", "Down 9.1@0"];
    const solo = hearing([2, 3, 4, 5, 6], knows, { maxMembers: 8 });
    solo.hear("Gossip", "2.1", { updates: ["Alive 10.1@0"] });
    equal(solo.takeEvents(), ["memberUp 10.1"]);
    equal(solo.state.filter((text) => text.startsWith("Down")).length, 1);
  },

  "from-a-quarter-on-a-stranger-takes-the-place-of-another"() {
    const knows = [...alive(2, 8), "Down 9.1@0"];
    const solo = hearing([2, 3, 4, 5, 6], knows, { maxMembers: 8 });
    solo.hear("Gossip", "2.1", { updates: ["Alive 10.1@0"] });
    const events = solo.takeEvents();
    equal(events.length, 2);
    equal(
      [events[0] === "memberDown 7.1" || events[0] === "memberDown 8.1", events[1]],
      [true, "memberUp 10.1"],
    );
    equal([solo.state.includes("Down 9.1@0"), solo.state.length], [true, 8]);
  },

  "below-a-quarter-and-with-nobody-down-a-stranger-is-refused"() {
    const solo = hearing([2, 3, 4, 5, 6, 7, 8], alive(2, 9), { maxMembers: 8 });
    solo.hear("Gossip", "2.1", { updates: ["Alive 10.1@0"] });
    equal(solo.takeEvents(), ["memberRefused 10.1"]);
    equal(solo.state, alive(2, 9));
  },

  "below-a-quarter-who-speaks-takes-the-place-of-the-last-stranger"() {
    const solo = hearing([2, 3, 4, 5, 6, 7, 8], alive(2, 9), { maxMembers: 8 });
    solo.hear("Gossip", "10.1");
    equal(solo.takeEvents(), ["memberDown 9.1", "memberUp 10.1"]);
  },

  "nobody-can-push-out-who-was-heard-by-making-members-up"() {
    const solo = hearing([2, 3, 4], alive(2, 4), { maxMembers: 8 });
    for (let host = 100; host < 200; host++)
      solo.hear("Gossip", "2.1", { updates: [`Alive ${host}.1@0`, `Suspect ${host + 100}.1@0`] });
    equal(heard(solo), ["2.1", "3.1", "4.1"]);
    equal(solo.state.length, 8);
    solo.hear("Gossip", "5.1");
    equal(heard(solo), ["2.1", "3.1", "4.1", "5.1"]);
  },

  "without-the-setting-a-full-table-is-as-it-was"() {
    const solo = hearing([2, 3], alive(2, 5), { maxMembers: 4, preferHeard: false });
    solo.hear("Gossip", "6.1");
    equal([solo.takeEvents(), solo.state], [["memberRefused 6.1"], alive(2, 5)]);
  },

  "a-feed-lists-those-that-were-heard-first"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = hearing([5, 20], alive(2, 30), { maxPacketSize: 100 }, seed);
      solo.hear("Announce", "40.1");
      const { kind, updates } = solo.datagrams[0];
      equal([kind, updates.slice(0, 2).sort()], ["Feed", ["Alive 20.1@0", "Alive 5.1@0"]]);
      equal(new Set(updates).size, updates.length);
      ok(updates.length > 3, "the rest of it is for others");
    }
  },

  "a-feed-with-room-for-all-lists-each-once"() {
    const solo = hearing([5, 20], alive(2, 30));
    solo.hear("Announce", "40.1");
    equal([...solo.datagrams[0].updates].sort(), alive(2, 30).sort());
  },

  "helpers-are-such-as-were-heard"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = hearing([3, 4, 5, 6], alive(2, 30), { probePeriodMs: 1500 }, seed);
      solo.pass(2000);
      const helpers = solo.datagrams.filter((sent) => sent.kind === "PingReq").map((sent) => sent.to);
      equal(helpers.length, 3);
      ok(
        helpers.every((name) => ["3.1", "4.1", "5.1", "6.1"].includes(name)),
        "asked " + helpers.join(),
      );
    }
  },

  "where-too-few-were-heard-others-help-too-and-suspects-last"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = hearing([3, 4], alive(2, 30), { probePeriodMs: 1500 }, seed);
      solo.hear("Gossip", "3.1", { updates: ["Suspect 4.1@0"] });
      solo.take();
      solo.pass(2000);
      const helpers = solo.datagrams.filter((sent) => sent.kind === "PingReq").map((sent) => sent.to);
      const target = solo.datagrams[0].to;
      equal(new Set([...helpers, target]).size, 4);
      if (target !== "3.1") equal(helpers[0], "3.1");
    }
  },

  "of-those-a-gossip-goes-to-the-first-were-heard"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = hearing([3, 4], alive(2, 30), {}, seed);
      solo.swim.gossip();
      const reached = solo.datagrams.map((sent) => sent.to);
      equal(reached.slice(0, 2).sort(), ["3.1", "4.1"]);
      equal(reached.length, 3);
    }
  },

  "a-gossip-goes-to-nobody-twice"() {
    for (let seed = 1; seed <= 40; seed++) {
      const solo = hearing([3], alive(2, 6), SMALL, seed);
      solo.swim.gossip();
      const reached = solo.datagrams.map((sent) => sent.to);
      equal(new Set(reached).size, 3, "reached " + reached.join());
    }
  },

  "every-second-probe-goes-to-the-longest-silent-of-those-that-were-heard"() {
    const config = { probePeriodMs: 1500, probeSilentFirst: true, suspectToDownAfterMs: 100_000 };
    const solo = hearing([12, 11], alive(2, 30), config);
    // From the first probe on that comes eight periods after they spoke.
    const targets: string[] = [];
    for (let n = 1; n <= 14; n++) {
      solo.pass(1500);
      targets.push(solo.datagrams.filter((sent) => sent.kind === "Ping" && sent.n === n)[0].to);
      solo.take();
    }
    equal([targets[9], targets[11]].sort(), ["11.1", "12.1"]);
    equal(
      targets.slice(0, 9).filter((name) => name === "11.1" || name === "12.1"),
      [],
    );
  },

  "without-the-setting-probes-go-by-their-turns"() {
    const config = { probePeriodMs: 1500, probeSilentFirst: true, suspectToDownAfterMs: 100_000 };
    const solo = hearing([12, 11], alive(2, 30), { ...config, preferHeard: false });
    for (let n = 1; n <= 14; n++) {
      solo.pass(1500);
      const [ping] = solo.datagrams.filter((sent) => sent.kind === "Ping");
      equal(["11.1", "12.1"].includes(ping.to), false);
      solo.take();
    }
  },

  "the-turn-of-the-successor-is-for-the-one-among-those-that-were-heard"() {
    const config = { probePeriodMs: 1500, probeSuccessor: true };
    for (let seed = 1; seed <= 20; seed++) {
      const solo = hearing([17], alive(2, 30), config, seed);
      solo.pass(1500);
      equal(solo.take()[0], "Ping(1) > 17.1");
    }
  },

  "a-life-that-was-not-heard-is-no-such-successor"() {
    const config = { probePeriodMs: 1500, probeSuccessor: true, suspectToDownAfterMs: 100_000 };
    const solo = hearing([17, 18], alive(2, 30), config);
    solo.pass(1500);
    const first = solo.take()[0].slice(-4);
    const second = first === "17.1" ? "18.1" : "17.1";
    equal([first, second].sort(), ["17.1", "18.1"]);
    solo.hear("Ack", first, { n: 1 });
    const newer = first.replace(".1", ".2");
    solo.hear("Gossip", second, { updates: [`Alive ${newer}@0`] });
    // Of all others nobody answers, so nobody else is heard.
    for (let n = 2; n <= 5; n++) {
      solo.take();
      solo.pass(1500);
      solo.hear("Gossip", second, { incarnation: n });
    }
    const [ping] = solo.datagrams.filter((sent) => sent.kind === "Ping" && sent.n === 5);
    equal([heard(solo), ping.to], [[second], second]);
  },

  "a-feed-that-names-sixteen-that-were-heard-names-no-stranger"() {
    const hosts = Array.from({ length: 16 }, (_, i) => i + 2);
    const solo = hearing(hosts, alive(2, 60));
    solo.hear("Announce", "17.1");
    // The one that asks is not in it.
    equal(solo.datagrams[0].updates.length, 59 - 1);
    solo.hear("Gossip", "18.1");
    solo.take();
    solo.hear("Announce", "17.1");
    equal(
      [...solo.datagrams[0].updates].sort(),
      alive(2, 18)
        .filter((text) => text !== "Alive 17.1@0")
        .sort(),
    );
  },

  "whom-a-feed-names-that-we-asked-for-counts-as-heard-where-most-did-not-speak"() {
    const solo = hearing([], alive(2, 10), SMALL);
    solo.swim.announce(peer("9.1"));
    solo.hear("Feed", "9.1", { updates: ["Alive 2.1@0", "Suspect 3.1@0", "Alive 20.1@0", "Down 4.1@0"] });
    equal(heard(solo), ["2.1", "20.1", "3.1", "9.1"]);
  },

  "a-feed-that-nobody-asked-for-makes-none-heard"() {
    const solo = hearing([], alive(2, 10), SMALL);
    solo.hear("Feed", "9.1", { updates: ["Alive 2.1@0", "Alive 20.1@0"] });
    equal(heard(solo), ["9.1"]);
    solo.swim.announce(peer("9.1"));
    solo.hear("Gossip", "9.1", { updates: ["Alive 2.1@0"] });
    equal(heard(solo), ["9.1"]);
    solo.hear("Feed", "9.1", { updates: ["Alive 3.1@0"] });
    solo.hear("Feed", "9.1", { updates: ["Alive 4.1@0"] });
    equal(heard(solo), ["3.1", "9.1"]);
    // Another message than an Announce asks for none.
    solo.swim.gossip();
    solo.hear("Feed", "9.1", { updates: ["Alive 4.1@0"] });
    equal(heard(solo), ["3.1", "9.1"]);
  },

  "eight-feeds-are-waited-for-at-most"() {
    const solo = hearing([], alive(2, 20), { maxMembers: 64 });
    for (let i = 0; i < 20; i++) solo.swim.announce(peer("20.1"));
    for (let host = 2; host < 12; host++) solo.hear("Feed", "20.1", { updates: [`Alive ${host}.1@0`] });
    equal(heard(solo).length, 1 + 8);
  },

  "without-the-setting-a-feed-is-a-random-choice"() {
    const first = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const solo = hearing([5], alive(2, 30), { maxPacketSize: 100, preferHeard: false }, seed);
      solo.hear("Announce", "40.1");
      first.add(solo.datagrams[0].updates[0]);
    }
    ok(first.size > 3, first.size + " were the first of a Feed");
  },

  "a-list-for-the-successor-names-strangers-as-they-come"() {
    const config = {
      listToSuccessor: true,
      maxTransmissions: 1,
      periodicGossip: { frequencyMs: 200, numMembers: 1 },
    };
    const solo = hearing([5, 6], alive(2, 22), { ...config, maxPacketSize: 100 });
    solo.pass(10_000);
    const feeds = solo.datagrams.filter((sent) => sent.kind === "Feed");
    const told = feeds.flatMap((sent) => sent.updates);
    equal([told.length, new Set(told).size], [20, 20]);
  },

  "where-most-spoke-themselves-a-feed-makes-none-heard"() {
    const solo = hearing([2, 3, 4], alive(2, 4), SMALL);
    solo.swim.announce(peer("2.1"));
    solo.hear("Feed", "2.1", { updates: ["Alive 20.1@0"] });
    equal(heard(solo), ["2.1", "3.1", "4.1"]);
  },

  "while-members-fill-a-quarter-of-the-table-at-most-nobody-is-preferred"() {
    const reached = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const solo = hearing([3], alive(2, 17), {}, seed);
      solo.swim.gossip();
      for (const sent of solo.datagrams) reached.add(sent.to);
      if (!solo.datagrams.some((sent) => sent.to === "3.1")) reached.add("all but 3.1");
    }
    equal(reached.size, 17);
    const solo = hearing([3], alive(2, 17));
    solo.hear("Gossip", "3.1", { updates: ["Alive 18.1@0"] });
    solo.take();
    solo.swim.gossip();
    equal(solo.datagrams[0].to, "3.1");
  },

  "without-the-setting-a-feed-makes-none-heard"() {
    const solo = hearing([], alive(2, 10), { ...SMALL, preferHeard: false });
    solo.swim.announce(peer("9.1"));
    solo.hear("Feed", "9.1", { updates: ["Alive 2.1@0", "Alive 20.1@0"] });
    equal(heard(solo), ["9.1"]);
  },

  "whom-a-full-table-refuses-a-feed-makes-no-member"() {
    const solo = hearing([], alive(2, 12), SMALL);
    solo.swim.announce(peer("9.1"));
    solo.hear("Feed", "9.1", { updates: ["Down 30.1@0", "Alive 2.1@0"] });
    equal([heard(solo), solo.state.length], [["2.1", "9.1"], 11]);
  },
};
