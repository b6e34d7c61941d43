// A core, or a core with values, on a clock that an input moves, and the state that every execution begins with.
import { bincode, postcard, type Codec, type IdentityRef } from "../../../core/codec.js";
import { lan, simple, wifi, type Config } from "../../../core/config.js";
import type { BroadcastHandler } from "../../../core/broadcasts.js";
import { checkInvariants } from "../../../core/invariants.js";
import { identity, plain, renewableAddr, renewableV4, type IdentityType } from "../../../core/identity.js";
import { string, struct } from "../../../core/compound.js";
import type { Runtime } from "../../../core/runtime.js";
import { u16, u32, u8, type Schema } from "../../../core/schema.js";
import { Status } from "../../../core/status.js";
import { Swim } from "../../../core/swim.js";
import { Values, type ValueNode } from "../../../core/values.js";
import { LEFT_OUT } from "../../support/snapshot.js";
import { SCRATCH } from "../../../core/table.js";
import { isValue, readValue, type ValueFormat } from "../../../platform/shared/value-format.js";
import { Dice } from "../engine/dice.js";
import { Image } from "../engine/image.js";
import { must } from "../engine/target.js";
import { takeApart } from "./datagram-parts.js";

/** Sent datagrams of one call at most: an answer, and gossip about what was found. */
const MOST_SENT = 24;
/** Bytes that a core may take in all, in its arrays: a table of a dozen members, queues, values. */
const MOST_BYTES = 48 * 1024;

/** What no execution changes. */
const CONSTANT: ReadonlySet<string> = new Set([
  "image",
  "setup",
  "pool",
  "config",
  "type",
  "codec",
  "dialect",
  "schema",
]);

/** What a subject is made from. */
export interface Setup {
  readonly name: string;
  readonly codec: Codec;
  readonly type: IdentityType<unknown>;
  readonly config: Config;
  /** Identities: the first is our own, the last ones strangers at first. */
  readonly names: readonly unknown[];
  readonly values?: { readonly most: number; readonly bytes: number; readonly format: ValueFormat };
}

interface ItemKey {
  readonly key: number;
  invalidates(other: ItemKey): boolean;
}

/** Broadcasts `key, version, payload…`: keeps what is newer than all it saw of the key, refuses `ff…`. */
class Versions implements BroadcastHandler<unknown, ItemKey> {
  readonly versions = new Int16Array(256);

  receiveItem(item: Uint8Array): ItemKey | null {
    if (item[0] === 0xff) throw new Error("refused");
    const version = 1 + (item.length > 1 ? item[1] : 0);
    if (version <= this.versions[item[0]]) return null;
    this.versions[item[0]] = version;
    const key = item[0];
    return { key, invalidates: (other) => other.key === key };
  }
}

/** A node under attack, in its runtime. */
export class Subject implements Runtime<unknown>, ValueNode {
  readonly setup: Setup;
  readonly swim: Swim<unknown>;
  readonly values: Values<unknown> | undefined;
  /** Encoded identities. */
  readonly pool: readonly Uint8Array[];
  nowMs = 1_000_000;
  wakeAtMs = Infinity;
  sent = 0;
  private readonly dice = new Dice(7);
  private readonly handler = new Versions();
  private readonly image: Image;
  /** Whether what is sent is looked at. */
  isThorough = false;

  constructor(setup: Setup) {
    this.setup = setup;
    const { codec, type, config, names } = setup;
    this.pool = names.map((name) => encoded(type, codec, name));
    if (setup.values !== undefined)
      this.values = new Values<unknown>(this, setup.values.most, setup.values.bytes, 5000);
    this.swim = new Swim<unknown>({
      identity: names[0],
      identityType: type,
      codec,
      config,
      runtime: this,
      random: () => this.dice.bits(),
      ...(this.values === undefined ? { broadcastHandler: this.handler } : { keeper: this.values }),
    });
    this.values?.setLife(this.ownLife(), false);
    const states = ["Alive", "Alive", "Suspect", "Down", "Alive"] as const;
    const members = states
      .map((state, i) => ({ identity: names[i + 4], incarnation: i, state }))
      .filter(({ identity }) => identity !== undefined);
    this.swim.applyMany(members, true);
    this.publish(3, false);
    this.pass(600);
    this.image = new Image([this.swim, this, this.dice, this.handler], CONSTANT, LEFT_OUT);
  }

  /** Begins an execution. */
  reset(): void {
    this.image.restore();
    // The timer and the clock stand in fields that were put back, too.
    this.isThorough = false;
  }

