// What is measured, inside a machine: nodes of a given size, and the operations of their steady state.
import {
  bincode,
  IdentityRef,
  renewableV4,
  simple,
  Swim,
  type Config,
  type Renewable,
} from "../../core/index.js";
import type { Keeper } from "../../core/keeper.js";
import { Members } from "../../core/members.js";
import type { Runtime } from "../../core/runtime.js";
// In the bundle this is the node of platform/xs, which takes the same options.
import { SwimNode } from "../../platform/node/swim-node.js";
import { world } from "../moddable/doubles/world.js";
import { seeded } from "../support/random.js";
import { encode, peer } from "../support/wire.js";
import { BUMP, name, OWN, populate } from "./names.js";
import { copyOf } from "./records.js";
import { Twin } from "./twin.js";

const MAX_PACKET_SIZE = 1400;
const LONGEST_WAIT_MS = 24 * 24 * 60 * 60 * 1000;
/** Members whose news a datagram of `gossipWithUpdates` carries. */
const NEWS = 10;

/** Updates of a gossip that is heard. */
const UPDATES = 20;

/** Transmissions of an update, so that gossip with updates can go on for as long as it is measured. */
const LONG_SPREADING = 255;

world.address = "10.0.0.1";
world.ticks = 1000;
world.reserve();

function config(members: number, maxTransmissions = 10): Config {
  return Object.freeze({
    ...simple(),
    maxTransmissions,
    maxPacketSize: MAX_PACKET_SIZE,
    initialMembers: members,
    maxMembers: members,
  });
}

/** A core in steady state, and its operations. Each method is one. */
export class Subject implements Runtime<Renewable> {
  readonly swim: Swim<Renewable>;
  private readonly members: number;
  protected nowMs = 1000;
  private wakeAtMs = Infinity;
  protected sent = 0;
  /** Where the last datagram that was sent stands. */
  protected data: Uint8Array = new Uint8Array(0);
  protected start = 0;
  protected end = 0;
  /** Pings of eight members. */
  private readonly pings: Uint8Array[] = [];
  /** An Ack of each member, by its number. */
  private readonly acks: Uint8Array[] = [];
  private readonly datagrams: Record<string, Uint8Array>;
  /** For `gossip20New`: what each run tells. */
  private readonly tidings: Uint8Array[] = [];
  private told = 0;

  /** Has room for so many members who come later, and keeps values where it is given what keeps them. */
  constructor(members: number, newcomers = 0, keeper?: Keeper<Renewable>) {
    this.members = members;
    this.swim = new Swim<Renewable>({
      identity: peer(OWN),
      identityType: renewableV4,
      codec: bincode,
      config: config(members + newcomers, LONG_SPREADING),
      runtime: this,
      random: seeded(1),
      ...(keeper === undefined ? {} : { keeper }),
    });
    this.datagrams = makeDatagrams(members);
    for (let number = 2; number < members + 2; number++)
      this.acks[number] = encode({ ...HEADER, from: name(number), kind: "Ack", n: 0 });
    for (let number = 2; number < 10; number++)
      this.pings.push(encode({ ...HEADER, from: name(number), kind: "Ping", n: 7 }));
    for (let first = 0; first < newcomers; first += UPDATES)
      this.tidings.push(gossipOf((i) => members + 2 + first + i));
    populate(this.swim, members);
    this.handle("down", "Ok");
    // News about the dead is told to the end, so that nothing is left to be spread.
    while (this.swim.updatesBacklog > 0) this.swim.gossip();
  }

  now(): number {
    return this.nowMs;
  }

  sendTo(_to: unknown, data: Uint8Array, start: number, end: number): void {
    this.sent++;
    this.data = data;
    this.start = start;
    this.end = end;
  }

  submitAfter(ms: number): void {
    this.wakeAtMs = this.nowMs + ms;
  }

  /** A probe from its Ping to its end: two wake-ups, and the Ack between them. */
  probeCycle(): void {
    this.wake();
    const data = this.data;
    const at = this.start;
    // The Ping's header is two identities of 12 bytes with the incarnation between them, the kind and the number.
    const ack = this.acks[(data[at + 15] << 8) | data[at + 16]];
    ack[26] = data[at + 26];
    this.swim.handleData(ack);
    this.wake();
  }

  /** A Ping of each of the first members in turn, since some are found sooner than others. */
  answerPing(turn: number): void {
    this.swim.handleData(this.pings[turn & 7]);
  }

  /** As `Swim.gossip`: one datagram to each of three members. */
  gossip(): void {
    this.swim.gossip();
  }

  /** Takes in a gossip with updates that say nothing new. */
  hearKnown(): void {
    const known = this.datagrams["known"];
    this.swim.handleData(known);
  }

