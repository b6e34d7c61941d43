// The datagrams that are sent: the room before and behind them, and what has no room in them.
import { expect, test } from "vitest";
import { bincode } from "../../core/codec.js";
import { simple } from "../../core/config.js";
import { renewableV4 } from "../../core/identity.js";
import { Metric } from "../../core/metrics.js";
import { Swim } from "../../core/swim.js";
import { seeded } from "../support/random.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

/** The largest number of a life that a number holds, so that an identity takes 16 bytes. */
const LATE = 9_007_199_254_740_991;
/** The least that takes any header. */
const LEAST = 53;

test("each-datagram-has-the-room-before-it-and-behind-it-also-with-other-settings", () => {
  const sent: number[][] = [];
  const swim = new Swim({
    identity: peer("1.1"),
    identityType: renewableV4,
    codec: bincode,
    config: { ...simple(), maxPacketSize: 100 },
    headroom: 5,
    tailroom: 7,
    runtime: {
      now: () => 0,
      submitAfter: () => undefined,
      sendTo: (_to, data, start, end) => sent.push([data.length, start, end]),
    },
    random: seeded(1),
  });
  swim.applyMany([{ identity: peer("2.1"), incarnation: 0, state: "Alive" }], false);
  for (const maxPacketSize of [100, 200, 60]) {
    swim.setConfig({ ...simple(), maxPacketSize });
    swim.gossip();
    // A Gossip between identities of 8 bytes and its count.
    expect(sent.pop()).toEqual([5 + maxPacketSize + 7, 5, 5 + 18 + 2]);
  }
  expect(swim.metrics[Metric.BytesSent]).toBe(3 * 20);
});

test("a-suspect-without-room-for-its-suspicion-is-sent-the-message-all-the-same", () => {
  const knows = [`Alive 2.${LATE}@0`, `Suspect 3.${LATE}@0`];
  const solo = new Solo({ config: { maxPacketSize: LEAST, tellSuspects: true }, knows });
  solo.hear("PingReq", "2." + LATE, { n: 1, subject: "3." + LATE });
  // 43 bytes of header and 2 of the count leave 8, and an update of it takes 18.
  expect([solo.take(), solo.swim.metrics[Metric.UpdatesSent]]).toEqual([
    [`IndirectPing(2.${LATE}, 1) > 3.${LATE}`],
    0,
  ]);
});

test("who-came-back-from-a-nap-is-told-of-as-many-down-as-fit", () => {
  const dead = [4, 5, 6, 7, 8, 9, 10].map((host) => `Down ${host}.${host % 2 === 0 ? 1 : LATE}@0`);
  const knows = ["Alive 3.1@0", "Down 2.1@62421", ...dead];
  const solo = new Solo({ knows, config: { maxPacketSize: 78 } });
  solo.hear("Announce", "2.2");
  const [, gossip] = solo.datagrams;
  // 20 bytes before them leave 58: for all four of 10 bytes and one of the three of 18, or two of each.
  const lengths = gossip.updates.map((update) => (update.includes("." + LATE) ? 18 : 10));
  const sum = lengths.reduce((total, length) => total + length, 0);
  expect([gossip.kind, sum > 48, sum <= 58]).toEqual(["Gossip", true, true]);
  expect(solo.raw[1].length / 2).toBe(20 + sum);
  for (const update of gossip.updates) expect(dead).toContain(update);
});

test("news-waits-for-the-successor-only-where-gossips-go-to-it-and-it-may-be-sent-three-times", () => {
  const periodicGossip = { frequencyMs: 200, numMembers: 2 };
  for (const [config, waits] of [
    [{ periodicGossip, maxTransmissions: 3 }, true],
    [{ periodicGossip, maxTransmissions: 2 }, false],
    [{ periodicGossip: null, maxTransmissions: 3 }, false],
  ] as const) {
    const solo = new Solo({ config: { gossipToSuccessor: true, ...config }, knows: ["Alive 2.1@0"] });
    solo.learn(["Down 9.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1 });
    expect(solo.take()).toEqual(["Ack(1) > 2.1" + (waits ? "" : " + Down 9.1@0")]);
  }
});

test("a-handler-is-not-asked-who-wants-broadcasts-while-there-are-none", () => {
  let asked = 0;
  const handler = { receiveItem: () => null, shouldAddBroadcastData: () => ++asked > 0 };
  const solo = new Solo({ handler, knows: ["Alive 2.1@0"] });
  solo.hear("Announce", "2.1");
  solo.hear("Ping", "2.1", { n: 1 });
  expect([solo.take().length, asked]).toEqual([2, 0]);
});
