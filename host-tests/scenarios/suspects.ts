// A Suspect is told of its suspicion in whatever is sent to it (`tellSuspects`).
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const KNOWS = ["Alive 2.1@0", "Suspect 3.1@4"];
const TELLING = { tellSuspects: true };

function telling(config = TELLING): Solo {
  return new Solo({ knows: KNOWS, config });
}

/** Whom probes go to, from the first on, when all answer but `silent`, which is the target of the first when left out. */
function targets(solo: Solo, numProbes: number, silent?: string): string[] {
  const found: string[] = [];
  for (let n = 1; n <= numProbes; n++) {
    solo.pass(1500);
    const [ping] = solo.datagrams.filter((sent) => sent.kind === "Ping" && sent.n === n);
    found.push(ping.to);
    solo.take();
    if (ping.to !== (silent ?? found[0])) solo.hear("Ack", ping.to, { n });
  }
  return found;
}

const SIX = [2, 3, 4, 5, 6, 7].map((host) => `Alive ${host}.1@0`);
const SLOW = { ...TELLING, suspectToDownAfterMs: 20_000 };

export const scenarios: Record<string, () => void> = {
  "an-ack-to-a-suspect-has-its-suspicion-though-nothing-is-queued"() {
    const solo = telling();
    equal(solo.hear("Ping", "3.1", { n: 1, incarnation: 4 }), "Ok");
    equal(solo.raw, [
      "0a000001fb581b01" + "00" + "0a000003fb581b01" + "01" + "01" + "0001" + "0a000003fb581b010401",
    ]);
    equal(solo.take(), ["Ack(1) > 3.1 + Suspect 3.1@4"]);
    equal(solo.swim.metrics[Metric.UpdatesSent], 1);
  },

  "it-comes-before-what-is-queued"() {
    const solo = telling();
    solo.learn(["Alive 4.1@0"], true);
    solo.hear("Ping", "3.1", { n: 1, incarnation: 4 });
    equal(solo.take(), ["Ack(1) > 3.1 + Suspect 3.1@4 + Alive 4.1@0"]);
  },

  "it-comes-first-when-it-is-queued-behind-others"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: TELLING });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    solo.hear("Ping", "2.1", { n: 1 });
    solo.learn(["Alive 4.1@0"], true);
    solo.take();
    solo.hear("Ping", "3.1", { n: 2 });
    equal(solo.datagrams[0].updates.slice(0, 2), ["Suspect 3.1@0", "Alive 4.1@0"]);
  },

  "it-stands-once-in-a-datagram-though-it-is-queued-and-counts-as-sent"() {
    const solo = new Solo({
      knows: ["Alive 2.1@0", "Alive 3.1@0"],
      config: { ...TELLING, maxTransmissions: 2 },
    });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    solo.hear("Ping", "3.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 3.1 + Suspect 3.1@0"]);
    equal(solo.swim.updatesBacklog, 1);
    solo.hear("Ping", "2.1", { n: 2 });
    equal(solo.take(), ["Ack(2) > 2.1 + Suspect 3.1@0"]);
    solo.hear("Ping", "3.1", { n: 3 });
    equal([solo.take(), solo.swim.updatesBacklog], [["Ack(3) > 3.1 + Suspect 3.1@0"], 0]);
  },

  "what-is-held-back-for-the-successor-stays-queued-for-it"() {
    const config = {
      ...TELLING,
      gossipToSuccessor: true,
      periodicGossip: { frequencyMs: 200, numMembers: 2 },
    };
    const solo = new Solo({
      knows: ["Alive 2.1@0", "Alive 3.1@0"],
      config: { ...config, maxTransmissions: 3 },
    });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    solo.hear("Ping", "3.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 3.1 + Suspect 3.1@0"]);
    solo.pass(5000);
    const told = solo.datagrams.filter(({ updates }) => updates.length > 0);
    ok(
      told.some(({ to }) => to === "2.1"),
      "only the suspect was told",
    );
    for (const { updates } of told) equal(updates, ["Suspect 3.1@0"]);
    equal(solo.swim.updatesBacklog, 0);
  },

  "others-are-not-told-unless-it-is-queued"() {
    const solo = telling();
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.1"]);
  },

  "pings-and-gossips-to-a-suspect-have-it-too"() {
    const solo = telling();
    solo.swim.gossip();
    equal(solo.take().sort(), ["Gossip > 2.1", "Gossip > 3.1 + Suspect 3.1@4"]);
    for (let n = 1; n < 9; n++) {
      solo.pass(1500);
      const ping = solo.datagrams[0];
      const line = solo.take()[0];
      equal(line, ping.to === "3.1" ? `Ping(${n}) > 3.1 + Suspect 3.1@4` : `Ping(${n}) > 2.1`);
      solo.hear("Ack", ping.to, { n, incarnation: ping.to === "3.1" ? 4 : 0 });
    }
  },

  "what-we-pass-on-to-a-suspect-has-it-too"() {
    const solo = telling();
    solo.hear("PingReq", "2.1", { n: 7, subject: "3.1" });
    equal(solo.take(), ["IndirectPing(2.1, 7) > 3.1 + Suspect 3.1@4"]);
  },

  "another-identity-at-its-address-is-not-told"() {
    const solo = telling();
    solo.hear("PingReq", "2.1", { n: 7, subject: "3.9" });
    equal(solo.take(), ["IndirectPing(2.1, 7) > 3.9"]);
  },

  "a-suspect-that-refuted-is-not-told-any-more"() {
    const solo = telling();
    solo.hear("Ping", "3.1", { n: 1, incarnation: 5 });
    equal(solo.take(), ["Ack(1) > 3.1 + Alive 3.1@5"]);
  },

  "an-announce-to-a-suspect-has-no-updates"() {
    const solo = telling();
    solo.swim.announce({ addr: "10.0.0.3:7000", bump: 1 });
    equal(solo.take(), ["Announce > 3.1"]);
  },

  "of-a-small-datagram-it-is-the-first-and-the-rest-what-fits"() {
    // That is room for three of the four updates.
    const solo = new Solo({ knows: KNOWS, config: { ...TELLING, maxPacketSize: 53 } });
    solo.learn(["Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"], true);
    solo.hear("Ping", "3.1", { n: 1, incarnation: 4 });
    const [ack] = solo.datagrams;
    equal([ack.updates.length, ack.updates[0], solo.raw[0].length <= 2 * 53], [3, "Suspect 3.1@4", true]);
  },

  "without-the-setting-a-suspect-is-told-as-all-others"() {
    const solo = telling({ tellSuspects: false });
    solo.hear("Ping", "3.1", { n: 1, incarnation: 4 });
    equal(solo.take(), ["Ack(1) > 3.1"]);
  },

  "every-second-probe-goes-to-the-suspect-that-we-are-to-declare-down-next"() {
    for (let seed = 1; seed <= 10; seed++) {
      const found = targets(new Solo({ knows: SIX, config: SLOW, seed }), 10);
      const suspect = found[0];
      equal([found[1], found[3], found[5], found[7], found[9]], Array(5).fill(suspect));
      ok(found[2] !== suspect && found[4] !== suspect, "the others have their turns: " + found.join());
    }
  },

  "once-it-refuted-it-has-its-turns-as-others"() {
    const solo = new Solo({ knows: SIX, config: SLOW });
    const [suspect] = targets(solo, 2);
    solo.hear("Ack", suspect, { n: 2, incarnation: 1 });
    const found: string[] = [];
    for (let n = 3; n <= 6; n++) {
      solo.pass(1500);
      found.push(solo.datagrams[0].to);
      solo.take();
      solo.hear("Ack", found[found.length - 1], { n });
    }
    equal(found.includes(suspect), false);
  },

  "whom-others-suspect-is-for-them-to-probe"() {
    const solo = new Solo({ knows: [...SIX.slice(1), "Suspect 2.1@0"], config: SLOW });
    const found = targets(solo, 6, "none");
    equal(new Set(found).size, 6);
  },

  "without-the-setting-a-suspect-of-ours-waits-for-its-turn"() {
    const config = { ...SLOW, tellSuspects: false };
    const found = targets(new Solo({ knows: SIX, config }), 6);
    equal(new Set(found).size, 6);
  },
};