  /** Takes in a gossip with updates of members that are new. */
  hearNew(): void {
    this.swim.handleData(this.tidings[this.told++]);
  }

  /** Fills the queue, for some 80 rounds of gossip when it holds no more than fit into a datagram. */
  hearNews(incarnation: number, updates = NEWS): void {
    const list = [];
    for (let number = 2; number < 2 + Math.min(updates, this.members - 1); number++)
      list.push({ identity: peer(name(number)), incarnation, state: "Alive" as const });
    this.swim.applyMany(list, true);
  }

  /** A datagram that is refused: `refused("Decode")`. */
  refused(which: string): void {
    const datagram = this.datagrams[which];
    this.swim.handleData(datagram);
  }

  /** Makes sure that an operation does what it is called after; throws otherwise. */
  check(operation: string): void {
    const sent = this.sent;
    if (operation === "probeCycle") {
      this.probeCycle();
      this.expect(this.sent - sent === 1 && this.swim.numMembers === this.members - 1, operation);
    } else if (operation === "gossip20Known") {
      this.handle("known", "Ok");
      this.expect(this.sent === sent && this.swim.updatesBacklog === 0, operation);
    } else if (operation === "gossip20New") {
      this.hearNew();
      this.expect(this.swim.numMembers === this.members - 1 + UPDATES, operation);
    } else if (operation === "answerPingFullQueue") {
      this.handle("ping", "Ok");
      this.expect(
        this.sent - sent === 1 && this.swim.updatesBacklog >= Math.min(1000, this.members - 1),
        operation,
      );
    } else if (operation === "answerPing") {
      this.handle("ping", "Ok");
      this.expect(this.sent - sent === 1, operation);
    } else if (operation === "gossipEmpty" || operation === "gossipWithUpdates") {
      this.gossip();
      this.expect(this.sent - sent === 3, operation);
      this.expect((this.swim.updatesBacklog === NEWS) === (operation === "gossipWithUpdates"), operation);
    } else {
      const which = operation.slice("refuse".length);
      this.handle(which, which.replace("OfLongForms", ""));
      this.expect(this.sent === sent, operation);
    }
  }

  private handle(which: string, status: string): void {
    const got = STATUS[this.swim.handleData(this.datagrams[which])];
    this.expect(got === status, which + " ended as " + got);
  }

  private wake(): void {
    this.nowMs = this.wakeAtMs;
    this.swim.handleTimer();
  }

  protected expect(condition: boolean, what: string): void {
    if (!condition) throw new Error("not what is measured: " + what);
  }
}

const STATUS = [
  "Ok",
  "NotForUs",
  "InactiveSender",
  "DataTooBig",
  "Decode",
  "DataFromOurselves",
  "MalformedPacket",
];
/** A gossip of the member 2 about as many others, by their numbers. */
function gossipOf(number: (i: number) => number): Uint8Array {
  const updates = Array.from({ length: UPDATES }, (_, i) => `Alive ${name(number(i))}@0`);
  return encode({ ...HEADER, from: name(2), kind: "Gossip", updates });
}

const HEADER = { incarnation: 0, to: OWN, updates: [], broadcasts: [] };

function laxIdentity(number: number): number[] {
  return [10, 0, number >> 8, number & 255, 251, 7000 & 255, 7000 >> 8, 253, 1, 0, 0, 0, 0, 0, 0, 0];
}

function makeDatagrams(members: number): Record<string, Uint8Array> {
  const from = name(2);
  const dead = name(members + 1);
  const ping = encode({ ...HEADER, from, kind: "Ping", n: 7 });
  const decode = ping.slice();
  decode[25] = 200;
  // Both identities with a bump in the form of 8 bytes, which is valid, and then a message that is none.
  const lax = new Uint8Array([...laxIdentity(2), 0, ...laxIdentity(1), 200, 7]);
  const malformed = new Uint8Array(ping.length + 1);
  malformed.set(ping);
  return {
    ping,
    // Members from all over the table: in a small one some of them twice.
    known: gossipOf((i) => 3 + ((i * 37) % (members - 2))),
    down: encode({ ...HEADER, from, kind: "Gossip", updates: ["Down " + dead + "@0"] }),
    Decode: decode,
    DecodeOfLongForms: lax,
    MalformedPacket: malformed,
    NotForUs: encode({ ...HEADER, from, to: name(60_000), kind: "Ping", n: 7 }),
    DataFromOurselves: encode({ ...HEADER, from: OWN, kind: "Ping", n: 7 }),
    DataTooBig: new Uint8Array(1401),
    InactiveSender: encode({ ...HEADER, from: dead, kind: "Ping", n: 7 }),
  };
}

