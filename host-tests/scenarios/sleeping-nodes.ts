// What a SwimNode adds to naps, on the fake network: it sleeps, comes back by itself, and tells of others.
import { lan, type Renewable, type Swim } from "../../core/index.js";
import { FakeNetwork, type SwimNodeInstance, type SwimNodeOptions } from "../../platform/fake/index.js";
import { equal, ok, throwsWith } from "../support/assert.js";

const PORT = 7946;

/** A network, nodes on it that know each other, and what they told since. */
class Bedroom {
  readonly network = new FakeNetwork({ seed: 3, latencyMs: 2 });
  readonly nodes: SwimNodeInstance[] = [];
  readonly told: string[] = [];

  constructor(size: number, options: Partial<SwimNodeOptions<Renewable>> = {}) {
    for (let number = 1; number <= size; number++) this.start(number, options);
    this.network.runUntil(() => this.nodes.every((node) => node.members().length === size - 1), 60_000);
    this.network.advance(2000);
    this.told.length = 0;
  }

  start(number: number, options: Partial<SwimNodeOptions<Renewable>>): void {
    const tell =
      (what: string) =>
      (about: Renewable, ms?: number): void =>
        void this.told.push([number, what, nameOf(about), ms].filter((part) => part !== undefined).join(" "));
    this.nodes[number - 1] = new (this.network.host("10.0.0." + number).SwimNode)({
      port: PORT,
      config: lan(8),
      seeds: number === 1 ? [] : ["10.0.0.1:" + PORT],
      onMemberUp: tell("up"),
      onMemberDown: tell("down"),
      onMemberNap: tell("nap"),
      onMemberOverdue: tell("overdue"),
      onRename: (_before, after) => tell("renamed")(after),
      onRejoin: tell("rejoined"),
      onDefunct: () => void this.told.push(number + " defunct"),
      onBroadcast: (bytes, from) =>
        void this.told.push(number + " heard " + bytes[0] + " from " + hostOf(from)),
      ...options,
    });
  }

  takeTold(): string[] {
    return this.told.splice(0).sort();
  }
}

function hostOf(addr: string): string {
  return addr.split(":")[0].split(".")[3];
}

/** `"3/1"`: the node of host 3 in its first life. */
function nameOf(identity: Renewable): string {
  return hostOf(identity.addr) + "/" + identity.bump;
}

function states(node: SwimNodeInstance): string[] {
  return node
    .members()
    .map((member) => member.state + " " + hostOf(member.identity.addr) + "@" + member.incarnation)
    .sort();
}

