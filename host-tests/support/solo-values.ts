// One Swim by itself that keeps values: items are handed to it, and the test looks at what it has. Engine-free.
import { IdentityRef } from "../../core/codec.js";
import { bincode, renewableV4, type Integer64, type Renewable } from "../../core/index.js";
import { OURS } from "../../core/records.js";
import { Values, type ValueNode } from "../../core/values.js";
import { hex } from "./assert.js";
import { publication } from "./publication.js";
import { Solo, type SoloOptions } from "./solo.js";
import { nameOf, peer } from "./wire.js";

/** The first version of a life. */
export const first = (life: number): bigint => BigInt(life) << 20n;

export interface SoloValuesOptions extends SoloOptions {
  compareMs?: number;
  maxValues?: number;
  maxValueBytes?: number;
}

/** The node 1.1, and the others' items handed to it. Values are texts; 0xff begins none. */
export class SoloValues implements ValueNode {
  readonly values: Values<Renewable>;
  readonly solo: Solo;
  readonly heard: string[] = [];
  life: Integer64 = 1;

  constructor(options: SoloValuesOptions = {}) {
    const { compareMs = 0, maxValues = 10, maxValueBytes = 1000, ...rest } = options;
    this.values = new Values<Renewable>(this, maxValues, maxValueBytes, compareMs);
    const knows = ["Alive 2.1@0", "Down 3.1@0", "Down 4.1@0", "Alive 5.1@0"];
    this.solo = new Solo({ knows, keeper: this.values, ...rest });
    this.values.setLife(1, false);
  }

  isValue(bytes: Uint8Array, at: number, end: number): boolean {
    return at === end || bytes[at] !== 0xff;
  }
  ownLife(): Integer64 {
    return this.life;
  }
  valueCame(slot: number, bytes: Uint8Array, at: number, end: number): void {
    this.heard.push(nameOf(this.values.identityAt(slot)) + ": " + text(bytes, at, end));
  }
  newsCame(bytes: Uint8Array, at: number, end: number, owner: number): void {
    this.heard.push("news of " + bytes[owner + 3] + ": " + text(bytes, at, end));
  }

  hear(...broadcasts: string[]): string {
    return this.solo.hear("Broadcast", "5.1", { broadcasts });
  }
  /** Publishes; returns its version. */
  publish(value: string, isNews = false): bigint {
    const item = this.values.wrap(
      Uint8Array.from(value, (char) => char.charCodeAt(0)),
      isNews,
    );
    if (!this.solo.swim.addBroadcast(item)) throw new Error("it was not queued");
    return bincode.dialect.readBigUint(item, 7);
  }
  /** What is kept of hosts; our own is 1. */
  kept(...hosts: number[]): (string | undefined)[] {
    const { values } = this;
    return hosts.map((host) => {
      const entry = values.entryOf(peer(host + ".1"));
      const { bytes } = values.records;
      return entry < 0 ? undefined : text(bytes, values.valueStart(entry), values.records.next(entry));
    });
  }
  ageMs(host: number): number {
    return this.values.ageMs(this.values.entryOf(peer(host + ".1")));
  }
  /** What is written to 2.1 when it is time to compare, in hex. */
  digest(): string {
    this.solo.nowMs += 60_000;
    this.values.ageMs(0);
    const ref = new IdentityRef<Renewable>({ schema: renewableV4.schema, dialect: bincode.dialect });
    const bytes = new Uint8Array(40);
    ref.set(bytes, 0, renewableV4.schema.write(bincode.dialect, peer("2.1"), bytes, 0));
    const out = new Uint8Array(100);
    return hex(out.slice(0, this.values.addItems(ref, out, 0, 100)));
  }
  get backlog(): number {
    return this.solo.swim.customBroadcastBacklog;
  }
  /** Whether anything is noted of a record of ours. */
  get knowsOfOurs(): boolean {
    return this.values.records.find(OURS, false) >= 0;
  }
}

function text(bytes: Uint8Array, at: number, end: number): string {
  return String.fromCharCode(...Array.from(bytes.slice(at, end)));
}

/** What a host publishes, in hex: the version of so many after the first of the life. */
export const value = (host: number, count: number, what: string, life = 1): string =>
  publication(host, first(life) + BigInt(count), what);
export const news = (host: number, count: number, what: string): string =>
  publication(host, first(1) + BigInt(count), what, "bincode", true);
