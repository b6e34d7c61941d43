// What becomes of a datagram, in the order in which it is looked at.
import { identity, renewableV4, type Renewable } from "../../core/identity.js";
import { equal, ok, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { refuses } from "../support/refusal.js";
import { Solo } from "../support/solo.js";
import { encode } from "../support/wire.js";

const PING = "0a000002 fb581b 01  00  0a000001 fb581b 01  00 05";

function connected(): Solo {
  return new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"], handler: new VersionedItems() });
}

export const scenarios: Record<string, () => void> = {
  "stale-updates-count-as-they-stand-when-the-sender-is-entered"() {
    // Where neither of two identities of one address wins, the later one takes the place: the sender, then the update.
    const { schema } = renewableV4;
    const identityType = identity<Renewable>({ schema, address: "addr", winsAddrConflict: () => false });
    const solo = new Solo({ identityType, knows: ["Alive 2.1@0"] });
    equal(solo.hear("Gossip", "2.2", { updates: ["Alive 2.1@0"] }), "Ok");
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "an-update-about-the-sender-falls-short-of-the-sender-itself"() {
    const solo = new Solo({ knows: ["Suspect 2.1@1", "Alive 3.1@0"] });
    equal(solo.hear("Gossip", "2.1", { incarnation: 2, updates: ["Suspect 2.1@1", "Alive 3.1@0"] }), "Ok");
    equal(solo.state, ["Alive 2.1@2", "Alive 3.1@0"]);
  },

  "strangers-that-tell-of-strangers-are-entered-once-each"() {
    const solo = new Solo();
    for (let repeat = 0; repeat < 2; repeat++) {
      for (let host = 2; host < 42; host += 4) {
        solo.hear("PingReq", `${host}.1`, {
          n: 1,
          subject: `${host + 1}.1`,
          updates: [`Alive ${host + 2}.1@0`],
        });
        solo.hear("PingReq", `${host + 3}.1`, { n: 2, subject: `${host}.1` });
      }
    }
    equal(new Set(solo.state).size, 30);
    equal(solo.state.length, 30);
  },

  "one-piece-of-news-among-stale-ones-counts-wherever-it-stands"() {
    const stale = ["Alive 3.1@0", "Alive 4.1@0"];
    for (let place = 0; place <= stale.length; place++) {
      for (const news of ["Suspect 4.1@0", "Alive 5.1@0", "Down 3.1@0", "Alive 3.2@0"]) {
        const solo = new Solo({ knows: ["Alive 2.1@0", ...stale] });
        const before = solo.state;
        const updates = [...stale.slice(0, place), news, ...stale.slice(place)];
        equal(solo.hear("Gossip", "2.1", { updates }), "Ok");
        ok(solo.state.join() !== before.join() && solo.state.includes(news), `${news} at ${place}`);
      }
    }
  },

  "a-datagram-over-the-limit-is-too-big"() {
    const solo = new Solo({ config: { maxReceiveSize: 20 }, knows: ["Alive 2.1@0"] });
    refuses(solo, unhex(PING + "0000"), "DataTooBig");
  },

  "a-datagram-at-the-limit-is-taken"() {
    const solo = new Solo({ config: { maxReceiveSize: 21 }, knows: ["Alive 2.1@0"] });
    equal(solo.hearBytes(unhex(PING + "0000")), "Ok");
    equal(solo.take(), ["Ack(5) > 2.1"]);
  },

  "what-is-too-big-is-not-even-decoded"() {
    const solo = new Solo({ config: { maxReceiveSize: 20 } });
    refuses(solo, new Uint8Array(21).fill(255), "DataTooBig");
  },

  "a-larger-limit-for-receiving-hears-larger-peers"() {
    const solo = new Solo({ config: { maxPacketSize: 60, maxReceiveSize: 1400 }, knows: ["Alive 2.1@0"] });
    const updates: string[] = [];
    for (let host = 10; host < 60; host++) updates.push(`Alive ${host}.1@0`);
    equal(solo.hear("Gossip", "2.1", { updates }), "Ok");
    equal(solo.swim.numMembers, 51);
  },

  "nothing-at-all-does-not-decode"() {
    refuses(connected(), new Uint8Array(0), "Decode");
  },

  "a-header-cut-short-does-not-decode"() {
    const bytes = unhex(PING);
    for (let end = 0; end < bytes.length; end++) refuses(connected(), bytes.slice(0, end), "Decode");
  },

  "an-unknown-message-does-not-decode"() {
    refuses(connected(), unhex("0a000002 fb581b 01  00  0a000001 fb581b 01  0b"), "Decode");
  },

  "an-incarnation-beyond-sixteen-bits-does-not-decode"() {
    refuses(connected(), unhex("0a000002 fb581b 01  fc00000100  0a000001 fb581b 01  00 05"), "Decode");
  },

  "our-own-identity-as-source-is-refused"() {
    const solo = connected();
    refuses(solo, encode(solo.datagram("Ping", "1.1", { n: 1 })), "DataFromOurselves");
  },

  "our-address-as-source-is-refused-whatever-the-bump"() {
    const solo = connected();
    refuses(solo, encode(solo.datagram("Ping", "1.2", { n: 1 })), "DataFromOurselves");
  },

  "another-port-of-our-host-is-another-member"() {
    const solo = new Solo();
    // 10.0.0.1:7001, then :6744, which differ from our port in the first or the last byte only.
    equal(solo.hearBytes(unhex("0a000001 fb591b 01  00  0a000001 fb581b 01  08")), "Ok");
    equal(solo.hearBytes(unhex("0a000001 fb581a 01  00  0a000001 fb581b 01  08")), "Ok");
    equal(solo.state, ["Alive 10.0.0.1:6744/1@0", "Alive 10.0.0.1:7001/1@0"]);
  },

  "from-ourselves-comes-before-malformed"() {
    refuses(connected(), unhex("0a000001 fb581b 02  00  0a000001 fb581b 01  00 05  00"), "DataFromOurselves");
  },

  "a-single-trailing-byte-is-malformed"() {
    refuses(connected(), unhex(PING + "00"), "MalformedPacket");
  },

  "an-announce-with-a-body-is-malformed"() {
    refuses(connected(), unhex("0a000002 fb581b 01  00  0a000001 fb581b 01  06  0000"), "MalformedPacket");
  },

  "malformed-comes-before-not-for-us"() {
    refuses(connected(), unhex("0a000002 fb581b 01  00  0a000009 fb581b 01  00 05  00"), "MalformedPacket");
  },

  "what-is-for-another-is-dropped-in-silence"() {
    const solo = connected();
    refuses(
      solo,
      encode(solo.datagram("Ping", "8.1", { n: 1, to: "9.1", updates: ["Alive 6.1@0"] })),
      "NotForUs",
    );
  },

  "what-is-for-a-stale-identity-of-ours-is-dropped"() {
    const solo = connected();
    refuses(solo, encode(solo.datagram("Ping", "2.1", { n: 1, to: "1.0" })), "NotForUs");
  },

  "a-turn-undead-for-a-stale-identity-of-ours-is-dropped"() {
    const solo = connected();
    refuses(solo, encode(solo.datagram("TurnUndead", "2.1", { to: "1.0" })), "NotForUs");
  },

  "an-announce-needs-our-address-only"() {
    const solo = new Solo();
    equal(solo.hear("Announce", "2.1", { to: "1.0" }), "Ok");
    equal(solo.take(), ["Feed > 2.1"]);
  },

  "an-announce-to-another-address-is-dropped"() {
    const solo = new Solo();
    refuses(solo, encode(solo.datagram("Announce", "2.1", { to: "9.1" })), "NotForUs");
  },

  "not-for-us-comes-before-its-updates"() {
    const bytes = unhex("0a000002 fb581b 01  00  0a000009 fb581b 01  00 05  0001 ffff");
    refuses(connected(), bytes, "NotForUs");
  },

  "no-update-counts-when-one-does-not-decode"() {
    const solo = connected();
    const bytes = encode(solo.datagram("Gossip", "8.1", { updates: ["Alive 6.1@0", "Down 2.1@0"] }));
    refuses(solo, bytes.slice(0, -1), "Decode");
  },

  "more-updates-told-than-there-are-does-not-decode"() {
    const solo = connected();
    const bytes = encode(solo.datagram("Gossip", "8.1", { updates: ["Alive 6.1@0"] }));
    bytes[19] = 2;
    refuses(solo, bytes, "Decode");
  },

  "an-update-of-unknown-state-does-not-decode"() {
    const solo = connected();
    const bytes = encode(solo.datagram("Gossip", "8.1", { updates: ["Alive 6.1@0"] }));
    bytes[bytes.length - 1] = 3;
    refuses(solo, bytes, "Decode");
  },

  "a-broadcast-of-no-length-is-malformed"() {
    refuses(connected(), unhex(PING + "0000 0000"), "MalformedPacket");
  },

  "a-broadcast-longer-than-what-is-left-is-malformed"() {
    refuses(connected(), unhex(PING + "0000 0003 0101"), "MalformedPacket");
  },

  "a-broken-broadcast-voids-the-updates-and-broadcasts-before-it"() {
    const solo = connected();
    const bytes = encode(
      solo.datagram("Ping", "8.1", { n: 1, updates: ["Alive 6.1@0"], broadcasts: ["0101"] }),
    );
    const broken = new Uint8Array(bytes.length + 2);
    broken.set(bytes);
    refuses(solo, broken, "MalformedPacket");
  },

  "an-unknown-sender-becomes-a-member"() {
    const solo = new Solo();
    equal(solo.hear("Gossip", "2.1", { incarnation: 4 }), "Ok");
    equal(solo.state, ["Alive 2.1@4"]);
    equal(solo.takeEvents(), ["memberUp 2.1", "active"]);
  },

  "a-sender-with-a-higher-incarnation-clears-its-suspicion"() {
    const solo = new Solo({ knows: ["Suspect 2.1@0"] });
    solo.hear("Gossip", "2.1", { incarnation: 1 });
    equal(solo.state, ["Alive 2.1@1"]);
  },

  "a-suspect-that-speaks-at-its-incarnation-stays-a-suspect"() {
    const solo = new Solo({ knows: ["Suspect 2.1@1"] });
    equal(solo.hear("Ping", "2.1", { incarnation: 1, n: 9 }), "Ok");
    equal(solo.state, ["Suspect 2.1@1"]);
    equal(solo.take(), ["Ack(9) > 2.1"]);
  },

  "a-sender-held-down-is-ignored"() {
    const solo = connected();
    const says = { n: 1, updates: ["Alive 6.1@0"], broadcasts: ["0101"] };
    refuses(solo, encode(solo.datagram("Ping", "4.1", says)), "InactiveSender");
  },

  "a-sender-held-down-is-told-so-when-we-notify"() {
    const config = { notifyDownMembers: true };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Down 4.1@0"] });
    equal(solo.hear("Ping", "4.1", { n: 1, incarnation: 9 }), "InactiveSender");
    equal(solo.take(), ["TurnUndead > 4.1"]);
    equal(solo.state, ["Alive 2.1@0", "Down 4.1@0"]);
  },

  "a-sender-whose-address-has-a-newer-identity-is-ignored"() {
    const solo = new Solo({ knows: ["Alive 2.5@0"] });
    refuses(solo, encode(solo.datagram("Ping", "2.4", { n: 1, updates: ["Alive 6.1@0"] })), "InactiveSender");
  },

  "the-stale-identity-itself-gets-the-turn-undead"() {
    const solo = new Solo({ config: { notifyDownMembers: true }, knows: ["Alive 2.5@0"] });
    equal(solo.hear("Ping", "2.4", { n: 1 }), "InactiveSender");
    equal(solo.take(), ["TurnUndead > 2.4 + Alive 2.5@0"]);
  },

  "a-turn-undead-from-an-inactive-sender-counts"() {
    const solo = connected();
    equal(solo.hear("TurnUndead", "4.1"), "InactiveSender");
    equal(solo.identity, "1.2");
    equal(solo.takeEvents(), ["rejoin 1.2"]);
  },

  "a-sender-that-its-own-updates-declare-down-is-answered-still"() {
    const solo = connected();
    equal(solo.hear("Ping", "2.1", { n: 3, updates: ["Down 2.1@0"] }), "Ok");
    equal(solo.take(), ["Ack(3) > 2.1 + Down 2.1@0"]);
  },

  "a-node-that-its-updates-left-alone-does-not-answer"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    equal(solo.hear("Ping", "2.1", { n: 3, updates: ["Down 2.1@0"] }), "Ok");
    equal(solo.take(), []);
    equal(solo.takeEvents(), ["memberDown 2.1", "idle"]);
  },

  "a-ping-without-a-count-is-whole"() {
    const solo = connected();
    equal(solo.hearBytes(unhex(PING)), "Ok");
    equal(solo.take(), ["Ack(5) > 2.1"]);
  },

  "a-ping-is-answered-with-an-ack"() {
    const solo = connected();
    equal(solo.hear("Ping", "2.1", { n: 255 }), "Ok");
    equal(solo.take(), ["Ack(255) > 2.1"]);
  },

  "a-ping-request-is-passed-to-its-target"() {
    const solo = connected();
    equal(solo.hear("PingReq", "2.1", { n: 4, subject: "3.1" }), "Ok");
    equal(solo.take(), ["IndirectPing(2.1, 4) > 3.1"]);
  },

  "a-ping-request-for-a-stranger-is-passed-on-too"() {
    const solo = connected();
    equal(solo.hear("PingReq", "2.1", { n: 4, subject: "77.1" }), "Ok");
    equal(solo.take(), ["IndirectPing(2.1, 4) > 77.1"]);
    equal(solo.swim.numMembers, 2);
  },

  "an-indirect-ping-is-answered-to-its-sender"() {
    const solo = connected();
    equal(solo.hear("IndirectPing", "3.1", { n: 4, subject: "2.1" }), "Ok");
    equal(solo.take(), ["IndirectAck(2.1, 4) > 3.1"]);
  },

  "an-indirect-ack-is-passed-to-who-asked"() {
    const solo = connected();
    equal(solo.hear("IndirectAck", "3.1", { n: 4, subject: "2.1" }), "Ok");
    equal(solo.take(), ["ForwardedAck(3.1, 4) > 2.1"]);
  },

  "an-announce-is-answered-with-a-feed"() {
    const solo = connected();
    equal(solo.hear("Announce", "9.1"), "Ok");
    equal(
      solo.take().map((line) => line.slice(0, 10)),
      ["Feed > 9.1"],
    );
  },

  "feed-gossip-and-broadcast-are-not-answered"() {
    const solo = connected();
    equal(solo.hear("Feed", "2.1", { updates: ["Alive 6.1@0"] }), "Ok");
    equal(solo.hear("Gossip", "2.1", { updates: ["Alive 7.1@0"] }), "Ok");
    equal(solo.hear("Broadcast", "2.1", { broadcasts: ["0101"] }), "Ok");
    equal(solo.take(), []);
    equal(solo.swim.numMembers, 4);
  },

  ...namesOurselves(),

  "a-datagram-in-longer-integers-is-the-same-datagram"() {
    const solo = new Solo();
    // Bump 5 and incarnation 2 in four bytes each, the message's variant in two.
    equal(solo.hearBytes(unhex("0a000002 fb581b fc05000000 fb0200 0a000001 fb581b fb0100 fb0000 09")), "Ok");
    equal(solo.state, ["Alive 2.5@2"]);
    equal(solo.take(), ["Ack(9) > 2.5 + Alive 2.5@2"]);
    solo.takeEvents();
    refuses(solo, unhex("0a000001 fb581b fb0100 00 0a000001 fb581b 01 00 09"), "DataFromOurselves");
  },

  "an-update-in-longer-integers-is-the-member-that-is-known"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.5@0"] });
    const head = "0a000002 fb581b 01  00  0a000001 fb581b 01  08  0001";
    equal(solo.hearBytes(unhex(head + "0a000003 fb581b fd0500000000000000 fb0100 fb0100")), "Ok");
    equal(solo.state, ["Alive 2.1@0", "Suspect 3.5@1"]);
    equal(solo.takeEvents(), []);
  },

  "of-an-identity-as-long-as-it-may-be-one-may-ask-and-of-a-longer-one-not"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: { maxIdentityLength: 8 } });
    const ask = (subject: string): string => solo.hear("PingReq", "2.1", { n: 1, subject });
    equal([ask("9.1"), ask("9.300"), ask("9.1")], ["Ok", "Decode", "Ok"]);
    // What a datagram that is refused names does not count against the next.
    for (const kind of ["Ping", "Ack", "Announce", "Feed", "Gossip", "Broadcast", "TurnUndead"] as const) {
      ask("9.300");
      equal(solo.hear(kind, "2.1", kind === "Ping" || kind === "Ack" ? { n: 1 } : {}), "Ok", kind);
    }
  },

  "a-sender-is-taken-at-its-word-whatever-its-incarnation"() {
    const hosts = Array.from({ length: 40 }, (_, i) => i + 2);
    const solo = new Solo({ knows: hosts.map((host) => `Alive ${host}.1@0`) });
    // Also at numbers that stand elsewhere in the table: in addresses, ports, and slots.
    for (const incarnation of [1, 10, 7000]) {
      for (const host of hosts) solo.hear("Gossip", host + ".1", { incarnation });
      equal(
        solo.swim.members().filter((member) => member.incarnation !== incarnation),
        [],
      );
    }
  },
};

/** Each of the four messages that can name us, naming us. */
function namesOurselves(): Record<string, () => void> {
  const named: Record<string, () => void> = {};
  for (const kind of ["PingReq", "IndirectPing", "IndirectAck", "ForwardedAck"] as const) {
    named[`a-${kind}-that-names-ourselves-is-not-answered-but-its-news-stand`] = () => {
      const solo = connected();
      const says = { n: 1, subject: "1.1", updates: ["Alive 6.1@0"] };
      equal(solo.hear(kind, "2.1", says), "IndirectForOurselves");
      equal(solo.take(), []);
      equal(solo.takeEvents(), ["memberUp 6.1"]);
    };
  }
  return named;
}
