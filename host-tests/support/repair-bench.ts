// The comparison of records by itself: what one node holds, what it is told, and what it answers.
import { Records, unitsOf } from "../../core/records.js";
import { Repair } from "../../core/repair.js";
import type { IdentityRef } from "../../core/codec.js";
import type { Config } from "../../core/config.js";
import type { Renewable } from "../../core/identity.js";
import { hex, ok, unhex } from "./assert.js";
import { Solo } from "./solo.js";
import { peer } from "./wire.js";

// What may stand behind the bytes of an item: docs/WIRE.md, "Repair".
export const COPY = 2;
export const DIGEST = 3;
export const LIST = 4;
export const WANT = 5;
export const MORE = 6;

/** The period of the digests: a 128th is 100 ms, a 50th 256, and a 20th 640. */
export const PERIOD_MS = 12_800;

/** Two halves of hashes, of an owner and of a version. */
export type Pair = readonly [owner: number, version: number];

/** A part of what a datagram held: a record, or a message that compares. */
export interface Part {
  mark: number;
  /** Of a record: its owner's host, its version, its length, and its age in seconds. */
  copy?: number[];
  /** Of a digest, its number. */
  digest?: number | undefined;
  /** Of a list. */
  salt?: number;
  low?: number;
  width?: number;
  pairs?: Pair[];
}

const MASK = 0xffffffffn;

/** 32 bits of some octets, by the rule of docs/WIRE.md. */
function hash(seed: number, octets: number[]): number {
  let sum = (BigInt(seed) & MASK) ^ 0x811c9dc5n;
  for (const octet of octets) sum = ((sum ^ BigInt(octet)) * 0x01000193n) & MASK;
  sum = ((sum ^ (sum >> 15n)) * 0x2c1b3c6dn) & MASK;
  return Number(sum ^ (sum >> 13n));
}

/** The address of the member on a host. */
function address(host: number): number[] {
  return [10, 0, 0, host, 251, 0x58, 0x1b];
}

/** The hash of the owner on a host, and that of its record's version, which is below 251. */
export function hashes(host: number, version: number, salt = 0): [owner: number, version: number] {
  const owner = hash(salt, address(host));
  return [owner, hash(owner, [version])];
}

/** As a list has them. */
export function pairOf(host: number, version: number, salt: number): Pair {
  const [owner, own] = hashes(host, version, salt);
  return [owner >>> 16, own >>> 16];
}

function half(octets: Uint8Array, at: number): number {
  return octets[at] + 256 * octets[at + 1];
}

/** Takes an item apart that the node on host 1 sent to the one on host 2. */
function partOf(item: Uint8Array): Part {
  const version = item[7];
  let value = 9;
  let length = item[8];
  if (length === 251) {
    length = half(item, 9);
    value = 11;
  }
  const rest = item.slice(value + length);
  const mark = rest[0];
  const body = rest.slice(1);
  if (mark === COPY) return { mark, copy: [item[3], version, length, half(body, 0) + 65536 * body[2]] };
  ok(hex(item.slice(0, 9)) === hex([...address(2), 0, 0]), "to another: " + hex(item));
  if (mark === MORE) return { mark };
  if (mark === DIGEST)
    return { mark, digest: body.length === 0 ? undefined : half(body, 0) + 65536 * half(body, 2) };
  const pairs: Pair[] = [];
  ok(body.length % 4 === 1, "pairs are whole");
  for (let at = 5; at < body.length; at += 4) pairs.push([half(body, at), half(body, at + 2)]);
  return { mark, salt: body[0], low: half(body, 1), width: half(body, 3), pairs };
}

/** A node on host 1 that knows those on hosts 2 and up. */
export class RepairBench {
  readonly solo: Solo;
  readonly records = new Records();
  readonly repair: Repair<Renewable>;

  constructor(knows: string[], config: Partial<Config> = {}, seed = 7) {
    this.solo = new Solo({ knows, config, seed });
    this.repair = new Repair(this.solo.swim["protocol"], this.records, PERIOD_MS);
  }

