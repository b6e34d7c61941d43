// What rides on a datagram, and in which order. A member with bump 1 takes 10 bytes, with bump 300 12, with 70000 14; an
// Ack between members with bump 1 takes 19, its count 2.
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";

function ack(solo: Solo): string[] {
  solo.take();
  solo.hear("Ping", "2.1", { n: 1 });
  const updates = solo.datagrams[0].updates;
  solo.take();
  return updates;
}

export const scenarios: Record<string, () => void> = {
  "the-least-sent-goes-first"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.learn(["Alive 3.70000@0"], true);
    equal(ack(solo), ["Alive 3.70000@0"]);
    solo.learn(["Alive 4.1@0"], true);
    equal(ack(solo), ["Alive 4.1@0", "Alive 3.70000@0"]);
    equal(ack(solo), ["Alive 4.1@0", "Alive 3.70000@0"]);
  },

  "of-equally-sent-the-larger-goes-first"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.learn(["Alive 3.1@0", "Alive 4.70000@0", "Alive 5.300@0"], true);
    equal(ack(solo), ["Alive 4.70000@0", "Alive 5.300@0", "Alive 3.1@0"]);
  },

  "an-update-is-sent-max-transmissions-times"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxTransmissions: 3 } });
    solo.learn(["Alive 3.1@0"], true);
    const counts: number[] = [];
    for (let i = 0; i < 5; i++) {
      counts.push(solo.swim.updatesBacklog);
      ack(solo);
    }
    equal(counts, [1, 1, 1, 0, 0]);
    equal(ack(solo), []);
  },

  "newer-news-of-a-member-start-counting-anew"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxTransmissions: 2 } });
    solo.learn(["Alive 3.1@0"], true);
    ack(solo);
    solo.learn(["Suspect 3.1@0"], true);
    equal(solo.swim.updatesBacklog, 1);
    equal(ack(solo), ["Suspect 3.1@0"]);
    equal(ack(solo), ["Suspect 3.1@0"]);
    equal(ack(solo), []);
  },

  "an-update-that-does-not-fit-leaves-nothing-behind"() {
    // 53 bytes: the header, the count, three members of ten bytes, two bytes of room.
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxPacketSize: 53 } });
    solo.learn(["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.raw[0].length / 2, 51);
    equal(solo.datagrams[0].updates.length, 3);
  },

  "what-did-not-fit-goes-first-the-next-time"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxPacketSize: 53 } });
    solo.learn(["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"], true);
    const first = ack(solo);
    const left = ["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"].filter(
      (one) => !first.includes(one),
    );
    equal(left.length, 1);
    equal(ack(solo)[0], left[0]);
  },

  "a-smaller-update-fills-the-room-that-a-larger-leaves"() {
    // Room for 38 bytes: 14 + 14, then 10 in the place of the third 14.
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxPacketSize: 59 } });
    solo.learn(["Alive 3.70000@0", "Alive 4.70000@0", "Alive 5.70000@0", "Alive 6.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.raw[0].length / 2, 59);
    equal(solo.datagrams[0].updates.length, 3);
    equal(solo.datagrams[0].updates[2], "Alive 6.1@0");
  },

  "a-member-in-the-queue-is-told-as-it-is-now"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    solo.hear("Gossip", "3.1", { incarnation: 1 });
    equal(ack(solo), ["Alive 3.1@1"]);
  },

  "a-feed-tells-the-active-members-but-not-to-themselves"() {
    const solo = new Solo({ knows: ["Alive 2.1@3", "Suspect 3.1@4", "Down 4.1@5", "Alive 5.1@0"] });
    solo.hear("Announce", "5.1");
    equal(solo.datagrams[0].updates.sort(), ["Alive 2.1@3", "Suspect 3.1@4"]);
    equal(solo.datagrams[0].to, "5.1");
  },

  "a-feed-to-a-newcomer-does-not-tell-it-of-itself"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Announce", "9.1");
    equal(solo.datagrams[0].updates, ["Alive 2.1@0"]);
  },

  "a-feed-uses-up-no-update"() {
    const solo = new Solo({ config: { maxTransmissions: 1 } });
    solo.learn(["Alive 2.1@0"], true);
    solo.hear("Announce", "9.1");
    equal(solo.swim.updatesBacklog, 2);
  },

  "a-feed-of-a-crowd-is-a-random-choice-that-fits"() {
    const solo = new Solo({ config: { maxPacketSize: 128 } });
    const crowd: string[] = [];
    for (let host = 2; host < 42; host++) crowd.push(`Alive ${host}.1@0`);
    solo.learn(crowd, false);
    const told = new Set<string>();
    for (let i = 0; i < 60; i++) {
      solo.hear("Announce", "2.1");
      const updates = solo.datagrams[0].updates;
      // An empty Feed takes 18 and 2 bytes; ten members of ten bytes fit the rest.
      equal(updates.length, 10);
      equal(new Set(updates).size, 10);
      for (const update of updates) told.add(update);
      solo.take();
    }
    equal(told.size, 39);
    equal(told.has("Alive 2.1@0"), false);
  },

  "every-message-but-three-carries-news"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.learn(["Down 4.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1 });
    solo.hear("PingReq", "2.1", { n: 1, subject: "3.1" });
    solo.hear("IndirectPing", "2.1", { n: 1, subject: "3.1" });
    solo.hear("IndirectAck", "2.1", { n: 1, subject: "3.1" });
    solo.swim.gossip();
    solo.pass(2000);
    const kinds = solo.datagrams.map((sent) => sent.kind);
    equal([...new Set(kinds)].sort(), [
      "Ack",
      "ForwardedAck",
      "Gossip",
      "IndirectAck",
      "IndirectPing",
      "Ping",
      "PingReq",
    ]);
    for (const sent of solo.datagrams) equal(sent.updates, ["Down 4.1@0"], sent.kind);
  },

  "a-raised-limit-of-transmissions-counts-for-later-updates"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxTransmissions: 1 } });
    solo.learn(["Alive 3.1@0"], true);
    solo.swim.setConfig({ ...solo.swim.config, maxTransmissions: 200 });
    solo.learn(["Alive 4.1@0"], true);
    equal(ack(solo), ["Alive 4.1@0", "Alive 3.1@0"]);
    equal(ack(solo), ["Alive 4.1@0"]);
  },

  "a-lowered-limit-of-transmissions-leaves-what-is-queued"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxTransmissions: 4 } });
    solo.learn(["Alive 3.1@0"], true);
    solo.swim.setConfig({ ...solo.swim.config, maxTransmissions: 1 });
    for (let i = 0; i < 4; i++) equal(ack(solo), ["Alive 3.1@0"]);
    equal(ack(solo), []);
  },
};
