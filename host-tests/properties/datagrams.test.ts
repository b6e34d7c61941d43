// Any bytes at all: nothing throws, and what is refused leaves no trace but in the counters.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lan, simple, wifi, type Config } from "../../core/config.js";
import { identity, type IdentityType } from "../../core/identity.js";
import { string, struct } from "../../core/compound.js";
import { u16, u32, u8 } from "../../core/schema.js";
import { statusName, type Status } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { hex } from "../support/assert.js";
import { runs } from "../support/fuzz.js";
import { VersionedItems } from "../support/items.js";
import { seeded } from "../support/random.js";
import { snapshot } from "../support/snapshot.js";
import { Solo } from "../support/solo.js";
import { codecs, identityTypes } from "../support/vectors.js";
import { encode, KINDS, type DialectName } from "../support/wire.js";

/** What need not leave the state as it was. */
const TAKEN = ["Ok", "InactiveSender", "CustomBroadcast", "IndirectForOurselves"];

type Mutation = { at: number; byte: number; how: "none" | "cut" | "set" | "insert" | "append" };

function mutate(bytes: Uint8Array, { at, byte, how }: Mutation): Uint8Array {
  const list = Array.from(bytes);
  const index = at % (list.length + 1);
  if (how === "cut") return bytes.slice(0, index);
  if (how === "set" && index < list.length) list[index] = byte;
  if (how === "insert") list.splice(index, 0, byte);
  if (how === "append") list.push(byte);
  return Uint8Array.from(list);
}

const name = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 2, 300))
  .map(([host, bump]) => host + "." + bump);
const incarnation = fc.constantFrom(0, 0, 1, 2, 127, 128, 250, 251, 61_440, 62_421, 65534, 65535);
const member = fc
  .tuple(fc.constantFrom("Alive", "Suspect", "Down"), name, incarnation)
  .map(([state, id, at]) => `${state} ${id}@${at}`);
// The handler refuses what starts with ff.
const item = fc.oneof(
  fc.constant("ff"),
  fc.uint8Array({ minLength: 1, maxLength: 5 }).map((bytes) => hex(bytes)),
);
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(200),
  byte: fc.constantFrom(0, 1, 2, 3, 127, 128, 250, 251, 252, 253, 255),
  how: fc.constantFrom("none", "none", "none", "cut", "set", "insert", "append"),
});
const speech = fc.record({
  kind: fc.constantFrom(...KINDS),
  from: name,
  incarnation,
  /** Another than ourselves: a stranger, or who we are no more or not yet. */
  other: fc.constantFrom("", "", "", "", "", "", "", "", "6.1", "1.300"),
  n: fc.nat(3),
  subject: fc.oneof(fc.constant("1.1"), name),
  updates: fc.array(member, { maxLength: 4 }),
  broadcasts: fc.array(item, { maxLength: 2 }),
  mutation,
  act: fc.constantFrom("", "", "", "", "", "", "nap", "wake", "networkChanged"),
  passMs: fc.constantFrom(0, 0, 0, 1, 200, 500, 1500, 4000, 90_000),
});

type Speech = typeof speech extends fc.Arbitrary<infer S> ? S : never;

/** The program does something of its own. */
function act(solo: Solo, what: string): void {
  const { swim } = solo;
  if (what === "nap" && !swim.isDefunct) swim.nap(5000);
  else if (what === "wake" && swim.isDefunct) swim.wake();
  else if (what === "networkChanged") swim.networkChanged();
}

/** Plays the steps; returns how often each status was met. */
function play(solo: Solo, dialect: DialectName, steps: Speech[]): Record<string, number> {
  const seen: Record<string, number> = {};
  for (const step of steps) {
    const { kind, other, passMs, from, ...says } = step;
    const datagram = solo.datagram(kind, from, { ...says, to: other === "" ? solo.identity : other });
    if (KINDS.indexOf(kind) > 5) delete datagram.n;
    if (KINDS.indexOf(kind) < 2 || KINDS.indexOf(kind) > 5) delete datagram.subject;
    const bytes = mutate(encode(datagram, dialect), step.mutation);
    const before = snapshot(solo.swim);
    const sent = solo.raw.length;
    const events = solo.events.length;
    const members = solo.state;
    const status = solo.hearBytes(bytes);
    seen[status] = (seen[status] ?? 0) + 1;
    if (status === "NotForUs" && solo.raw.length > sent) {
      // It was for a former identity of ours, whose sender learns of the present one, and that is all.
      const answers = solo.datagrams.slice(sent);
      expect(answers.map((answer) => ["Gossip", "TurnUndead"].includes(answer.kind))).toEqual([true]);
      expect([solo.state, solo.events.length]).toEqual([members, events]);
    } else if (!TAKEN.includes(status)) {
      expect(snapshot(solo.swim), status).toEqual(before);
      expect([solo.raw.length, solo.events.length], status).toEqual([sent, events]);
    }
    expect(solo.swim.members().length).toBe(solo.swim.numMembers);
    expect(solo.swim.members().every((one) => one.state !== "Down")).toBe(true);
    if (
      !solo.swim.isDefunct &&
      TAKEN.includes(status) &&
      status !== "InactiveSender" &&
      kind !== "TurnUndead"
    ) {
      expect(solo.swim.isConnected).toBe(solo.swim.numMembers > 0);
    }
    act(solo, step.act);
    solo.pass(passMs);
    solo.take();
    solo.takeEvents();
  }
  return seen;
}

