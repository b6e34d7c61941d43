// A table that is full.
import { makeHeader, MessageKind, postcard } from "../../core/codec.js";
import { string, struct } from "../../core/compound.js";
import { simple } from "../../core/config.js";
import { identity, plainV4 } from "../../core/identity.js";
import { Metric } from "../../core/metrics.js";
import { u16 } from "../../core/schema.js";
import { statusName } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { equal, throwsWith } from "../support/assert.js";
import { seeded } from "../support/random.js";
import { Solo } from "../support/solo.js";

const SMALL = { maxMembers: 3, initialMembers: 1, probePeriodMs: 10_000_000 };

export const scenarios: Record<string, () => void> = {
  "the-down-member-closest-to-being-forgotten-makes-room"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Down 4.1@0"] });
    solo.pass(1000);
    solo.learn(["Down 3.1@0"], false);
    equal(solo.hear("Ping", "5.1", { n: 1 }), "Ok");
    equal(solo.state, ["Alive 2.1@0", "Alive 5.1@0", "Down 3.1@0"]);
    equal(solo.swim.metrics[Metric.EvictedMembers], 1);
    equal(solo.swim.metrics[Metric.RefusedMembers], 0);
    equal(solo.takeEvents(), ["memberUp 5.1"]);
  },

  "a-newer-identity-that-is-too-long-does-not-take-the-place-of-the-older"() {
    // The address takes seven bytes, and the number of this life three.
    for (const [maxIdentityLength, isTaken] of [
      [10, true],
      [9, false],
    ] as const) {
      const solo = new Solo({ config: { maxIdentityLength }, knows: ["Alive 2.1@0", "Alive 4.1@0"] });
      equal(solo.hear("Gossip", "2.1", { updates: ["Alive 4.300@0"] }), "Ok");
      equal(solo.state, ["Alive 2.1@0", isTaken ? "Alive 4.300@0" : "Alive 4.1@0"]);
      equal(solo.takeEvents(), [isTaken ? "rename 4.1 4.300" : "memberRefused 4.300"]);
      equal(solo.swim.metrics[Metric.RefusedMembers], isTaken ? 0 : 1);
    }
  },

  "a-full-table-of-active-members-refuses-a-newcomer"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Suspect 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Alive 5.1@0", "Suspect 6.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Suspect 4.1@0"]);
    equal(solo.takeEvents(), ["memberRefused 5.1", "memberRefused 6.1"]);
    equal(solo.swim.metrics[Metric.RefusedMembers], 2);
    equal(solo.swim.updatesBacklog, 0);
  },

  "a-refused-sender-is-answered-and-its-news-heard"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    equal(solo.hear("Ping", "5.1", { n: 8, updates: ["Suspect 2.1@0"] }), "Ok");
    equal(solo.take(), ["Ack(8) > 5.1 + Suspect 2.1@0"]);
    equal(solo.hear("Announce", "5.1"), "Ok");
    equal(solo.datagrams[0].updates.length, 3);
  },

  "a-refused-sender-can-free-its-own-place"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    equal(solo.hear("Ping", "5.1", { n: 8, updates: ["Down 2.1@0", "Alive 6.1@0"] }), "Ok");
    equal(solo.state, ["Alive 3.1@0", "Alive 4.1@0", "Alive 6.1@0"]);
    equal(solo.take(), ["Ack(8) > 5.1 + Alive 6.1@0"]);
  },

  "a-down-newcomer-pushes-nobody-out"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 5.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"]);
    equal(solo.swim.metrics[Metric.RefusedMembers], 1);
    equal(solo.swim.metrics[Metric.EvictedMembers], 0);
  },

  "nobody-is-told-of-a-down-stranger-that-found-no-room"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 5.1@0"] });
    equal(solo.takeEvents(), []);
  },

  "a-lowered-limit-forgets-the-down-only-where-that-makes-room"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Down 5.1@0", "Down 6.1@0"];
    const solo = new Solo({ config: { ...SMALL, maxMembers: 5 }, knows });
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 3 });
    solo.hear("Gossip", "2.1", { updates: ["Alive 7.1@0"] });
    equal(solo.takeEvents(), ["memberRefused 7.1"]);
    equal(solo.swim.metrics[Metric.EvictedMembers], 0);
    equal(solo.state.length, 5);
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 4 });
    solo.hear("Gossip", "2.1", { updates: ["Alive 7.1@0"] });
    equal(solo.takeEvents(), ["memberUp 7.1"]);
    equal(solo.swim.metrics[Metric.EvictedMembers], 2);
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 7.1@0"]);
  },

  "one-long-name-does-not-widen-the-table-beyond-its-limit"() {
    const type = identity({
      schema: struct({ name: string(900), life: u16 }),
      address: "name",
      winsAddrConflict: (id, other) => id.life > other.life,
    });
    const refused: string[] = [];
    const sent: number[] = [];
    const swim = new Swim<{ name: string; life: number }>({
      identity: { name: "a", life: 1 },
      identityType: type,
      codec: postcard,
      config: { ...simple(), maxIdentityLength: 40 },
      random: seeded(3),
      runtime: {
        now: () => 0,
        sendTo: (_to, _data, start, end) => void sent.push(end - start),
        submitAfter: () => undefined,
        memberRefused: ({ name }) => void refused.push(name.slice(0, 1) + name.length),
      },
    });
    const alive = (name: string) => ({
      identity: { name, life: 1 },
      incarnation: 0,
      state: "Alive" as const,
    });
    swim.applyMany([alive("b"), alive("c".repeat(38)), alive("d".repeat(39)), alive("e".repeat(900))], false);
    equal(swim.numMembers, 2);
    equal(refused, ["d39", "e900"]);
    throwsWith({ name: "RangeError", message: "maxIdentityLength" }, () =>
      swim.announce({ name: "f".repeat(39), life: 1 }),
    );
    throwsWith({ name: "RangeError", message: "maxIdentityLength" }, () =>
      swim.setConfig({ ...swim.config, maxIdentityLength: 39 }),
    );
    throwsWith({ name: "RangeError", message: "maxIdentityLength" }, () =>
      swim.changeIdentity({ name: "g".repeat(39), life: 1 }),
    );
    // A sender with such a name is refused whole, because no answer to it has room.
    const out = new Uint8Array(1400);
    const dialect = postcard.dialect;
    const header = makeHeader<{ name: string; life: number }>({ schema: type.schema, dialect });
    const point = (ref: typeof header.source, name: string) => {
      const bytes = new Uint8Array(1000);
      ref.set(bytes, 0, type.schema.write(dialect, { name, life: 1 }, bytes, 0));
    };
    point(header.source, "h".repeat(39));
    point(header.destination, "a");
    point(header.subject, "b");
    header.kind = MessageKind.Ping;
    sent.length = 0;
    equal(statusName(swim.handleData(out, 0, postcard.writeHeader(header, out, 0))), "Decode");
    point(header.source, "h".repeat(38));
    equal(statusName(swim.handleData(out, 0, postcard.writeHeader(header, out, 0))), "Ok");
    header.kind = MessageKind.PingReq;
    point(header.subject, "i".repeat(39));
    equal(statusName(swim.handleData(out, 0, postcard.writeHeader(header, out, 0))), "Decode");
    equal(sent.length, 1);
  },

  "a-datagram-that-could-never-carry-an-update-is-too-small"() {
    // With identities of up to 7 bytes a header takes 26 at most, and a Gossip with an update 19 + 2 + 11.
    const make = (maxPacketSize: number) =>
      new Swim({
        identity: "10.0.0.1:7000",
        identityType: plainV4,
        codec: postcard,
        config: { ...simple(), maxPacketSize },
        random: seeded(3),
        runtime: { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined },
      });
    throwsWith({ name: "RangeError", message: "maxPacketSize" }, () => make(27));
    make(32);
  },

  "known-members-change-in-a-full-table-as-ever"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Alive 4.2@0", "Suspect 3.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 4.2@0", "Suspect 3.1@0"]);
  },

  "an-evicted-member-is-spread-no-more"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 4.1@0"] });
    equal(solo.swim.updatesBacklog, 1);
    solo.hear("Ping", "5.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 5.1 + Alive 5.1@0"]);
  },

  "a-lowered-limit-forgets-nobody-and-takes-nobody"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 1 });
    solo.hear("Ping", "4.1", { n: 1 });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0"]);
  },

  "a-raised-limit-takes-more"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"];
    const solo = new Solo({ config: SMALL, knows });
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 5 });
    const updates = ["Alive 5.1@0", "Alive 6.1@0", "Alive 7.1@0"];
    solo.hear("Gossip", "2.1", { updates });
    equal(solo.swim.numMembers, 5);
    equal(solo.swim.metrics[Metric.RefusedMembers], 1);
  },

  "a-table-grows-without-losing-anybody"() {
    const solo = new Solo({ config: { initialMembers: 1, maxMembers: 1000, probePeriodMs: 10_000_000 } });
    const expected: string[] = [];
    for (let host = 2; host < 500; host++) {
      const state = ["Alive", "Suspect", "Down"][host % 3];
      // Bumps of one, three and five bytes widen the rows as they come.
      expected.push(`${state} ${host}.${[1, 300, 70000][Math.floor(host / 100) % 3]}@${host}`);
      solo.learn([expected[expected.length - 1]], true);
    }
    equal(solo.state, expected.sort());
    equal(solo.swim.updatesBacklog, 498);
  },
};
