// What a SwimNode adds to the core, on the fake network: seeds, endpoints, leaving, and callbacks that throw.
import { lan, renewableV4, type IdentityType, type Renewable, type Swim } from "../../core/index.js";
import { FakeNetwork, type SwimNodeInstance, type SwimNodeOptions } from "../../platform/fake/index.js";
import { equal, ok, throwsWith } from "../support/assert.js";

const PORT = 7946;

/** A network, nodes on it, and what they told. */
class Stage {
  readonly network = new FakeNetwork({ seed: 2 });
  readonly told: string[] = [];

  start(number: number, options: Partial<SwimNodeOptions<Renewable>> = {}): SwimNodeInstance {
    const tell =
      (what: string) =>
      (about?: unknown): void =>
        void this.told.push(number + " " + what + (about === undefined ? "" : " " + nameOf(about)));
    return new (this.network.host("10.0.0." + number).SwimNode)({
      port: PORT,
      config: lan(8),
      onMemberUp: tell("up"),
      onActive: tell("active"),
      onIdle: tell("idle"),
      onDefunct: tell("defunct"),
      onRejoin: tell("rejoined as"),
      onError: tell("error"),
      ...options,
    });
  }
}

function nameOf(about: unknown): string {
  return about instanceof Error ? about.message : String((about as Renewable).addr);
}

/** Identities whose schema refuses to write one of them, once that is asked for. */
class Moody {
  refused = "";
  readonly type: IdentityType<Renewable, string>;
  constructor() {
    const { schema } = renewableV4;
    const write: typeof schema.write = (dialect, value, out, at) => {
      if (value.addr === this.refused) throw new Error("no room for " + value.addr);
      return schema.write(dialect, value, out, at);
    };
    // What they are made of is frozen.
    const moody = Object.create(schema, { write: { value: write } }) as typeof schema;
    this.type = Object.create(renewableV4, { schema: { value: moody } }) as IdentityType<Renewable, string>;
  }
}

/** Nobody can be at these: of each, what is wrong with it. */
const NOWHERE = [
  ["10.0.0.7:0", "port 0"],
  ["0.0.0.0:7946", "unspecified"],
  ["0.1.2.3:7946", "this network"],
  ["224.0.0.1:7946", "multicast"],
  ["239.255.255.250:7946", "multicast"],
  ["255.255.255.255:7946", "broadcast"],
  ["[::]:7946", "unspecified"],
  ["[::]:0", "port 0"],
  ["[ff02::1]:7946", "multicast"],
  ["[ff0e::114]:7946", "multicast"],
  ["[::ffff:0.0.0.0]:7946", "unspecified"],
  ["[::ffff:224.0.0.251]:7946", "multicast"],
  ["[::ffff:255.255.255.255]:7946", "broadcast"],
];
/** Somebody may be at these, though they look a little like the above. */
const SOMEWHERE = [
  "1.0.0.0:7946",
  "223.255.255.255:7946",
  "240.0.0.1:7946",
  "255.255.255.254:1",
  "[::1]:7946",
  "[fe80::1]:7946",
  "[f::ff]:7946",
  "[::ff02]:7946",
  "[::ffff:10.0.0.1]:7946",
  "[1::ffff:224.0.0.1]:7946",
  "[::ff00:e000:1]:7946",
  "[::1ff:e000:1]:7946",
];