export const scenarios: Record<string, () => void> = {
  "a-node-that-naps-is-asleep-to-the-others-and-comes-back-by-itself"() {
    const { network, nodes, ...room } = new Bedroom(3);
    const three = nodes[2];
    const life = Number(three.identity.bump);
    three.nap(60_000);
    network.advance(3000);
    equal(room.told.splice(0).sort(), [`1 nap 3/${life} 60032`, `2 nap 3/${life} 60032`]);
    equal(states(nodes[0]), ["Alive 2@0", "Asleep 3@0"]);
    equal(nodes[0].swim.numMembers, 1);
    network.advance(56_999);
    equal([room.told, three.swim.isDefunct], [[], true]);
    network.advance(1);
    equal(three.swim.isDefunct, false);
    network.runUntil(() => nodes.every((node) => node.swim.numMembers === 2), 10_000);
    equal(room.told.splice(0).sort(), [
      `1 renamed 3/${life + 1}`,
      `1 up 3/${life + 1}`,
      `2 renamed 3/${life + 1}`,
      `2 up 3/${life + 1}`,
      `3 rejoined 3/${life + 1}`,
    ]);
    network.advance(120_000);
    equal(room.told, []);
  },

  "while-it-sleeps-it-sends-nothing-and-ignores-what-comes-in"() {
    const { network, nodes } = new Bedroom(2);
    const [one, two] = nodes;
    two.nap(60_000);
    network.advance(10);
    const before = two.swim.metrics.slice();
    // 10.0.0.1 does not know that it sleeps.
    one.swim.announce(two.identity);
    network.advance(59_000);
    equal(Array.from(two.swim.metrics), Array.from(before));
  },

  "end-nap-brings-it-back-at-once-and-once"() {
    const room = new Bedroom(2);
    const [one, two] = room.nodes;
    const life = Number(two.identity.bump);
    two.nap(60_000);
    room.network.advance(1000);
    room.told.length = 0;
    two.endNap();
    two.endNap();
    equal(Number(two.identity.bump), life + 1);
    room.network.runUntil(() => one.swim.numMembers === 1 && two.swim.numMembers === 1, 1000);
    room.network.advance(120_000);
    equal(room.takeTold(), [`1 renamed 2/${life + 1}`, `1 up 2/${life + 1}`, `2 rejoined 2/${life + 1}`]);
  },

  "end-nap-of-who-is-awake-does-nothing"() {
    const room = new Bedroom(2);
    const before = room.nodes[1].identity;
    room.nodes[1].endNap();
    room.network.advance(10_000);
    equal([room.nodes[1].identity, room.told], [before, []]);
  },

  "what-was-published-before-the-nap-goes-with-it"() {
    const room = new Bedroom(2);
    equal(room.nodes[1].broadcast(Uint8Array.of(7)), true);
    room.nodes[1].nap(60_000);
    room.network.advance(10);
    const life = Number(room.nodes[1].identity.bump);
    equal(room.takeTold(), ["1 heard 7 from 2", `1 nap 2/${life} 60032`]);
  },

  "who-does-not-come-back-is-overdue-and-is-a-member-no-more"() {
    const room = new Bedroom(3);
    const life = Number(room.nodes[2].identity.bump);
    room.nodes[2].nap(60_000);
    room.nodes[2].close();
    room.network.advance(80_000);
    room.told.length = 0;
    equal(states(room.nodes[0]), ["Alive 2@0", "Asleep 3@0"]);
    room.network.advance(10_000);
    equal(room.takeTold(), [`1 overdue 3/${life}`, `2 overdue 3/${life}`]);
    equal(states(room.nodes[0]), ["Alive 2@0"]);
  },

  "without-on-member-nap-nobody-is-told-of-a-death"() {
    const room = new Bedroom(2, { onMemberNap: undefined as never });
    room.nodes[1].nap(60_000);
    room.network.advance(1000);
    equal([room.told, states(room.nodes[0])], [[], ["Asleep 2@0"]]);
  },

  "a-nap-within-a-nap-changes-nothing"() {
    const room = new Bedroom(2);
    room.nodes[1].nap(10_000);
    room.network.advance(5000);
    const sent = room.network.counts.sent;
    room.nodes[1].nap(100_000);
    equal(room.network.counts.sent, sent);
    room.network.advance(5000);
    equal(room.nodes[1].swim.isDefunct, false);
  },

  "a-wrong-length-of-a-nap-is-told-early-and-changes-nothing"() {
    const room = new Bedroom(2);
    for (const ms of [0, NaN, 1e12])
      throwsWith({ name: "RangeError", message: "nap: " }, () => room.nodes[1].nap(ms));
    throwsWith({ name: "TypeError", message: "nap: " }, () => room.nodes[1].nap("1 h" as unknown as number));
    room.network.advance(30_000);
    equal([room.told, room.nodes[1].swim.isDefunct], [[], false]);
  },

  "after-leaving-and-after-closing-there-is-no-nap"() {
    const room = new Bedroom(3);
    room.nodes[1].leave();
    room.nodes[2].close();
    room.network.advance(1000);
    const sent = room.network.counts.sent;
    const numbers = room.nodes.map((node) => Number(node.identity.bump));
    for (const node of room.nodes.slice(1)) {
      node.nap(5000);
      node.endNap();
    }
    equal(room.network.counts.sent, sent);
    room.network.advance(20_000);
    equal(
      room.nodes.map((node) => Number(node.identity.bump)),
      numbers,
    );
  },

  "a-node-that-was-closed-while-it-slept-does-not-come-back"() {
    const room = new Bedroom(2);
    room.nodes[1].nap(60_000);
    room.network.advance(1000);
    room.nodes[1].close();
    room.nodes[1].endNap();
    room.told.length = 0;
    room.network.advance(85_000);
    equal([room.told, room.nodes[1].swim.isDefunct], [[], true]);
  },

  "leaving-out-of-a-nap-ends-it-for-good"() {
    const room = new Bedroom(2);
    room.nodes[1].nap(60_000);
    room.network.advance(1000);
    room.nodes[1].leave();
    room.network.advance(80_000);
    equal(room.nodes[1].swim.isDefunct, true);
  },

  "a-node-that-slept-longer-than-all-others-lived-finds-them-by-its-seeds"() {
    const room = new Bedroom(2);
    room.nodes[1].nap(60_000);
    room.network.advance(1000);
    room.network.host("10.0.0.1").crash();
    room.network.advance(10_000);
    room.start(1, {});
    room.network.advance(50_000);
    room.network.runUntil(() => room.nodes.every((node) => node.swim.numMembers === 1), 10_000);
  },

  "a-cluster-that-all-nap-by-turns-tells-of-no-death"() {
    const room = new Bedroom(6);
    for (let round = 0; round < 12; round++) {
      const node = room.nodes[1 + (round % 5)];
      node.nap(20_000);
      room.network.advance(12_000);
    }
    room.network.advance(60_000);
    ok(!room.told.some((text) => / (down|overdue|defunct)/.test(text)), room.told.join());
    for (const node of room.nodes) equal(node.members().length, 5);
    ok(
      room.nodes.every((node) => (node.swim as Swim<Renewable>).sleepers().length === 0),
      "all are awake",
    );
  },
};
