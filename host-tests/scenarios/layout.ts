// What stands in a datagram, byte by byte. 10.0.0.1:7000 with bump 1 is 0a000001 fb581b 01 in bincode.
import { bincode, postcard } from "../../core/codec.js";
import type { Dialect } from "../../core/dialect.js";
import { plain, plainV4, plainV6, renewable, renewableAddr, renewableV4 } from "../../core/identity.js";
import type { IdentityType } from "../../core/identity.js";
import { socketAddrV6 } from "../../core/socket-addr.js";
import { bytesEqual, equal, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";

/** The one datagram that was sent. */
function only(solo: Solo): Uint8Array {
  equal(solo.raw.length, 1, "datagrams sent");
  return unhex(solo.raw[0]);
}

/** The bytes lie somewhere in a datagram. */
function sameEndpoint<T>(type: IdentityType<T>, identity: T, dialect: Dialect): void {
  const bytes = new Uint8Array(64).fill(0xa5);
  type.schema.write(dialect, identity, bytes, 7);
  equal(type.endpointAt?.(dialect, bytes, 7), type.endpoint(identity));
}

export const scenarios: Record<string, () => void> = {
  "an-endpoint-is-the-same-from-bytes-as-from-the-value"() {
    const addresses = ["1.2.3.4:80", "255.0.10.1:65535", "[::1]:1", "[fe80::a:b]:7946", "[::ffff:1.2.3.4]:5"];
    for (const addr of addresses) {
      const isV4 = !addr.startsWith("[");
      for (const { dialect } of [bincode, postcard]) {
        for (const type of [renewableAddr, isV4 ? renewableV4 : renewable(socketAddrV6)])
          sameEndpoint(type, { addr, bump: 3 }, dialect);
        for (const type of [plain, isV4 ? plainV4 : plainV6]) sameEndpoint(type, addr, dialect);
      }
    }
  },

  "a-ping-is-source-incarnation-destination-variant-number-count"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(1500);
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000002 fb581b 01  00 01  0000");
  },

  "a-ping-in-postcard-has-a-varint-port"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], dialect: "postcard" });
    solo.pass(1500);
    bytesEqual(only(solo), "0a000001 d836 01  00  0a000002 d836 01  00 01  0000");
  },

  "an-ack-brings-the-probe-number-back"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Ping", "2.1", { n: 200 });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000002 fb581b 01  01 c8  0000");
  },

  "a-ping-request-names-the-target-before-the-number"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], seed: 1 });
    solo.pass(1500);
    const target = solo.datagrams[0].to.split(".")[0];
    solo.take();
    solo.pass(500);
    const helper = target === "2" ? "3" : "2";
    const text = `0a000001 fb581b 01  00  0a00000${helper} fb581b 01  02  0a00000${target} fb581b 01  01  0000`;
    bytesEqual(only(solo), text);
  },

  "an-indirect-ping-names-the-origin-before-the-number"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.hear("PingReq", "2.1", { n: 7, subject: "3.1" });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000003 fb581b 01  03  0a000002 fb581b 01  07  0000");
  },

  "an-indirect-ack-names-the-origin-that-it-was-told"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("IndirectPing", "2.1", { n: 7, subject: "3.1" });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000002 fb581b 01  04  0a000003 fb581b 01  07  0000");
  },

  "a-forwarded-ack-names-who-was-pinged"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("IndirectAck", "2.1", { n: 7, subject: "3.1" });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000003 fb581b 01  05  0a000002 fb581b 01  07  0000");
  },

  "an-announce-ends-after-its-variant"() {
    const solo = new Solo();
    solo.swim.announce({ addr: "10.0.0.9:7000", bump: 0 });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000009 fb581b 00  06");
  },

  "an-announce-carries-neither-news-nor-broadcasts"() {
    const solo = new Solo({ handler: new VersionedItems() });
    solo.learn(["Alive 2.1@0"], true);
    solo.swim.addBroadcast(unhex("0101"));
    solo.swim.announce({ addr: "10.0.0.9:7000", bump: 0 });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000009 fb581b 00  06");
  },

  "a-turn-undead-carries-neither-news-nor-broadcasts"() {
    const config = { notifyDownMembers: true };
    const solo = new Solo({ config, handler: new VersionedItems() });
    solo.learn(["Alive 2.1@0", "Down 4.1@0"], true);
    solo.swim.addBroadcast(unhex("0101"));
    solo.hear("Ping", "4.1", { n: 1 });
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000004 fb581b 01  0a");
  },

  "an-update-is-identity-incarnation-state"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Ping", "2.1", { n: 1, updates: ["Suspect 3.300@300"] });
    bytesEqual(
      only(solo),
      "0a000001 fb581b 01  00  0a000002 fb581b 01  01 01  0001  0a000003 fb581b fb2c01  fb2c01  01",
    );
  },

  "a-feed-counts-its-members"() {
    const solo = new Solo({ knows: ["Down 3.1@5"] });
    solo.learn(["Suspect 4.1@9"], false);
    solo.hear("Announce", "2.1");
    bytesEqual(
      only(solo),
      "0a000001 fb581b 01  00  0a000002 fb581b 01  07  0001  0a000004 fb581b 01  09  01",
    );
  },

  "the-count-has-its-high-byte-first"() {
    const solo = new Solo({ config: { maxPacketSize: 4000 } });
    const members: string[] = [];
    for (let host = 2; host < 302; host++) members.push(`Alive ${host}.1@0`);
    solo.learn(members, true);
    solo.hear("Ping", "2.1", { n: 1 });
    bytesEqual(only(solo).slice(19, 21), "012c");
    equal(solo.datagrams[0].updates.length, 300, "updates");
  },

  "custom-broadcasts-follow-the-updates-each-behind-its-length"() {
    const solo = new Solo({ handler: new VersionedItems(), knows: ["Alive 2.1@0"] });
    solo.swim.addBroadcast(unhex("0101aa"));
    solo.swim.addBroadcast(unhex("0201"));
    solo.hear("Ping", "2.1", { n: 1 });
    bytesEqual(only(solo), "0a000001 fb581b 01 00 0a000002 fb581b 01 01 01  0000  0003 0101aa  0002 0201");
  },

  "a-broadcast-has-no-count"() {
    const solo = new Solo({ handler: new VersionedItems(), knows: ["Alive 2.1@0"] });
    solo.learn(["Alive 3.1@0", "Down 3.1@0"], true);
    solo.swim.addBroadcast(unhex("0101aa"));
    solo.swim.broadcast();
    bytesEqual(only(solo), "0a000001 fb581b 01  00  0a000002 fb581b 01  09  0003 0101aa");
  },

  "the-length-of-a-broadcast-has-its-high-byte-first"() {
    const solo = new Solo({ handler: new VersionedItems(), knows: ["Alive 2.1@0"] });
    solo.swim.addBroadcast(new Uint8Array(259).fill(7));
    solo.swim.broadcast();
    bytesEqual(only(solo).slice(18, 22), "0103 0707");
  },

  "our-incarnation-stands-in-every-header"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 1.1@400"] });
    bytesEqual(only(solo), "0a000001 fb581b 01  fb9101  0a000002 fb581b 01  08  0000");
  },
};