export const scenarios: Record<string, () => void> = {
  "a-seed-that-throws-is-told-and-hides-neither-the-good-ones-behind-it-nor-the-pause"() {
    const stage = new Stage();
    const moody = new Moody();
    const seeds = ["10.0.0.9:7946", "10.0.0.1:7946"];
    const two = stage.start(2, { seeds, identityType: moody.type });
    moody.refused = "10.0.0.9:7946";
    stage.network.advance(60_000);
    const errors = stage.told.filter((text) => text === "2 error no room for 10.0.0.9:7946").length;
    ok(errors >= 2 && errors < 10, errors + " errors in a minute");
    equal(stage.told.length, errors, "told");
    stage.start(1, { identityType: moody.type });
    stage.network.runUntil(() => two.swim.isConnected, 31_000);
  },

  "a-silent-seed-that-throws-is-called-once-a-minute"() {
    const stage = new Stage();
    const moody = new Moody();
    stage.start(1, { identityType: moody.type });
    const two = stage.start(2, { seeds: ["10.0.0.1:7946", "10.0.0.9:7946"], identityType: moody.type });
    stage.network.runUntil(() => two.swim.isConnected, 5_000);
    stage.told.length = 0;
    moody.refused = "10.0.0.9:7946";
    stage.network.advance(300_000);
    const errors = stage.told.filter((text) => text.startsWith("2 error")).length;
    ok(errors >= 1 && errors <= 3, errors + " errors in five minutes");
  },

  "addresses-that-nobody-can-be-at-get-no-datagram-and-are-counted"() {
    const stage = new Stage();
    const node = stage.start(1);
    stage.network.advance(10);
    for (const [index, [addr, reason]] of NOWHERE.entries()) {
      node.swim.announce({ addr, bump: 0 });
      equal(node.refusedEndpoints, index + 1, addr + ", " + reason);
    }
    equal([stage.network.counts.sent, node.socketErrors], [0, 0]);
    stage.network.advance(10);
    equal(stage.told, []);
  },

  "addresses-that-somebody-may-be-at-get-theirs"() {
    const stage = new Stage();
    const node = stage.start(1);
    stage.network.advance(10);
    for (const addr of SOMEWHERE) node.swim.announce({ addr, bump: 0 });
    equal([stage.network.counts.sent, node.refusedEndpoints], [SOMEWHERE.length, 0]);
  },

  "an-identity-type-that-gives-the-endpoint-in-another-spelling-is-checked-too"() {
    const stage = new Stage();
    let address = "";
    const identityType = Object.create(renewableV4, {
      endpointAt: { value: () => undefined },
      endpoint: { value: () => ({ address, port: PORT }) },
    }) as typeof renewableV4;
    const node = stage.start(1, { identityType });
    stage.network.advance(10);
    const spellings = [
      "FF02::1",
      "0:0:0:0:0:0:0:0",
      "::0",
      "::ffff:e000:1",
      "0:0:0:0:0:FFFF:255.255.255.255",
    ];
    for (let i = 0; i < spellings.length; i++) {
      address = spellings[i];
      node.swim.announce({ addr: "10.0.0." + (i + 9) + ":7946", bump: i });
      equal(node.refusedEndpoints, i + 1, address);
    }
  },

  "members-that-somebody-named-at-such-addresses-cost-a-count-and-no-error"() {
    const stage = new Stage();
    const node = stage.start(1);
    stage.network.advance(10);
    const members = ["224.0.0.1:7946", "10.0.0.8:0"].map((addr) => ({
      identity: { addr, bump: 1 },
      incarnation: 0,
      state: "Alive" as const,
    }));
    (node.swim as Swim<Renewable>).applyMany(members, true);
    stage.network.advance(60_000);
    equal(node.swim.numMembers, 0, "members at last");
    ok(node.refusedEndpoints > 2, node.refusedEndpoints + " refused");
    equal([stage.network.counts.sent, node.socketErrors], [0, 0]);
    ok(!stage.told.some((text) => text.includes("error")), stage.told.join());
  },

  "a-change-of-address-after-leaving-does-nothing"() {
    const stage = new Stage();
    const one = stage.start(1);
    const two = stage.start(2, { seeds: ["10.0.0.1:7946"] });
    stage.network.runUntil(() => one.swim.isConnected, 5_000);
    two.leave();
    stage.network.advance(1_000);
    const before = two.identity;
    two.changeAddress("10.0.0.22");
    equal([two.identity, two.swim.isDefunct], [before, true]);
    stage.network.advance(60_000);
    equal(one.swim.numMembers, 0, "members");
    equal(one.swim.membershipState().length, 1, "remembered");
  },

  "a-change-of-address-after-closing-does-nothing"() {
    const stage = new Stage();
    const one = stage.start(1);
    one.close();
    one.changeAddress("10.0.0.22");
    equal(one.identity.addr, "10.0.0.1:7946");
  },

  "a-change-to-what-is-no-address-changes-nothing"() {
    const stage = new Stage();
    const one = stage.start(1);
    throwsWith({ name: "TypeError" }, () => one.changeAddress("nowhere"));
    equal(one.identity.addr, "10.0.0.1:7946");
  },

  "the-round-trip-time-of-a-member-that-answered-is-told-to-who-asks"() {
    const stage = new Stage();
    stage.network.faults.latencyMs = 15;
    const told: string[] = [];
    const one = stage.start(1, { onRoundTrip: (member, ms) => told.push(member.addr + " after " + ms) });
    equal(one.rttMs >= 0, false, "known before there was a probe");
    stage.start(2, { seeds: ["10.0.0.1:7946"] });
    stage.network.advance(5_000);
    ok(told.length >= 3 && told.length <= 5, told.length + " told in five seconds");
    for (const text of told) equal(text, "10.0.0.2:7946 after 30");
    equal(one.rttMs, 30);
  },

  "the-round-trip-time-is-not-measured-when-neither-the-program-nor-the-settings-ask"() {
    const stage = new Stage();
    stage.start(1);
    const config = Object.freeze({ ...lan(8), fitRtt: false });
    const two = stage.start(2, { seeds: ["10.0.0.1:7946"], config });
    stage.network.advance(5_000);
    equal([two.swim.isConnected, two.rttMs >= 0], [true, false]);
  },

  "a-callback-that-throws-loses-no-other-callback-and-no-timer"() {
    const stage = new Stage();
    stage.start(1);
    const broken = (): void => {
      throw new Error("of mine");
    };
    const two = stage.start(2, { seeds: ["10.0.0.1:7946"], onMemberUp: broken });
    // The fake network hands over what a callback throws, as Node does when nobody catches it.
    throwsWith({ name: "Error", message: "of mine" }, () => stage.network.advance(10));
    stage.network.advance(10);
    ok(stage.told.includes("2 active"), stage.told.join());
    stage.network.host("10.0.0.1").crash();
    stage.network.runUntil(() => !two.swim.isConnected, 60_000);
    ok(stage.told.includes("2 idle"), stage.told.join());
  },
};