/** What memory is measured of. Each keeps nothing but itself. */
export const make = {
  /** Lets go of the last node, which the device's timer calls. */
  forget(): void {
    world.forget();
  },
  sendBuffer: (): unknown => new Uint8Array(MAX_PACKET_SIZE),

  /** A core that holds so many members, without what `sharedBy` made for it. */
  core(held: number, shared: Shared): unknown {
    const swim = new Swim<Renewable>({
      identity: peer(OWN),
      identityType: renewableV4,
      codec: bincode,
      config: shared.config,
      runtime: shared.runtime,
      random: shared.random,
    });
    populate(swim, held);
    return swim;
  },

  twin(held: number): unknown {
    const twin = new Twin();
    for (let number = 2; number < held + 2; number++) twin.insert(peer(name(number)).addr, BUMP);
    return twin;
  },

  /** A device's whole node, after it has sent to all its members: its caches are as full as they get. */
  device(held: number, cycles: number, records = 0, bump = BUMP): unknown {
    const node = new SwimNode<Renewable>({
      port: 7000,
      bump: BUMP,
      identityType: renewableV4,
      codec: bincode,
      // Nobody answers here: the members are to stay, as suspects.
      config: Object.freeze({ ...config(Math.max(1, held)), suspectToDownAfterMs: LONGEST_WAIT_MS }),
    });
    world.sleepUntilDue();
    populate(node.swim, held);
    for (let cycle = 0; cycle < cycles; cycle++) world.sleepUntilDue();
    for (let number = 2; number < 2 + records; number++) {
      world.enqueue(Uint8Array.from(copyOf(number, bump, name(2))).buffer);
      world.tellReadable();
    }
    return node;
  },
};

/** Joined to a new text for each datagram: one chunk, as the SDK's. */
const ADDRESS_HEAD = "10.0.0.";
const ADDRESS_TAIL = "2";

/** A device's node that is sent Pings by its socket. Each method is one operation of platform/xs. */
export class DeviceSubject {
  private readonly node = make.device(32, 200) as SwimNode<Renewable>;
  private readonly ping = Uint8Array.from(makeDatagrams(32)["ping"]).buffer;

  /** Takes a datagram, which the socket's double does not make anew, and answers it. */
  answerPing(): void {
    world.enqueue(this.ping);
    world.tellReadable();
  }

  /** The same with a packet as the SDK makes it: a buffer with its sender's address and port. */
  answerPingOfSocket(): void {
    const packet = this.ping.slice(0) as ArrayBuffer & { address: string; port: number };
    packet.address = ADDRESS_HEAD + ADDRESS_TAIL;
    packet.port = 7000;
    world.enqueue(packet);
    world.tellReadable();
  }

  /** Sends to three members picked from 32: most are not among the endpoints that are remembered. */
  gossip(): void {
    this.node.swim.gossip();
  }

  /** Makes sure that an operation sends what it should; throws otherwise. */
  check(operation: "answerPing" | "answerPingOfSocket" | "gossip"): void {
    const { numSent } = world;
    this[operation]();
    const got = world.numSent - numSent;
    if (got !== (operation === "gossip" ? 3 : 1)) throw new Error(operation + " sent " + got);
    if (this.node.socketErrors > 0) throw new Error(operation + ": the socket failed");
  }
}

interface Shared {
  runtime: Runtime<Renewable>;
  random: () => number;
  config: Config;
}

/** What a core needs that is not counted as its own; the table has room for `members` from the start. */
export function sharedBy(members: number): Shared {
  const runtime = { now: (): number => 0, sendTo(): void {}, submitAfter(): void {} };
  return { runtime, random: seeded(1), config: config(members) };
}

/** The table alone, ours and the twin's, with the bytes that name a member in a datagram. */
export function tables(members: number): { ours: Lookup; twin: Lookup } {
  const dialect = bincode.dialect;
  const bytes = new Uint8Array(32);
  const table = new Members<Renewable>(renewableV4, bincode, members, members, seeded(1), 0);
  const twin = new Twin();
  let length = 0;
  for (let number = 2; number < members + 2; number++) {
    length = renewableV4.schema.write(dialect, peer(name(number)), bytes, 0);
    const ref = new IdentityRef(table, bytes);
    ref.set(bytes, 0, length);
    table.find(ref);
    table.insert(ref, 0, 0);
    twin.insert(peer(name(number)).addr, BUMP);
  }
  const ref = new IdentityRef(table, bytes);
  return {
    ours: {
      find(): boolean {
        ref.read(bytes, 0, length);
        return table.state(ref.sight >= 0 ? ref.sight : table.find(ref)) === 0;
      },
    },
    twin: { find: (): boolean => twin.find(bytes, 0)?.state === "Alive" },
  };
}

interface Lookup {
  /** Whether the last member, named by a datagram, is Alive. */
  find(): boolean;
}
