// What members publish: who is heard, which versions are believed, and who is heard again after a change of lives.
import { bincode, lan, plainV4, postcard, renewableV4, type Config } from "../../core/index.js";
import {
  FakeNetwork,
  type Host,
  type SwimNodeInstance,
  type SwimNodeOptions,
} from "../../platform/fake/index.js";
import { equal, ok } from "../support/assert.js";
import { publication } from "../support/publication.js";
import { encode, type DialectName } from "../support/wire.js";

const PORT = 7000;
const CODECS = { bincode, postcard };
const ALL_BITS = 0xffffffffffffffffn;
/** A laptop's life: seconds since 1970. */
const SECONDS = 1_700_000_000;

/** The first version of a life. */
function first(life: number): bigint {
  return BigInt(life) << 20n;
}

type Options = Partial<SwimNodeOptions<never>> & { bump?: number };

/** Nodes on hosts 10.0.0.1 and so on, what they heard, and somebody who speaks for others. */
class Stage {
  readonly network = new FakeNetwork({ seed: 4 });
  /** What was heard, as `"2 hears 1: warm"`. */
  readonly heard: string[] = [];
  readonly dialect: DialectName;
  private readonly config: Config;

  constructor(dialect: DialectName = "bincode", config: Partial<Config> = {}) {
    this.dialect = dialect;
    this.config = Object.freeze({ ...lan(8), ...config });
  }

  host(number: number): Host {
    return this.network.host("10.0.0." + number);
  }

  start(number: number, options: Options = {}): SwimNodeInstance {
    return new (this.host(number).SwimNode)({
      port: PORT,
      seeds: number === 1 ? [] : ["10.0.0.1:" + PORT],
      codec: CODECS[this.dialect],
      config: this.config,
      identityType: renewableV4,
      ...options,
      onValue: (bytes, member) => this.note(number, (member as { addr?: string }).addr ?? member, bytes),
      onBroadcast: (bytes, from) => this.note(number, from, bytes),
    });
  }

  private note(number: number, from: unknown, bytes: Uint8Array): void {
    const whose = String(from).split(":")[0].split(".")[3];
    this.heard.push(number + " hears " + whose + ": " + String.fromCharCode(...Array.from(bytes)));
  }

  /** Nodes 1 and 2 that know each other. */
  pair(first: Options = {}, second: Options = {}): [SwimNodeInstance, SwimNodeInstance] {
    const nodes: [SwimNodeInstance, SwimNodeInstance] = [this.start(1, first), this.start(2, second)];
    this.untilJoined(nodes);
    return nodes;
  }

  untilJoined(nodes: SwimNodeInstance[], limitMs = 60_000): void {
    const isJoined = (node: SwimNodeInstance): boolean => node.swim.numMembers === nodes.length - 1;
    this.network.runUntil(() => nodes.every(isJoined), limitMs);
  }

  /** The member 10.0.0.9 in its first life, which nobody runs, hands these items to a node. */
  forge(to: SwimNodeInstance, ...broadcasts: string[]): void {
    const { addr, bump } = to.identity;
    const host = addr.split(":")[0].split(".")[3];
    const datagram = {
      from: "9.1",
      incarnation: 0,
      to: host + "." + bump,
      kind: "Gossip",
      updates: [],
    } as const;
    const bytes = encode({ ...datagram, updates: [], broadcasts }, this.dialect);
    this.host(9).send(PORT, addr.split(":")[0], PORT, bytes, 0, bytes.length);
    this.network.advance(5);
  }

  /** Publishes, and tells what was heard of that alone. */
  publish(node: SwimNodeInstance, text: string): string[] {
    this.heard.length = 0;
    equal(node.publish(bytesOf(text)), true, "was queued");
    this.network.advance(3000);
    return this.heard.slice();
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text, (letter) => letter.charCodeAt(0)));
}

function forgedOfOurselves(dialect: DialectName): () => void {
  return () => {
    const stage = new Stage(dialect);
    const [one, two] = stage.pair({ bump: 7 });
    stage.forge(one, publication(1, ALL_BITS, "forged", dialect));
    equal(stage.publish(one, "real"), ["2 hears 1: real"]);
    equal(stage.publish(one, "again"), ["2 hears 1: again"]);
    equal([one.identity.bump, two.identity.bump], [7, 1]);
  };
}

function forgedOfAnother(dialect: DialectName): () => void {
  return () => {
    const stage = new Stage(dialect);
    const [one, two] = stage.pair({ bump: 7 });
    stage.forge(two, publication(1, ALL_BITS, "forged", dialect));
    equal(stage.heard, []);
    equal(two.swim.customBroadcastBacklog, 0, "passed on");
    equal(stage.publish(one, "real"), ["2 hears 1: real"]);
  };
}