  /** Hands over a datagram, and checks what must hold then. Returns the status. */
  hear(bytes: Uint8Array, start: number, end: number): number {
    const { swim, image } = this;
    if (this.isThorough) image.note();
    this.sent = 0;
    const status = swim.handleData(bytes, start, end);
    must(this.sent <= MOST_SENT, "one datagram makes us send " + this.sent);
    if (!this.isThorough) return status;
    checkInvariants(swim["protocol"]);
    const { type, codec } = this.setup;
    const isTaken =
      status === Status.Ok || status === Status.InactiveSender || status > Status.MalformedPacket;
    if (isTaken)
      must(
        takeApart(type, codec.dialect, bytes.slice(0, end), start) !== undefined,
        "it was taken, and is no datagram",
      );
    // A former identity of ours may have been answered, which leaves the note of when.
    else if (this.sent === 0) {
      const { members } = swim["protocol"].knowledge;
      const path = image.changed((view, copy) => blank(view, copy, members));
      must(path === undefined, "a refused datagram changed " + path + " (status " + status + ")");
    }
    return status;
  }

  /** Lets time pass, and wakes the node when it wants to be woken. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (let i = 0; i < 12 && this.wakeAtMs <= end; i++) {
      this.nowMs = Math.max(this.nowMs, this.wakeAtMs);
      this.wakeAtMs = Infinity;
      this.sent = 0;
      this.swim.handleTimer();
    }
    this.nowMs = end;
  }

  publish(length: number, isNews: boolean): void {
    const { values, swim } = this;
    const bytes = new Uint8Array(length).fill(0x31);
    if (values === undefined) swim.addBroadcast(Uint8Array.of(length, this.nowMs & 255));
    else if (!values.isSpent(this.ownLife())) swim.addBroadcast(values.wrap(bytes, isNews));
  }

  /** What must hold at the end of each execution. */
  check(): void {
    const { swim, values, setup } = this;
    checkInvariants(swim["protocol"]);
    must(swim.numMembers <= setup.config.maxMembers, "more members than maxMembers");
    if (!this.isThorough) return;
    const members = swim.members();
    must(members.length === swim.numMembers, "members() gives as many as there are");
    must(swim.customBroadcastBacklog <= setup.config.maxBroadcasts, "more broadcasts than maxBroadcasts");
    if (values !== undefined && setup.values !== undefined) {
      must(values.records.numKept <= setup.values.most, "more values than maxValues");
      must(values.records.keptBytes <= setup.values.bytes, "more bytes of values than maxValueBytes");
      for (const { identity } of members) {
        const entry = values.entryOf(identity);
        if (entry < 0) continue;
        const { records } = values;
        const from = values.valueStart(entry);
        const to = records.next(entry);
        readValue(setup.values.format, setup.codec.dialect, records.bytes, from, to);
      }
    }
    must(this.image.numBytes < MOST_BYTES, "memory grows without bound");
  }

  // The runtime.
  now(): number {
    return this.nowMs;
  }
  sendTo(to: IdentityRef<unknown>, data: Uint8Array, start: number, end: number): void {
    this.sent++;
    must(end - start <= this.setup.config.maxPacketSize, "a datagram longer than maxPacketSize");
    if (this.isThorough) {
      const { codec, type } = this.setup;
      const source = type.schema.skip(codec.dialect, data, start, end);
      must(source > start, "what is sent begins with an identity in its shortest form");
      void to.value;
    }
    // What lies behind the datagram is nobody's business.
    data.fill(0xa5);
  }
  submitAfter(ms: number): void {
    must(ms >= 0, "a wake-up in the past");
    this.wakeAtMs = this.nowMs + ms;
  }
  memberUp(): void {}
  memberDown(): void {}
  memberLeft(): void {}
  memberSuspected(): void {}
  memberRefuted(): void {}
  memberNap(): void {}
  memberOverdue(): void {}
  memberRefused(): void {}
  probeFailed(): void {}
  probeAnswered(): void {}
  active(): void {}
  idle(): void {}
  defunct(): void {}
  rename(): void {}
  rejoin(): void {
    this.values?.setLife(this.ownLife(), true);
  }

  // The node of the values.
  isValue(bytes: Uint8Array, at: number, end: number): boolean {
    return isValue(this.setup.values?.format ?? "bytes", this.setup.codec.dialect, bytes, at, end);
  }
  ownLife(): number | string {
    const named = this.swim?.identity as { bump?: number | string } | undefined;
    return named?.bump ?? 1;
  }
  valueCame(slot: number, bytes: Uint8Array, at: number, end: number): void {
    if (!this.isThorough) return;
    readValue(this.setup.values?.format ?? "bytes", this.setup.codec.dialect, bytes, at, end);
    this.values?.identityAt(slot);
  }
  newsCame(bytes: Uint8Array, at: number, end: number, owner: number): void {
    must(at <= end && end <= bytes.length, "news within its datagram");
    if (this.isThorough) this.setup.type.addressSchema?.read(this.setup.codec.dialect, bytes, owner);
  }
}

