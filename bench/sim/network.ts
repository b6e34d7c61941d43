import type { Bursts } from "./bursts.js";
import type { Faults } from "./faults.js";
import { Kind, type Queue } from "./queue.js";
import type { Chance } from "./random.js";

/** The longest datagram, in bytes. */
const LONGEST = 65507;

/**
 * The fault model of `platform/fake`, for thousands of hosts: hosts are numbers, and a datagram on its way is a
 * place in a pool. It differs in two points: faults hold for the whole network, and instead of links a host has
 * a group (datagrams pass only within one), a link that may be off, and a radio that may deliver late.
 */
export class Network {
  readonly faults: Faults;
  /** Datagrams: sent; lost by chance, a partition, or because nobody received them; delivered. Bytes sent. */
  readonly counts = { sent: 0, lost: 0, delivered: 0, bytes: 0 };
  /** Hosts of different groups do not hear each other. */
  readonly groupOf: Uint8Array;
  /** 1 where a host neither sends nor receives. */
  readonly isOff: Uint8Array;
  /** The part that a host's link loses of what it sends, and of what it is sent, besides `faults.loss`. */
  readonly lossOf: Float64Array;
  /** The links that lose datagrams in bursts, besides all that; undefined while there are none. */
  bursts: Bursts | undefined = undefined;
  /** Whether datagrams are corrupted at some time in this run, so that what was read may be a lie. */
  readonly everCorrupts: boolean;
  /** Told of every datagram that a host sends, lost ones too; the bytes are good only within the call. */
  onSend: ((from: number, to: number, data: Uint8Array, length: number) => void) | undefined = undefined;
  /** Milliseconds that a host's radio delays what comes in, on average, and at most. */
  readonly radioMeanMs: Float64Array;
  radioMaxMs = Infinity;
  private readonly queue: Queue;
  private readonly chance: Chance;
  private toOf = new Int32Array(64);
  private lengthOf = new Int32Array(64);
  private readonly bytesOf: Uint8Array[] = [];
  private readonly free: number[] = [];

  constructor(numHosts: number, faults: Faults, queue: Queue, chance: Chance) {
    this.faults = faults;
    this.queue = queue;
    this.chance = chance;
    this.groupOf = new Uint8Array(numHosts);
    this.isOff = new Uint8Array(numHosts);
    this.lossOf = new Float64Array(numHosts);
    this.everCorrupts = faults.corruption > 0;
    this.radioMeanMs = new Float64Array(numHosts);
  }

  /** Whether datagrams pass between two hosts. */
  connects(a: number, b: number): boolean {
    return this.groupOf[a] === this.groupOf[b] && this.isOff[a] === 0 && this.isOff[b] === 0;
  }

  /** Two hosts have each other's number now, and keep the links that they have. */
  swapLinks(a: number, b: number): void {
    for (const links of [this.groupOf, this.isOff, this.lossOf, this.radioMeanMs]) {
      const link = links[a];
      links[a] = links[b];
      links[b] = link;
    }
  }

  /** Sends a copy of `data[0..length]`. */
  send(nowMs: number, from: number, to: number, data: Uint8Array, length: number): void {
    const { counts, faults, chance } = this;
    counts.sent++;
    counts.bytes += length;
    if (this.onSend !== undefined) this.onSend(from, to, data, length);
    const isHost = to >= 0 && to < this.groupOf.length;
    if (!isHost || !this.connects(from, to) || chance.is(faults.loss) || this.isLostOnLink(nowMs, from, to)) {
      counts.lost++;
      return;
    }
    this.carry(nowMs, to, data, length);
    if (chance.is(faults.duplication)) this.carry(nowMs, to, data, length);
  }

  /** Delivers a datagram from somebody who is no host of ours. */
  inject(nowMs: number, to: number, data: Uint8Array, length: number): void {
    this.carry(nowMs, to, data, length);
  }

  /** The datagram that arrives; good until `release`. */
  bytes(datagram: number): Uint8Array {
    return this.bytesOf[datagram];
  }

  length(datagram: number): number {
    return this.lengthOf[datagram];
  }

  destination(datagram: number): number {
    return this.toOf[datagram];
  }

  /** Gives the datagram's place back. */
  release(datagram: number): void {
    this.free.push(datagram);
  }

  private isLostOnLink(nowMs: number, from: number, to: number): boolean {
    if (this.chance.is(this.lossOf[from]) || this.chance.is(this.lossOf[to])) return true;
    return this.bursts !== undefined && (this.bursts.loses(from, nowMs) || this.bursts.loses(to, nowMs));
  }

  private carry(nowMs: number, to: number, data: Uint8Array, length: number): void {
    const { faults, chance } = this;
    const datagram = this.take(length);
    const bytes = this.bytesOf[datagram];
    if (length < 80) for (let i = 0; i < length; i++) bytes[i] = data[i];
    else bytes.set(length === data.length ? data : data.subarray(0, length));
    this.toOf[datagram] = to;
    this.lengthOf[datagram] = length;
    if (chance.is(faults.corruption)) this.corrupt(bytes, length);
    let delayMs = faults.latencyMs;
    if (faults.jitterMs > 0) delayMs += faults.jitterMs * chance.fraction();
    if (chance.is(faults.reordering)) delayMs += faults.reorderMs * chance.fraction();
    const radioMs = this.radioMeanMs[to];
    if (radioMs > 0) delayMs += Math.min(this.radioMaxMs, chance.exponential(radioMs));
    this.queue.push(nowMs + delayMs, Kind.Datagram, datagram);
  }

  private take(length: number): number {
    if (length > LONGEST) throw new RangeError("a datagram of " + length + " bytes");
    let datagram = this.free.pop();
    if (datagram === undefined) {
      datagram = this.bytesOf.length;
      this.bytesOf.push(new Uint8Array(Math.max(length, 64)));
      if (datagram === this.toOf.length) this.grow();
    } else if (this.bytesOf[datagram].length < length) {
      this.bytesOf[datagram] = new Uint8Array(Math.max(length, 1400));
    }
    return datagram;
  }

  private grow(): void {
    const { toOf, lengthOf } = this;
    this.toOf = new Int32Array(toOf.length * 2);
    this.lengthOf = new Int32Array(toOf.length * 2);
    this.toOf.set(toOf);
    this.lengthOf.set(lengthOf);
  }

  private corrupt(bytes: Uint8Array, length: number): void {
    const flips = 1 + this.chance.below(4);
    for (let i = 0; i < flips; i++) bytes[this.chance.below(length)] ^= 1 << this.chance.below(8);
  }
}