  /** As many nodes, on hosts 2 and up. */
  static of(numMembers: number, config: Partial<Config> = {}, seed = 7): RepairBench {
    const knows = Array.from({ length: numMembers }, (_, i) => `Alive ${i + 2}.1@0`);
    return new RepairBench(knows, config, seed);
  }

  /** Holds a record of the member on a host. */
  hold(host: number, version: number, length = 3, ageMs = 10_240, marks = 0): void {
    const { knowledge } = this.solo.swim["protocol"];
    const slot = knowledge.members.find(knowledge.encode(peer(host + ".1")));
    const bytes = new Uint8Array(1 + length).fill(7);
    bytes[0] = version;
    const time = unitsOf(this.solo.nowMs - ageMs);
    this.records.put(this.records.find(slot, false), slot, marks, time, bytes, 0, 1, 1, 1 + length);
    this.repair.changed();
  }

  /** Points at the node on host 2. */
  private get other(): IdentityRef<Renewable> {
    const { knowledge, outbox } = this.solo.swim["protocol"];
    knowledge.members.refer(knowledge.members.find(knowledge.encode(peer("2.1"))), outbox.member);
    return outbox.member;
  }

  /** There is something new, now. */
  hurry(): void {
    this.solo.swim["protocol"].knowledge.readClock();
    this.repair.hurry();
  }

  /** The digest that goes with a datagram which has so many bytes left; null where there is none. */
  digest(room = 100): number | undefined | null {
    this.solo.swim["protocol"].knowledge.readClock();
    const out = new Uint8Array(200).fill(0xa5);
    const end = this.repair.addDigest(this.other, out, 9, 9 + room);
    const isUntouched = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0xa5);
    ok(
      isUntouched(out.slice(0, 9)) && isUntouched(out.slice(Math.max(end, 9))),
      "nothing is written elsewhere",
    );
    if (end === 9) return null;
    ok(out[9] * 256 + out[10] === end - 11 && end <= 9 + room, "an item of its length");
    return partOf(out.slice(11, end)).digest;
  }

  /** The milliseconds between as many digests, where a datagram is sent each 2 ms. */
  pauses(count: number): number[] {
    const { knowledge } = this.solo.swim["protocol"];
    const { other } = this;
    const out = new Uint8Array(100);
    const found: number[] = [];
    let lastMs = this.solo.nowMs;
    for (let i = 0; found.length < count && i < 200_000; i++) {
      knowledge.readClock();
      if (this.repair.addDigest(other, out, 0, 100) > 0) {
        found.push(this.solo.nowMs - lastMs);
        lastMs = this.solo.nowMs;
      }
      this.solo.nowMs += 2;
    }
    return found;
  }

  /** Where a list ends that has so many bytes of room from 9 on; nothing is written behind them. */
  listEnd(room: number): number {
    const out = new Uint8Array(200).fill(0xa5);
    const end = this.repair["writeList"](this.other, out, 9, 9 + room);
    ok(
      out.slice(9 + room).every((octet) => octet === 0xa5),
      "nothing is written behind",
    );
    return end;
  }

  /** What it answers to a message of the node on host 2. */
  hear(mark: number, octets: number[] = []): Part[] {
    this.repair.receive(mark, Uint8Array.of(9, 9, ...octets, 9), 2, 2 + octets.length, this.other);
    const sent = this.solo.datagrams;
    this.solo.take();
    for (const { kind, to, broadcasts } of sent)
      ok(kind === "Broadcast" && to === "2.1" && broadcasts.length > 0, kind + " to " + to);
    ok(sent.length <= 1, "one datagram at most");
    return sent.flatMap((each) => each.broadcasts.map((item) => partOf(unhex(item))));
  }

  /** What it answers to a list of the node on host 2. */
  hearList(mark: number, salt: number, low: number, width: number, pairs: Pair[]): Part[] {
    const octets = [salt, low & 255, low >> 8, width & 255, width >> 8];
    for (const [owner, version] of pairs) octets.push(owner & 255, owner >> 8, version & 255, version >> 8);
    return this.hear(mark, octets);
  }

  /** What it answers to a digest of the node on host 2. */
  hearDigest(digest: number): Part[] {
    return this.hear(
      DIGEST,
      [0, 8, 16, 24].map((shift) => (digest >>> shift) & 255),
    );
  }
}