/** Blanks what a refused datagram may touch in the buffer of the table: the scratch, and the datagram that is sent. */
function blank(
  view: ArrayBufferView,
  copy: Uint8Array,
  table: { bytes: Uint8Array; ownAt: number; ownSize: number },
): void {
  if (view.buffer !== table.bytes.buffer) return;
  const from = table.ownAt - view.byteOffset;
  copy.fill(0, Math.max(0, from - SCRATCH), Math.max(0, from));
  copy.fill(0, Math.max(0, from + table.ownSize));
}

export function encoded(type: IdentityType<unknown>, codec: Codec, value: unknown): Uint8Array {
  const out = new Uint8Array(type.schema.maxLength(codec.dialect));
  return out.slice(0, type.schema.write(codec.dialect, value, out, 0));
}

interface Named {
  flags: number;
  zone: number;
  name: string;
  life: number;
}
const inTheMiddle = identity<Named>({
  schema: struct<Named>({ flags: u32, zone: u16, name: string(40), life: u8 }),
  address: ["zone", "name"],
  renew: (id) => ({ ...id, life: (id.life + 1) & 255 }),
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
}) as IdentityType<unknown>;

const reading = struct({ celsius: u16, name: string(8) }) as Schema<unknown>;

const LIVES = [1, 2, 3, 300];
const hosts = [2, 3, 4, 5, 6, 7, 8, 9];
const own = (addr: string): unknown[] => LIVES.map((bump) => ({ addr, bump }));
const v4 = [
  ...own("10.0.0.1:7000"),
  ...hosts.map((host) => ({ addr: "10.0.0." + host + ":7000", bump: 1 })),
  ...hosts.map((host) => ({ addr: "10.0.0." + host + ":7000", bump: host % 2 === 0 ? 2 : 1e9 })),
  { addr: "255.255.255.255:1", bump: "18446744073709551615" },
  { addr: "0.0.0.0:0", bump: 0 },
];
const both = [
  ...own("10.0.0.1:7000"),
  ...hosts.map((host) => ({
    addr: (host % 2 === 0 ? "[fe80::" + host + "]" : "10.0.0." + host) + ":7000",
    bump: 1,
  })),
  ...hosts.map((host) => ({
    addr: (host % 2 === 0 ? "[fe80::" + host + "]" : "10.0.0." + host) + ":7000",
    bump: 9,
  })),
];
const addresses = [
  "10.0.0.1:7",
  "10.0.0.1:7",
  "10.0.0.1:7",
  "[::1]:7",
  ...hosts.map((host) => "[::" + host + "]:99"),
];
const middles = [
  "Ä",
  "Ä",
  "Ä",
  "Ä",
  ...hosts.map((host) => "n" + host),
  ...hosts.map((host) => "n" + host),
].map((name, i) => ({ flags: i === 0 ? 1 : i * 9, zone: 2, name, life: 1 + (i > 11 ? 1 : 0) }));

/** All setups, those of bincode first. */
export function setups(): Setup[] {
  const kinds: Omit<Setup, "codec">[] = [
    { name: "simple", type: renewableV4 as IdentityType<unknown>, config: simple(), names: v4 },
    {
      name: "crowded, telling the Down",
      type: renewableV4 as IdentityType<unknown>,
      config: {
        ...simple(),
        maxMembers: 5,
        initialMembers: 1,
        notifyDownMembers: true,
        removeDownAfterMs: 3000,
      },
      names: v4,
    },
    {
      name: "lan",
      type: renewableV4 as IdentityType<unknown>,
      config: { ...lan(20), maxPacketSize: 120 },
      names: v4,
    },
    {
      name: "wifi, crowded",
      type: renewableV4 as IdentityType<unknown>,
      config: { ...wifi(20), maxPacketSize: 120, maxMembers: 6, quietStartMs: 1500 },
      names: v4,
    },
    {
      name: "values in little room",
      type: renewableV4 as IdentityType<unknown>,
      config: { ...lan(8), maxMembers: 8, maxPacketSize: 200 },
      names: v4,
      values: { most: 2, bytes: 60, format: "bytes" },
    },
    {
      name: "texts",
      type: renewableAddr as IdentityType<unknown>,
      config: { ...lan(20), maxMembers: 20 },
      names: both,
      values: { most: 20, bytes: 2000, format: "text" },
    },
    {
      name: "values of a schema",
      type: renewableV4 as IdentityType<unknown>,
      config: { ...wifi(20), maxMembers: 20 },
      names: v4,
      values: { most: 20, bytes: 2000, format: reading },
    },
    {
      name: "JSON of nodes that cannot be renewed",
      type: plain as IdentityType<unknown>,
      config: { ...lan(8), maxMembers: 10 },
      names: addresses,
      values: { most: 10, bytes: 600, format: "json" },
    },
    {
      name: "address in the middle",
      type: inTheMiddle,
      config: { ...lan(8), maxMembers: 10 },
      names: middles,
    },
  ];
  return [bincode, postcard].flatMap((codec) => kinds.map((kind) => ({ ...kind, codec })));
}
