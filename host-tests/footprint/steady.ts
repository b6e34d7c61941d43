// A device in a cluster at rest, inside a machine: what it does in a second, and what that costs.
import { bincode, lan, renewableV4, type Renewable } from "../../core/index.js";
import { Metric } from "../../core/metrics.js";
// In the bundle this is the node of platform/xs, which takes the same options.
import { SwimNode } from "../../platform/node/swim-node.js";
import { world } from "../moddable/doubles/world.js";
import { encode } from "../support/wire.js";
import { Floor } from "./floor.js";
import { BUMP, name, OWN, populate } from "./names.js";
import { copyOf, digestItem } from "./records.js";

const PORT = 7000;
/** Where a datagram with identities of 12 bytes has its kind, and the number of the probe. */
const KIND = 25;
const NUMBER = 26;
const PING = 0;
/** Without updates and items. */
const PING_LENGTH = 29;

function ping(from: number, kind: "Ping" | "Ack", broadcasts: string[] = []): Uint8Array {
  return encode({ from: name(from), incarnation: 0, to: OWN, kind, n: 7, updates: [], broadcasts });
}

/** Seconds from one digest that we are sent to the next: as many as from one that we send. */
const DIGEST_SECONDS = 5;

/**
 * A device's whole node among `size` in all, with the settings for so many, which keeps so many records. Its socket and its
 * timer are doubles.
 */
export class SteadySubject {
  readonly node: SwimNode<Renewable>;
  private readonly pings: ArrayBuffer[] = [];
  private readonly acks: Uint8Array[] = [];
  /** Pings with our own digest, which is then the other's, too. */
  private readonly comparing: ArrayBuffer[] = [];
  private digest: Uint8Array | undefined = undefined;
  private readonly records: number;
  private turn = 0;
  /** The Ack of the Ping that was sent last, as long as it is to be given. */
  private answer: Uint8Array | undefined = undefined;

  constructor(size: number, records = 0) {
    this.records = records;
    this.node = new SwimNode<Renewable>({
      port: PORT,
      bump: BUMP,
      identityType: renewableV4,
      codec: bincode,
      config: lan(size),
    });
    world.watcher = this;
    world.sleepUntilDue();
    populate(this.node.swim, size - 1);
    for (let number = 2; number <= size; number++) {
      this.pings.push(Uint8Array.from(ping(number, "Ping")).buffer);
      this.acks[number] = Uint8Array.from(ping(number, "Ack"));
    }
    for (let number = 2; number < 2 + records; number++) this.take(copyOf(number, BUMP, name(2)));
    if (records > 0) this.hearDigests();
  }

  /** Waits for our own digest of records that are not fresh any more, and makes Pings with it. */
  private hearDigests(): void {
    for (let i = 0; i < 10; i++) this.second();
    this.digest = undefined;
    while (this.digest === undefined) this.second();
    for (let number = 2; number < 10; number++)
      this.comparing.push(Uint8Array.from(ping(number, "Ping", [digestItem(this.digest)])).buffer);
  }

  private take(datagram: Uint8Array): void {
    world.enqueue(Uint8Array.from(datagram).buffer);
    world.tellReadable();
  }

  /** A second: we probe one member, which answers at once, and one of them probes us. */
  second(): void {
    const { comparing, pings } = this;
    const turn = this.turn++;
    const compares = comparing.length > 0 && turn % DIGEST_SECONDS === 0;
    world.enqueue(compares ? comparing[turn % comparing.length] : pings[turn % pings.length]);
    world.tellReadable();
    for (let leftMs = 1000; leftMs > 0;) {
      const ms = Math.min(leftMs, world.msUntilDue);
      leftMs -= ms;
      world.sleep(ms);
      const answer = this.answer;
      if (answer === undefined) continue;
      this.answer = undefined;
      world.enqueue(answer.buffer as ArrayBuffer);
      world.tellReadable();
    }
  }

  written(data: Uint8Array): void {
    if (this.digest === undefined && this.records > 0 && data.length > PING_LENGTH)
      this.digest = data.slice(data.length - 4);
    if (data[KIND] !== PING) return;
    this.answer = this.acks[(data[15] << 8) | data[16]];
    this.answer[NUMBER] = data[NUMBER];
  }

  /** Makes sure that a second is what it is called; throws otherwise. */
  check(seconds: number): void {
    const before = world.numSent;
    for (let i = 0; i < seconds; i++) this.second();
    const sent = world.numSent - before;
    const { numMembers, updatesBacklog } = this.node.swim;
    const { metrics } = this.node.swim;
    if (metrics[Metric.RefusedValues] > 0 || metrics[Metric.RepairedValues] !== this.records)
      throw new Error("not the records that are measured");
    const isWell = numMembers === this.pings.length && updatesBacklog === 0 && this.node.socketErrors === 0;
    // A Ping and an Ack a second, and an Announce now and then.
    if (!isWell || sent < seconds * 2 || sent > seconds * 2.2)
      throw new Error(
        "not at rest: " + numMembers + " members, " + updatesBacklog + " updates, " + sent + " sent",
      );
  }
}

/** The straight line, answering a Ping: see `Floor`. */
export class FloorSubject {
  private readonly pings: Uint8Array[] = [];
  private readonly floor: Floor;
  private sent = 0;

  constructor() {
    for (let number = 2; number < 10; number++) this.pings.push(ping(number, "Ping"));
    const own = this.pings[0].slice(13, 25);
    this.floor = new Floor(
      own,
      this.pings.map((bytes) => bytes.slice(0, 12)),
      () => this.sent++,
    );
  }

  answerPing(turn: number): void {
    this.floor.answerPing(this.pings[turn & 7]);
  }

  check(): void {
    this.answerPing(0);
    if (this.sent !== 1) throw new Error("the straight line did not answer");
  }
}