export const scenarios: Record<string, () => void> = {
  "a-forged-version-of-ours-keeps-us-from-nothing-in-bincode": forgedOfOurselves("bincode"),
  "a-forged-version-of-ours-keeps-us-from-nothing-in-postcard": forgedOfOurselves("postcard"),
  "a-forged-version-of-another-keeps-it-from-nothing-in-bincode": forgedOfAnother("bincode"),
  "a-forged-version-of-another-keeps-it-from-nothing-in-postcard": forgedOfAnother("postcard"),

  "a-believable-version-of-ours-is-counted-on-from"() {
    const stage = new Stage();
    const [one, two] = stage.pair({ bump: 7 });
    const item = publication(1, first(7) + 5000n, "of a life before with our number");
    stage.forge(one, item);
    stage.forge(two, item);
    equal(stage.publish(one, "newer"), ["2 hears 1: newer"]);
    equal(one.identity.bump, 7);
  },

  "the-last-version-that-is-believed-has-its-owner-come-back-renewed"() {
    const stage = new Stage();
    const [one, two] = stage.pair({ bump: 7 });
    const item = publication(1, first(7) + (1n << 30n) - 1n, "forged");
    stage.forge(one, item);
    stage.forge(two, item);
    equal(stage.publish(one, "real"), ["2 hears 1: real"]);
    equal(one.identity.bump, 8);
    equal(stage.publish(one, "again"), ["2 hears 1: again"]);
    equal([one.identity.bump, one.swim.isConnected], [8, true]);
  },

  "a-number-so-large-that-no-version-follows-it-is-no-hindrance"() {
    for (const bump of ["18446744073709551615", "17592186044416"]) {
      const stage = new Stage("postcard");
      const [one, two] = stage.pair({ bump: bump as never });
      // The last version of the last lives that have versions of their own.
      stage.forge(
        two,
        publication(1, (((1n << 44n) - 4096n) << 20n) + (1n << 30n) - 1n, "forged", "postcard"),
      );
      stage.network.runUntil(() => two.swim.customBroadcastBacklog === 0, 10_000);
      one.publish(bytesOf("not believed"));
      equal(one.publish(bytesOf("not believed")), true);
      equal(String(one.identity.bump), bump, "is not renewed for nothing");
    }
  },

  "a-version-beyond-the-last-is-not-believed"() {
    const stage = new Stage();
    const [, two] = stage.pair({ bump: 7 });
    stage.forge(two, publication(1, first(7) + (1n << 30n), "forged"));
    equal(stage.heard, []);
    stage.forge(two, publication(1, first(7) + (1n << 30n) - 1n, "the last"));
    equal(stage.heard, ["2 hears 1: the last"]);
  },

  "many-publications-in-one-life-are-heard"() {
    const stage = new Stage();
    const [, two] = stage.pair({ bump: 1 });
    stage.forge(two, publication(1, first(1) + (1n << 25n), "after a year of one a second"));
    equal(stage.heard, ["2 hears 1: after a year of one a second"]);
  },

  "versions-of-foca's-example-agent-are-heard-in-their-order"() {
    // It takes the seconds since 1970 when its members changed last; 0 when they never did.
    const stage = new Stage();
    const [, two] = stage.pair({ bump: SECONDS });
    for (const version of [0, SECONDS + 10, SECONDS + 10, SECONDS + 9, SECONDS + 11, 0])
      stage.forge(two, publication(1, BigInt(version), "at " + version));
    equal(
      stage.heard,
      [0, SECONDS + 10, SECONDS + 11].map((version) => "2 hears 1: at " + version),
    );
  },

  "what-somebody-publishes-that-we-do-not-know-is-heard-once"() {
    const stage = new Stage();
    const [, two] = stage.pair();
    const item = publication(77, first(3) + 2n, "hello", "bincode", true);
    stage.forge(two, item, publication(77, first(3) + 1n, "older", "bincode", true), item);
    equal(stage.heard, ["2 hears 77: hello"]);
    // Its record is passed on, too, but told only of members.
    stage.forge(two, publication(77, first(3) + 3n, "record"));
    equal(stage.heard, ["2 hears 77: hello"]);
    equal(two.swim.customBroadcastBacklog, 2);
  },

  "a-forged-version-of-somebody-unknown-ends-when-it-is-known"() {
    const stage = new Stage();
    const [one, two] = stage.pair();
    stage.forge(two, publication(3, ALL_BITS, "forged"));
    const three = stage.start(3, { bump: 5 });
    // 10.0.0.9, which nobody runs, is a member for some seconds.
    stage.network.runUntil(() => two.swim.knows(three.identity) && one.swim.knows(three.identity), 30_000);
    ok(stage.publish(three, "real").includes("2 hears 3: real"), "not heard");
  },

  "one-that-forgot-its-number-is-heard-again"() {
    const stage = new Stage();
    const one = stage.start(1);
    let two = stage.start(2, { bump: 40 });
    stage.untilJoined([one, two]);
    equal(stage.publish(two, "of life 40"), ["1 hears 2: of life 40"]);
    stage.host(2).crash();
    two = stage.start(2, { bump: 1 });
    stage.network.advance(60_000);
    stage.untilJoined([one, two]);
    ok(Number(two.identity.bump) >= 40, "it came back as " + two.identity.bump);
    equal(stage.publish(two, "of the life after"), ["1 hears 2: of the life after"]);
  },

  "a-new-life-is-heard-whatever-was-forged-of-the-one-before"() {
    const stage = new Stage();
    const [, two] = stage.pair({ bump: 7 });
    const item = publication(1, first(7) + (1n << 30n) - 1n, "forged");
    stage.forge(two, item);
    equal(stage.heard, ["2 hears 1: forged"]);
    // Passed on as often as it is, so that no echo of it tells the next life.
    stage.network.runUntil(() => two.swim.customBroadcastBacklog === 0, 10_000);
    stage.host(1).crash();
    const one = stage.start(1, { bump: 8, seeds: ["10.0.0.2:" + PORT] });
    stage.untilJoined([one, two]);
    equal(stage.publish(one, "real"), ["2 hears 1: real"]);
    equal(stage.publish(one, "again"), ["2 hears 1: again"]);
    equal(one.identity.bump, 8);
  },

  "a-device-at-the-address-that-a-laptop-had-is-heard"() {
    const stage = new Stage("bincode", { removeDownAfterMs: 20_000 });
    const one = stage.start(1);
    const laptop = stage.start(2, { bump: SECONDS });
    stage.untilJoined([one, laptop]);
    equal(stage.publish(laptop, "of the laptop"), ["1 hears 2: of the laptop"]);
    laptop.leave();
    laptop.close();
    stage.network.runUntil(() => one.swim.membershipState().length === 0, 60_000);
    const device = stage.start(2, { bump: 1 });
    stage.untilJoined([one, device]);
    equal(device.identity.bump, 1);
    equal(stage.publish(device, "of the device"), ["1 hears 2: of the device"]);
    equal(stage.publish(device, "again"), ["1 hears 2: again"]);
  },

  "another-device-with-the-same-number-at-the-address-of-one-that-left-is-heard"() {
    const stage = new Stage("bincode", { removeDownAfterMs: 20_000 });
    const one = stage.start(1);
    const former = stage.start(2, { bump: 1 });
    stage.untilJoined([one, former]);
    for (const text of ["a", "b", "c"]) equal(stage.publish(former, text), ["1 hears 2: " + text]);
    former.leave();
    former.close();
    stage.network.runUntil(() => one.swim.membershipState().length === 0, 60_000);
    const next = stage.start(2, { bump: 1 });
    stage.untilJoined([one, next]);
    equal(stage.publish(next, "of the next"), ["1 hears 2: of the next"]);
  },

  "without-numbers-in-the-identities-too"() {
    const stage = new Stage("bincode", { removeDownAfterMs: 20_000 });
    const options = (bump: number): Options => ({ bump, identityType: plainV4 as never });
    const one = stage.start(1, options(1));
    const former = stage.start(2, options(SECONDS));
    stage.untilJoined([one, former]);
    equal(stage.publish(former, "of the former"), ["1 hears 2: of the former"]);
    former.leave();
    former.close();
    stage.network.runUntil(() => one.swim.membershipState().length === 0, 60_000);
    const next = stage.start(2, options(1));
    stage.untilJoined([one, next]);
    equal(stage.publish(next, "of the next"), ["1 hears 2: of the next"]);
  },

  "what-there-is-no-room-to-keep-is-not-queued-and-that-is-said"() {
    for (const config of [{ maxBroadcasts: 0 }, { maxBroadcastBytes: 10 }]) {
      const stage = new Stage("bincode", config);
      const [one] = stage.pair();
      equal(one.publish(bytesOf("too much")), false);
      equal(one.swim.customBroadcastBacklog, 0);
    }
  },

  "nothing-is-published-after-leaving"() {
    const stage = new Stage();
    const [one] = stage.pair();
    one.leave();
    equal(one.publish(bytesOf("too late")), false);
    equal(one.swim.customBroadcastBacklog, 0);
  },

  "nothing-is-published-after-closing"() {
    const stage = new Stage();
    const [one] = stage.pair();
    one.close();
    equal(one.publish(bytesOf("too late")), false);
    equal(one.swim.customBroadcastBacklog, 0);
  },
};
