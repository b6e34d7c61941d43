// What xswim adds to foca's spreading, setting by setting: all on in lan(n) and wan(n), all off in simple().
import { lan, simple, wan, type Config } from "../../core/config.js";
import { equal, ok, throwsWith, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";

/** So rare a probe that only the gossip task is seen. */
const QUIET: Partial<Config> = {
  probePeriodMs: 100_000_000,
  maxTransmissions: 5,
  periodicGossip: { frequencyMs: 200, numMembers: 2 },
};
const FOUR = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"];

/** Whom a node with these settings gossips fresh news to first, once for each of `times` pieces of news. */
function firstHearers(config: Partial<Config>, times: number, knows = FOUR): Set<string> {
  const hearers = new Set<string>();
  for (let seed = 0; seed < times; seed++) {
    const solo = new Solo({ config: { ...QUIET, ...config }, knows, seed });
    solo.learn(["Down 9.1@0"], true);
    solo.pass(200);
    hearers.add(solo.datagrams[0].to);
  }
  return hearers;
}

/** Whom a node probes, probe by probe; all answer. */
function probeTargets(solo: Solo, times: number): string[] {
  const targets: string[] = [];
  for (let i = 0; i < times; i++) {
    solo.pass(1500);
    for (const sent of solo.datagrams) {
      if (sent.kind !== "Ping") continue;
      targets.push(sent.to);
      solo.hear("Ack", sent.to, { n: sent.n as number });
    }
    solo.take();
  }
  return targets;
}

export const scenarios: Record<string, () => void> = {
  "the-settings-are-on-in-lan-and-wan-and-off-in-simple"() {
    for (const name of [
      "probeSilentFirst",
      "probeSuccessor",
      "gossipToSuccessor",
      "listToSuccessor",
      "repeatDown",
    ] as const) {
      equal([simple()[name], lan(10)[name], wan(10)[name]], [false, true, true], name);
      const config = { ...simple(), [name]: 1 } as unknown as Config;
      throwsWith({ name: "TypeError", message: "config." + name }, () => new Solo({ config }));
    }
  },

  "whoever-calls-a-down-member-active-has-its-death-told-once-more"() {
    for (const repeatDown of [true, false]) {
      const solo = new Solo({ config: { repeatDown }, knows: ["Alive 2.1@0", "Down 3.1@0"] });
      solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@4"] });
      solo.hear("Ping", "2.1", { n: 1 });
      solo.hear("Ping", "2.1", { n: 2 });
      equal(solo.take(), ["Ack(1) > 2.1" + (repeatDown ? " + Down 3.1@0" : ""), "Ack(2) > 2.1"]);
      solo.hear("Ping", "2.1", { n: 3, updates: ["Down 3.1@0"] });
      equal(solo.take(), ["Ack(3) > 2.1"]);
      // What is still being told is not told more often for that.
      solo.learn(["Alive 4.1@0", "Down 4.1@0"], true);
      for (let i = 0; i < 20; i++) solo.hear("Gossip", "2.1", { updates: ["Alive 4.1@0"] });
      for (let n = 0; n < 12; n++) solo.hear("Ping", "2.1", { n });
      equal(solo.datagrams.filter((sent) => sent.updates.length > 0).length, 10);
    }
  },

  "fresh-news-goes-to-the-same-successor-first"() {
    equal(firstHearers({ gossipToSuccessor: true }, 20).size, 1);
    ok(firstHearers({ gossipToSuccessor: false }, 20).size > 1, "without it chance chooses");
  },

  "every-node-is-the-successor-of-just-one"() {
    const all = ["1.1", "2.1", "3.1", "4.1", "5.1", "6.1", "7.1"];
    const successors = all.map((own) => {
      const knows = all.filter((other) => other !== own).map((other) => `Alive ${other}@0`);
      const solo = new Solo({ identity: own, config: { ...QUIET, gossipToSuccessor: true }, knows });
      solo.learn(["Down 9.1@0"], true);
      solo.pass(200);
      return solo.datagrams[0].to;
    });
    equal(successors.sort(), all);
  },

  "a-successor-that-is-gone-has-a-successor"() {
    const config = { ...QUIET, gossipToSuccessor: true };
    const solo = new Solo({ config, knows: FOUR });
    solo.learn(["Down 9.1@0"], true);
    solo.pass(200);
    const first = solo.datagrams[0].to;
    solo.take();
    solo.learn([`Down ${first}@0`], true);
    solo.pass(200);
    ok(solo.datagrams[0].to !== first, "the news of its death goes to another");
    equal(solo.datagrams[0].updates.includes(`Down ${first}@0`), true);
  },

  "fresh-news-waits-for-the-successor-one-gossip-at-most"() {
    const solo = new Solo({ config: { ...QUIET, gossipToSuccessor: true }, knows: FOUR });
    solo.learn(["Down 9.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.1"]);
    solo.pass(200);
    equal(
      solo.datagrams.map((sent) => sent.updates),
      [["Down 9.1@0"], ["Down 9.1@0"]],
    );
    solo.take();
    solo.hear("Ping", "2.1", { n: 2 });
    equal(solo.take(), ["Ack(2) > 2.1 + Down 9.1@0"]);
  },

  "news-is-sent-as-often-as-without-a-successor"() {
    for (const gossipToSuccessor of [false, true]) {
      const solo = new Solo({ config: { ...QUIET, gossipToSuccessor }, knows: FOUR });
      solo.learn(["Down 9.1@0"], true);
      solo.pass(10_000);
      equal(solo.datagrams.filter((sent) => sent.updates.length > 0).length, 5);
      equal(solo.swim.updatesBacklog, 0);
    }
  },

  "a-lowered-limit-of-transmissions-leaves-no-news-behind"() {
    const solo = new Solo({
      config: { ...QUIET, maxTransmissions: 10, gossipToSuccessor: true },
      knows: FOUR,
    });
    solo.learn(["Down 9.1@0"], true);
    solo.swim.setConfig({ ...solo.swim.config, maxTransmissions: 4 });
    solo.pass(10_000);
    equal(solo.swim.updatesBacklog, 0);
    solo.take();
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "a-rush-of-joins-is-followed-by-the-whole-list-once"() {
    const config = { ...QUIET, listToSuccessor: true };
    const solo = new Solo({ config, knows: FOUR });
    solo.pass(10_000);
    const feeds = solo.datagrams.filter((sent) => sent.kind === "Feed");
    equal(feeds.length, 1);
    const told = [...feeds[0].updates, `Alive ${feeds[0].to}@0`].sort();
    equal(told, FOUR);
  },

  "who-is-sent-no-list-after-a-rush-asks-all-or-five-members-once"() {
    const config = { ...QUIET, listToSuccessor: true };
    const announces = (solo: Solo): string[] => solo.take().filter((line) => line.startsWith("Announce"));
    const left = new Solo({ config, knows: FOUR });
    left.pass(1900);
    equal(announces(left), []);
    left.pass(300);
    equal(new Set(announces(left)).size, 4);
    left.pass(60_000);
    equal(announces(left), []);

    const told = new Solo({ config, knows: FOUR });
    told.pass(600);
    told.hear("Feed", "2.1", { updates: ["Alive 3.1@0", "Alive 6.1@0"] });
    told.pass(60_000);
    equal(announces(told), []);

    const joined = new Solo({ config });
    joined.hear("Feed", "2.1", { updates: ["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"] });
    joined.pass(60_000);
    equal(announces(joined).length, 4, "the answer to one's own Announce is not the list");

    const off = new Solo({ config: QUIET, knows: FOUR });
    off.pass(60_000);
    equal(announces(off), []);
  },

  "a-few-joins-are-not-followed-by-a-list"() {
    const solo = new Solo({ config: { ...QUIET, listToSuccessor: true }, knows: FOUR.slice(0, 3) });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "a-long-list-takes-several-feeds-and-tells-each-once"() {
    const config = { ...QUIET, listToSuccessor: true, maxPacketSize: 100, maxTransmissions: 1 };
    const crowd: string[] = [];
    for (let host = 2; host < 42; host++) crowd.push(`Alive ${host}.1@0`);
    const solo = new Solo({ config, knows: crowd });
    solo.pass(10_000);
    const told = solo.datagrams.flatMap((sent) => sent.updates);
    // Eight members of ten bytes fit beside 20 bytes; the successor is not told of itself.
    const feeds = solo.datagrams.filter((sent) => sent.kind === "Feed");
    equal(
      feeds.map((sent) => sent.updates.length),
      [8, 8, 8, 8, 7],
    );
    equal([...told, `Alive ${feeds[0].to}@0`].sort(), crowd.sort());
  },

  "a-successor-that-is-new-is-sent-the-list-when-that-takes-several-feeds"() {
    const crowd = Array.from({ length: 20 }, (_, i) => `Alive ${i + 2}.1@0`);
    const [successor] = firstHearers({ gossipToSuccessor: true }, 1, crowd);
    const isOther = (member: string): boolean => !member.startsWith(`Alive ${successor}@`);
    const others = crowd.filter(isOther).sort();
    const config = { ...QUIET, listToSuccessor: true, gossipToSuccessor: true, maxTransmissions: 1 };
    const settled = (maxPacketSize: number, knows: string[]): Solo => {
      const solo = new Solo({ config: { ...config, maxPacketSize }, knows });
      solo.learn(["Down 99.1@0"], true);
      solo.pass(20_000);
      return solo;
    };
    const listedAfter = (solo: Solo, update: string): string[] => {
      solo.take();
      solo.hear("Gossip", others[0].slice("Alive ".length, -2), { updates: [update] });
      solo.pass(10_000);
      const feeds = solo.datagrams.filter((sent) => sent.kind === "Feed");
      const to = update.slice("Alive ".length, -2);
      equal(
        feeds.filter((sent) => sent.to !== to),
        [],
        "the list went to another",
      );
      return feeds.flatMap((sent) => sent.updates).sort();
    };
    const solo = settled(100, others);
    equal(listedAfter(solo, `Alive ${successor}@0`), others);
    equal(listedAfter(solo, `Alive ${successor}@1`), []);
    // It has restarted, and knows nobody.
    equal(listedAfter(solo, `Alive ${successor.split(".")[0]}.2@0`), others);
    equal(listedAfter(settled(100, crowd), "Alive 2.2@0"), [], "it is not the successor");
    equal(listedAfter(settled(1400, others), `Alive ${successor}@0`), [], "one Feed names all");
    // A row takes 10 bytes.
    equal(listedAfter(settled(200, others), `Alive ${successor}@0`), [], "one Feed just names all");
  },

  "a-list-of-which-nothing-fits-ends"() {
    // 53 bytes is the least that takes any header. Ours is an identity of 12 bytes and theirs are of 16, so that a Feed
    // takes 12 + 3 + 16 + 1 + 2 beside its members, and each of them 16 + 3 + 1.
    const config = { ...QUIET, listToSuccessor: true, maxPacketSize: 53 };
    const bump = 9_007_199_254_740_991;
    const knows = [2, 3, 4, 5, 6].map((host) => `Suspect ${host}.${bump}@65535`);
    const solo = new Solo({ config, identity: "1.4000000000", knows });
    solo.hear("Gossip", "2." + bump, { incarnation: 65535, updates: ["Suspect 1.4000000000@300"] });
    equal(solo.swim.incarnation, 301);
    solo.pass(10_000);
    solo.take();
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "every-fourth-probe-goes-to-the-successor"() {
    for (const [probeSuccessor, least, most] of [
      [true, 16, 19],
      [false, 7, 13],
    ] as const) {
      const solo = new Solo({ config: { probeSuccessor }, knows: FOUR });
      const targets = probeTargets(solo, 40);
      const [successor] = firstHearers({ gossipToSuccessor: true }, 1);
      const count = targets.filter((to) => to === successor).length;
      ok(count >= least && count <= most, `${count} of 40 with probeSuccessor: ${probeSuccessor}`);
      const fourth = targets.filter((_, i) => i % 4 === 0);
      equal(new Set(fourth).size === 1, probeSuccessor);
      equal(new Set(targets).size, 4, "the others are probed as well");
    }
  },

  "a-suspected-successor-has-no-turn-of-its-own"() {
    const [successor] = firstHearers({ gossipToSuccessor: true }, 1);
    const solo = new Solo({ config: { probeSuccessor: true }, knows: FOUR });
    solo.learn([`Suspect ${successor}@0`], false);
    const targets = probeTargets(solo, 40);
    const count = targets.filter((to) => to === successor).length;
    ok(count >= 7 && count <= 13, "probed in its turn of the round alone: " + count);
  },

  "a-silent-successor-is-suspected-within-five-periods"() {
    const crowd: string[] = [];
    for (let host = 2; host < 22; host++) crowd.push(`Alive ${host}.1@0`);
    const [successor] = firstHearers({ gossipToSuccessor: true }, 1, crowd);
    const config = { probeSuccessor: true, suspectToDownAfterMs: 60_000 };
    for (let seed = 0; seed < 20; seed++) {
      const solo = new Solo({ config, knows: crowd, seed });
      const answered = seed % 4;
      for (let period = 0; period < answered + 5; period++) {
        solo.pass(1500);
        for (const sent of solo.datagrams) {
          const isSilent = sent.to === successor && period >= answered;
          if (sent.kind === "Ping" && !isSilent) solo.hear("Ack", sent.to, { n: sent.n as number });
        }
        solo.take();
      }
      ok(solo.state.includes(`Suspect ${successor}@0`), `seed ${seed}: ${solo.state.join(", ")}`);
    }
  },

  "probes-go-to-the-silent-first"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];
    const solo = new Solo({ config: { probeSilentFirst: true }, knows });
    for (let round = 0; round < 10; round++) {
      for (const talker of ["2.1", "3.1", "4.1", "5.1"]) solo.hear("Gossip", talker);
      solo.pass(1500);
      const ping = solo.datagrams.filter((sent) => sent.kind === "Ping");
      equal(
        ping.map((sent) => sent.to),
        ["6.1"],
        "round " + round,
      );
      solo.hear("Ack", "6.1", { n: ping[0].n as number });
      solo.take();
      // A round of those left is over after each probe: nobody else was silent.
      solo.hear("Gossip", "6.1");
      solo.pass(1500);
      for (const sent of solo.datagrams)
        if (sent.kind === "Ping") solo.hear("Ack", sent.to, { n: sent.n as number });
      solo.take();
    }
  },

  "a-custom-broadcast-goes-to-the-successor-first"() {
    const [successor] = firstHearers({ gossipToSuccessor: true }, 1);
    for (let seed = 0; seed < 10; seed++) {
      const config = { ...QUIET, gossipToSuccessor: true };
      const solo = new Solo({ config, knows: FOUR, seed, handler: new VersionedItems() });
      solo.pass(1000);
      solo.swim.addBroadcast(unhex("0101"));
      solo.pass(200);
      equal(solo.datagrams[0].to, successor);
    }
  },
};