describe.each(["bincode", "postcard"] as DialectName[])("%s", (dialect) => {
  const settings: [string, Partial<Config>][] = [
    ["simple", {}],
    [
      "crowded-and-telling-the-down",
      { maxMembers: 3, initialMembers: 1, notifyDownMembers: true, removeDownAfterMs: 3000 },
    ],
    ["lan", { ...lan(20), maxPacketSize: 120 }],
    ["wifi, crowded", { ...wifi(20), maxPacketSize: 120, maxMembers: 4, quietStartMs: 1500 }],
  ];
  test.each(settings)(
    "talk-that-is-partly-broken-never-throws-and-refusals-leave-no-trace: %s",
    (_name, config) => {
      const total: Record<string, number> = {};
      fc.assert(
        fc.property(fc.array(speech, { minLength: 1, maxLength: 25 }), fc.nat(), (steps, seed) => {
          const solo = new Solo({ dialect, config, seed, handler: new VersionedItems() });
          const seen = play(solo, dialect, steps);
          for (const status of Object.keys(seen)) total[status] = (total[status] ?? 0) + seen[status];
        }),
        runs(150),
      );
      // The runs are worth something only when they meet every end. An emulated device makes but some twenty of them.
      for (const status of [...TAKEN, "Decode", "MalformedPacket", "NotForUs", "DataFromOurselves"]) {
        expect(total[status] ?? 0, status).toBeGreaterThan(0);
      }
    },
  );
});

interface Named {
  flags: number;
  zone: number;
  name: string;
  life: number;
}
const midAddress = identity<Named>({
  schema: struct<Named>({ flags: u32, zone: u16, name: string(40), life: u8 }),
  address: ["zone", "name"],
  renew: (id) => ({ ...id, life: (id.life + 1) & 255 }),
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
}) as IdentityType<unknown>;

const OTHERS: [string, IdentityType<unknown>, unknown, unknown][] = [
  ["tiny", identityTypes.tiny, { a: 1, b: 2, extra: 3 }, { a: 4, b: 5, extra: 300 }],
  ["renewable", identityTypes.renewable, { addr: "10.0.0.1:7", bump: 1 }, { addr: "[::2]:7", bump: 1e15 }],
  ["plain", identityTypes.socketAddr, "10.0.0.1:7", "[fe80::1]:65535"],
  [
    "address in the middle",
    midAddress,
    { flags: 1, zone: 2, name: "Ä", life: 1 },
    { flags: 70_000, zone: 300, name: "b", life: 2 },
  ],
];

describe.each(OTHERS)("identities %s", (_name, identityType, own, other) => {
  test.each(["bincode", "postcard"] as DialectName[])(
    "raw-bytes-never-throw-and-refusals-leave-no-trace: %s",
    (dialect) => {
      const codec = codecs[dialect];
      const wire = (value: unknown) => {
        const out = new Uint8Array(100);
        return Array.from(out.slice(0, identityType.schema.write(codec.dialect, value, out, 0)));
      };
      const chunk = fc.oneof(
        fc.constantFrom(wire(own), wire(other)),
        fc.constantFrom([0], [1], [2], [0, 0], [0, 1], [0, 2, 1, 1]),
        fc.uint8Array({ maxLength: 4 }).map((bytes) => Array.from(bytes)),
      );
      const headed = fc
        .tuple(fc.nat(11), fc.array(chunk, { maxLength: 6 }))
        .map(([kind, rest]) => [...wire(other), 0, ...wire(own), kind, ...rest.flat()]);
      const datagram = fc.oneof(
        fc.array(chunk, { maxLength: 10 }).map((list) => list.flat()),
        headed,
      );
      fc.assert(
        fc.property(fc.array(datagram, { minLength: 1, maxLength: 12 }), (datagrams) => {
          const swim = new Swim<unknown>({
            identity: own,
            identityType,
            codec,
            config: { ...simple(), maxReceiveSize: 100, notifyDownMembers: true },
            runtime: { now: () => 5, sendTo: () => undefined, submitAfter: () => undefined },
            random: seeded(3),
          });
          for (const bytes of datagrams) {
            const before = snapshot(swim);
            const status: Status = swim.handleData(Uint8Array.from(bytes));
            if (!TAKEN.includes(statusName(status)))
              expect(snapshot(swim), statusName(status)).toEqual(before);
          }
        }),
        runs(300),
      );
    },
  );
});
