// Custom broadcasts: what the handler is asked, what is kept, and in which order it goes out.
import type { BroadcastHandler, BroadcastKey } from "../../core/broadcasts.js";
import type { Renewable } from "../../core/identity.js";
import { Metric } from "../../core/metrics.js";
import { equal, hex, throwsWith, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { nameOf } from "../support/wire.js";

function talking(options: SoloOptions = {}): Solo {
  return new Solo({ knows: ["Alive 2.1@0"], handler: new VersionedItems(), ...options });
}

function broadcasts(solo: Solo): string[] {
  solo.take();
  solo.swim.broadcast();
  const items = solo.datagrams.length === 0 ? [] : solo.datagrams[0].broadcasts;
  solo.take();
  return items;
}

/** Keeps everything. */
class Everything implements BroadcastHandler<Renewable> {
  receiveItem(): BroadcastKey {
    return { invalidates: () => false };
  }
}

export const scenarios: Record<string, () => void> = {
  "news-is-kept-and-passed-on"() {
    const solo = talking();
    equal(solo.hear("Ping", "2.1", { n: 1, broadcasts: ["0101aa"] }), "Ok");
    equal(solo.take(), ["Ack(1) > 2.1 * 0101aa"]);
    equal(solo.swim.customBroadcastBacklog, 1);
  },

  "what-is-known-is-not-passed-on"() {
    const solo = talking();
    solo.hear("Broadcast", "2.1", { broadcasts: ["0101aa", "0101aa"] });
    solo.hear("Broadcast", "2.1", { broadcasts: ["0101aa"] });
    equal(solo.swim.customBroadcastBacklog, 1);
  },

  "a-newer-broadcast-takes-the-place-of-what-it-invalidates"() {
    const solo = talking();
    solo.hear("Broadcast", "2.1", { broadcasts: ["0101aa", "0201", "0102bb"] });
    equal(solo.swim.customBroadcastBacklog, 2);
    equal(broadcasts(solo), ["0102bb", "0201"]);
  },

  "a-broadcast-is-sent-max-transmissions-times"() {
    const solo = talking({ config: { maxTransmissions: 3 } });
    solo.swim.addBroadcast(unhex("0101"));
    equal(
      [1, 2, 3, 4].map(() => broadcasts(solo).length),
      [1, 1, 1, 0],
    );
  },

  "the-least-sent-broadcast-goes-first-and-of-equals-the-longer"() {
    const solo = talking();
    solo.swim.addBroadcast(unhex("01010101"));
    equal(broadcasts(solo), ["01010101"]);
    solo.swim.addBroadcast(unhex("0201"));
    solo.swim.addBroadcast(unhex("030101"));
    equal(broadcasts(solo), ["030101", "0201", "01010101"]);
  },

  "a-broadcast-that-does-not-fit-leaves-nothing-and-a-shorter-one-fills-the-room"() {
    // A Broadcast takes 18 bytes of 60: 42 are left, for 2 + 20, then not 2 + 19, but 2 + 18.
    const solo = talking({ config: { maxPacketSize: 60, maxReceiveSize: 1400 }, handler: new Everything() });
    const items = ["11".repeat(20), "22".repeat(19), "33".repeat(18)];
    solo.hear("Broadcast", "2.1", { broadcasts: items });
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 0);
    solo.swim.broadcast();
    equal(solo.datagrams[0].broadcasts, [items[0], items[2]]);
    equal(solo.raw[0].length / 2, 60);
  },

  "a-broadcast-that-some-datagram-carries-is-passed-on"() {
    // A Gossip between identities of 8 bytes takes 19 at most, and 2 for the count: what is left takes 2 + 35 of 60.
    const solo = talking({ config: { maxPacketSize: 60, maxReceiveSize: 1400 }, handler: new Everything() });
    // What we offer ourselves must fit beside the longest header of any identities.
    equal(solo.swim.maxBroadcastLength, 60 - 53 - 4);
    solo.hear("Broadcast", "2.1", { broadcasts: ["44".repeat(36)] });
    equal(solo.swim.customBroadcastBacklog, 0);
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 1);
    solo.hear("Broadcast", "2.1", { broadcasts: ["55".repeat(35)] });
    equal(solo.swim.customBroadcastBacklog, 1);
    solo.swim.gossip();
    equal(solo.datagrams[0].kind, "Gossip");
    equal(solo.datagrams[0].broadcasts, ["55".repeat(35)]);
  },

  "broadcasts-fill-what-the-updates-leave"() {
    const solo = talking({ config: { maxPacketSize: 80 }, handler: new Everything() });
    solo.learn(["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"], true);
    // An Ack takes 19, the count 2, the updates 30: 29 are left, for 2 + 16 and 2 + 9.
    solo.swim.addBroadcast(unhex("11".repeat(16)));
    solo.swim.addBroadcast(unhex("22".repeat(10)));
    solo.swim.addBroadcast(unhex("33".repeat(9)));
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.datagrams[0].updates.length, 3);
    equal(solo.datagrams[0].broadcasts, ["11".repeat(16), "33".repeat(9)]);
    equal(solo.raw[0].length / 2, 80);
  },

  "what-is-dropped-at-once-is-not-said-to-be-queued"() {
    for (const config of [{ maxBroadcasts: 0 }, { maxBroadcastBytes: 3 }]) {
      const solo = talking({ config, handler: new Everything() });
      equal(solo.swim.addBroadcast(unhex("01020304")), false);
      equal(solo.swim.customBroadcastBacklog, 0);
      equal(solo.swim.metrics[Metric.DroppedBroadcasts], 1);
    }
    const solo = talking({ config: { maxBroadcastBytes: 4 }, handler: new Everything() });
    equal(solo.swim.addBroadcast(unhex("01020304")), true);
  },

  "the-handler-is-told-who-passed-it-on"() {
    const seen: string[] = [];
    const handler: BroadcastHandler<Renewable> = {
      receiveItem(item, sender) {
        seen.push(hex(item) + " from " + (sender === undefined ? "us" : nameOf(sender)));
        return null;
      },
    };
    const solo = talking({ handler });
    solo.hear("Broadcast", "2.1", { broadcasts: ["0101", "02"] });
    solo.swim.addBroadcast(unhex("03"));
    equal(seen, ["0101 from 2.1", "02 from 2.1", "03 from us"]);
  },

  "a-handler-that-takes-positions-is-preferred"() {
    const seen: string[] = [];
    const handler: BroadcastHandler<Renewable> = {
      receiveItem() {
        throw new Error("not to be called");
      },
      receiveItemAt(bytes, start, end, sender) {
        seen.push(
          hex(bytes.slice(start, end)) + " from " + (sender === undefined ? "us" : nameOf(sender.value)),
        );
        return { invalidates: () => false };
      },
    };
    const solo = talking({ handler });
    equal(solo.hear("Ping", "2.1", { n: 1, updates: ["Alive 3.1@0"], broadcasts: ["0101", "02"] }), "Ok");
    equal(solo.swim.addBroadcast(unhex("03")), true);
    equal(seen, ["0101 from 2.1", "02 from 2.1", "03 from us"]);
    equal(solo.swim.customBroadcastBacklog, 3);
  },

  "members-that-want-no-broadcasts-get-none"() {
    const handler: BroadcastHandler<Renewable> = {
      receiveItem: () => ({ invalidates: () => false }),
      shouldAddBroadcastData: (member) => nameOf(member) !== "2.1",
    };
    const solo = new Solo({ handler, knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.swim.addBroadcast(unhex("0101"));
    solo.hear("Ping", "2.1", { n: 1 });
    solo.hear("Ping", "3.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.1", "Ack(1) > 3.1 * 0101"]);
    solo.swim.broadcast();
    equal(solo.take(), ["Broadcast > 3.1 * 0101"]);
  },

  "broadcast-goes-to-all-that-want-it-past-those-that-do-not"() {
    const handler: BroadcastHandler<Renewable> = {
      receiveItem: () => ({ invalidates: () => false }),
      shouldAddBroadcastData: (member) => Number(nameOf(member).split(".")[0]) > 6,
    };
    const knows = [2, 3, 4, 5, 6, 7, 8, 9].map((host) => `Alive ${host}.1@0`);
    const solo = new Solo({ handler, knows });
    solo.swim.addBroadcast(unhex("0101"));
    solo.swim.broadcast();
    equal(
      solo.take().sort(),
      [7, 8, 9].map((host) => `Broadcast > ${host}.1 * 0101`),
    );
  },

  "broadcast-goes-to-as-many-as-indirect-probes-while-there-are-any"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"];
    const solo = talking({ knows, config: { maxTransmissions: 4 } });
    solo.swim.addBroadcast(unhex("0101"));
    solo.swim.broadcast();
    equal(new Set(solo.datagrams.map((sent) => sent.to)).size, 3);
    solo.take();
    solo.swim.broadcast();
    equal(solo.take().length, 1);
    solo.swim.broadcast();
    equal(solo.take(), []);
  },

  "without-a-handler-data-is-an-error-but-the-rest-stands"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const says = { n: 1, updates: ["Alive 3.1@0"], broadcasts: ["0101"] };
    equal(solo.hear("Ping", "2.1", says), "CustomBroadcast");
    equal(solo.take(), ["Ack(1) > 2.1 + Alive 3.1@0"]);
  },

  "a-handler-that-throws-ends-the-broadcasts-of-its-datagram-only"() {
    const solo = talking();
    const says = { n: 1, updates: ["Alive 3.1@0"], broadcasts: ["0101", "ff", "0201"] };
    equal(solo.hear("Ping", "2.1", says), "CustomBroadcast");
    equal(solo.take(), ["Ack(1) > 2.1 + Alive 3.1@0 * 0101"]);
    equal(solo.hear("Broadcast", "2.1", { broadcasts: ["0201"] }), "Ok");
    equal(solo.swim.customBroadcastBacklog, 2);
  },

  "too-many-broadcasts-drop-the-most-sent-first"() {
    const solo = talking({ config: { maxBroadcasts: 2 } });
    solo.swim.addBroadcast(unhex("0101"));
    broadcasts(solo);
    solo.swim.addBroadcast(unhex("0201"));
    solo.swim.addBroadcast(unhex("0301"));
    equal(broadcasts(solo).sort(), ["0201", "0301"]);
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 1);
  },

  "too-many-bytes-of-broadcasts-drop-the-most-sent-first"() {
    const solo = talking({ config: { maxBroadcastBytes: 10 } });
    solo.swim.addBroadcast(unhex("01".repeat(5)));
    broadcasts(solo);
    solo.swim.addBroadcast(unhex("02".repeat(5)));
    equal(solo.swim.customBroadcastBacklog, 2);
    solo.swim.addBroadcast(unhex("0303"));
    equal(broadcasts(solo), ["02".repeat(5), "0303"]);
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 1);
  },

  "what-is-invalidated-makes-room-before-others-are-dropped"() {
    const solo = talking({ config: { maxBroadcasts: 2 } });
    solo.swim.addBroadcast(unhex("0101"));
    solo.swim.addBroadcast(unhex("0201"));
    solo.swim.addBroadcast(unhex("0102"));
    equal(broadcasts(solo).sort(), ["0102", "0201"]);
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 0);
  },

  "with-room-for-no-broadcasts-none-is-kept"() {
    const solo = talking({ config: { maxBroadcasts: 0 } });
    solo.hear("Broadcast", "2.1", { broadcasts: ["0101"] });
    equal(solo.swim.customBroadcastBacklog, 0);
    equal(solo.swim.metrics[Metric.DroppedBroadcasts], 1);
  },

  "a-kept-broadcast-is-a-copy"() {
    const solo = talking();
    const item = unhex("0101aa");
    solo.swim.addBroadcast(item);
    item.fill(0);
    equal(broadcasts(solo), ["0101aa"]);
  },

  "add-broadcast-tells-whether-it-was-news"() {
    const solo = talking();
    equal(solo.swim.addBroadcast(unhex("0101")), true);
    equal(solo.swim.addBroadcast(unhex("0101")), false);
    equal(solo.swim.customBroadcastBacklog, 1);
  },

  "the-longest-broadcast-can-be-sent"() {
    const solo = talking({ config: { maxPacketSize: 100 } });
    const longest = solo.swim.maxBroadcastLength;
    solo.swim.addBroadcast(new Uint8Array(longest).fill(1));
    solo.hear("PingReq", "2.1", { n: 1, subject: "3.1" });
    equal(solo.datagrams[0].broadcasts, ["01".repeat(longest)]);
  },

  "add-broadcast-refuses-what-cannot-be-sent"() {
    const solo = talking();
    const add = (data: unknown) => () => solo.swim.addBroadcast(data as Uint8Array);
    throwsWith({ name: "TypeError", message: "Uint8Array" }, add("text"));
    throwsWith({ name: "TypeError", message: "Uint8Array" }, add([1, 2]));
    throwsWith({ name: "RangeError", message: "at least one byte" }, add(new Uint8Array(0)));
    const tooLong = new Uint8Array(solo.swim.maxBroadcastLength + 1);
    throwsWith({ name: "SwimError", code: "DataTooBig" }, add(tooLong));
    equal(solo.swim.customBroadcastBacklog, 0);
  },

  "add-broadcast-throws-what-the-handler-throws"() {
    const solo = talking();
    throwsWith({ name: "Error", message: "refused" }, () => solo.swim.addBroadcast(unhex("ff")));
    equal(solo.swim.customBroadcastBacklog, 0);
    equal(solo.swim.addBroadcast(unhex("0101")), true);
  },

  "add-broadcast-without-a-handler-is-misuse"() {
    const solo = new Solo();
    throwsWith({ name: "TypeError", message: "broadcastHandler" }, () =>
      solo.swim.addBroadcast(unhex("0101")),
    );
  },

  "an-inactive-sender-s-broadcasts-are-not-offered"() {
    const handler = new VersionedItems();
    const solo = new Solo({ handler, knows: ["Alive 2.1@0", "Down 3.1@0"] });
    solo.hear("Broadcast", "3.1", { broadcasts: ["0101"] });
    equal(handler.received, []);
  },

  "what-a-handler-says-nothing-of-is-not-passed-on"() {
    const handler = { receiveItem: () => undefined } as unknown as BroadcastHandler<Renewable>;
    const solo = talking({ handler });
    equal([solo.swim.addBroadcast(unhex("0101")), solo.swim.customBroadcastBacklog], [false, 0]);
  },
};
