// A Ping to a node without keys, the same to one with keys, and what such a node refuses.
import { Status, Swim, type Config, type IdentityRef, type Renewable } from "../../core/index.js";
import { bincode, renewableAddr, simple } from "../../core/index.js";
import { Seal } from "../../platform/node/seal.js";
import { SEAL_HEADROOM, SEAL_OVERHEAD, SEAL_TAILROOM } from "../../platform/shared/seal.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { datagrams, identityOf, SENDERS } from "../datagrams.js";
import type { Operation } from "../measure.js";
import { membersOf, Sink } from "../peers/xswim-node.js";

const KEY = { id: 0, secret: "000102030405060708090a0b0c0d0e0f" };
const OTHER = { id: 1, secret: "f0e0d0c0b0a090807060504030201000" };
const MEMBERS = 128;

/** Seals what is sent, where there is a seal. */
class SealingSink extends Sink {
  readonly seal: Seal | undefined;
  constructor(seal: Seal | undefined) {
    super();
    this.seal = seal;
  }
  override sendTo(to: IdentityRef<Renewable>, data: Uint8Array, start: number, end: number): void {
    const { seal } = this;
    if (seal === undefined) return super.sendTo(to, data, start, end);
    seal.seal(data, start, end);
    super.sendTo(to, data, seal.start, seal.end);
  }
}

/** A core that knows 128 members, with a seal around it or not, as a `SwimNode` has it. */
class Node {
  readonly seal: Seal | undefined;
  readonly sink: SealingSink;
  private readonly swim: Swim<Renewable>;

  constructor(isSealed: boolean) {
    this.seal = isSealed ? new Seal({ keys: [KEY], maxSenders: 1024 }) : undefined;
    this.sink = new SealingSink(this.seal);
    const usual: Config = { ...simple(), maxMembers: 1024 };
    const config = isSealed ? { ...usual, maxPacketSize: usual.maxPacketSize - SEAL_OVERHEAD } : usual;
    this.swim = new Swim({
      identity: identityOf(0),
      identityType: renewableAddr,
      codec: bincode,
      config,
      runtime: this.sink,
      random: () => 7,
      ...(isSealed ? { headroom: SEAL_HEADROOM, tailroom: SEAL_TAILROOM } : {}),
    });
    this.swim.applyMany(membersOf(1, MEMBERS, 0, "Alive"), false);
  }

  /** Takes a datagram in; returns whether it was refused before the core saw it. */
  receive(bytes: Uint8Array): boolean {
    const { seal } = this;
    let status: Status;
    if (seal === undefined) status = this.swim.handleData(bytes);
    else if (seal.open(bytes, 0, bytes.length)) status = this.swim.handleData(bytes, seal.start, seal.end);
    else return true;
    if (status !== Status.Ok) throw new Error("a good datagram was refused: " + status);
    return false;
  }
}

/** The Pings of 64 members, sealed by a seal each. */
class Senders {
  readonly sealed: Uint8Array[];
  private readonly seals: Seal[];
  private readonly pings = datagrams("pings", MEMBERS);

  constructor(key = KEY) {
    this.seals = Array.from({ length: SENDERS }, () => new Seal({ keys: [key] }));
    this.sealed = this.pings.map((ping) => new Uint8Array(ping.length + SEAL_OVERHEAD));
    this.next();
  }

  /** Seals all anew. */
  next(): void {
    for (let i = 0; i < SENDERS; i++) {
      this.sealed[i].set(this.pings[i], SEAL_HEADROOM);
      this.seals[i].seal(this.sealed[i], SEAL_HEADROOM, SEAL_HEADROOM + this.pings[i].length);
    }
  }
}

/** A Ping answered by an Ack, neither of them sealed. */
class PlainPing implements Operation {
  readonly name = "plain Ping, answered";
  readonly batchSize = SENDERS;
  private readonly node = new Node(false);
  private readonly pings = datagrams("pings", MEMBERS);
  run(index: number): void {
    this.node.receive(this.pings[index]);
  }
}

/** The same, both sealed. */
class SealedPing implements Operation {
  readonly name = "sealed Ping, answered";
  readonly batchSize = SENDERS;
  private readonly node = new Node(true);
  private readonly senders = new Senders();
  prepare(): void {
    this.senders.next();
  }
  run(index: number): void {
    this.node.receive(this.senders.sealed[index]);
  }
}

/** Datagrams that are refused, each for the same reason. */
class Refused implements Operation {
  readonly name: string;
  readonly batchSize = SENDERS;
  private readonly node = new Node(true);
  private readonly refused: Uint8Array[];

  constructor(name: string, metric: number, make: (node: Node) => Uint8Array[]) {
    this.name = name;
    this.refused = make(this.node);
    this.run(0);
    if (this.node.seal?.metrics[metric] !== 1) throw new Error(name + ": refused for another reason");
  }

  run(index: number): void {
    if (!this.node.receive(this.refused[index])) throw new Error(this.name + ": taken");
  }
}

/** What was opened before. */
function replays(node: Node): Uint8Array[] {
  const { sealed } = new Senders();
  const copies = sealed.map((bytes) => bytes.slice());
  for (const bytes of sealed) node.receive(bytes);
  return copies;
}

/** With one bit of the tag flipped, of senders that are not known. */
function forgeries(): Uint8Array[] {
  const { sealed } = new Senders();
  for (const bytes of sealed) bytes[bytes.length - 1] ^= 1;
  return sealed;
}

/** The node's own. */
function reflections(node: Node): Uint8Array[] {
  return Array.from({ length: SENDERS }, () => {
    const bytes = new Uint8Array(60);
    node.seal?.seal(bytes, SEAL_HEADROOM, bytes.length - SEAL_TAILROOM);
    return bytes;
  });
}

/** Seals a text of so many bytes, or opens it. */
class Crypt implements Operation {
  readonly name: string;
  readonly batchSize = SENDERS;
  private readonly from = new Seal({ keys: [KEY] });
  private readonly to = new Seal({ keys: [KEY] });
  private readonly length: number;
  private readonly opens: boolean;
  private readonly texts: Uint8Array[];

  constructor(length: number, opens: boolean) {
    this.name = (opens ? "open " : "seal ") + length + " bytes";
    this.length = length;
    this.opens = opens;
    this.texts = Array.from({ length: SENDERS }, () => new Uint8Array(length + SEAL_OVERHEAD));
  }
  prepare(): void {
    if (this.opens) for (const bytes of this.texts) this.seal(bytes);
  }
  run(index: number): void {
    const bytes = this.texts[index];
    if (!this.opens) this.seal(bytes);
    else if (!this.to.open(bytes, 0, bytes.length)) throw new Error("refused");
  }
  private seal(bytes: Uint8Array): void {
    this.from.seal(bytes, SEAL_HEADROOM, SEAL_HEADROOM + this.length);
  }
}

/** All, the one that the others are compared with first. */
export const OPERATIONS: readonly (() => Operation)[] = [
  () => new PlainPing(),
  () => new SealedPing(),
  () => new Refused("refused: forged", SealMetric.Forged, forgeries),
  () => new Refused("refused: replayed", SealMetric.Replayed, replays),
  () => new Refused("refused: plain", SealMetric.RefusedPlain, () => datagrams("pings", MEMBERS)),
  () => new Refused("refused: unknown key", SealMetric.UnknownKey, () => new Senders(OTHER).sealed),
  () => new Refused("refused: our own", SealMetric.Reflected, reflections),
  () => new Crypt(59, false),
  () => new Crypt(59, true),
  () => new Crypt(1379, false),
  () => new Crypt(1379, true),
];
