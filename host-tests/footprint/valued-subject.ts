// A core that keeps what its members published, and what that costs it. Each method of `ValuedSubject` is one operation.
import type { Renewable } from "../../core/index.js";
import { Metric } from "../../core/metrics.js";
import { Values, type ValueNode } from "../../core/values.js";
import { encode } from "../support/wire.js";
import { BUMP, name, OWN } from "./names.js";
import { copyOf, digestItem, itemToUs, recordOf } from "./records.js";
import { Subject } from "./subject.js";

const MEMBERS = 33;
const MAX_BYTES = 64 * MEMBERS;
const LIST = 4;
/** Bytes of a list's salt and range. */
const RANGE = 5;
/** Bytes of an item before its mark: its length, the address, version 0 and no value. */
const ITEM_HEAD = 2 + 7 + 2;
/** Longer than any pause between two questions, or between two answers. */
const PAUSE_MS = 60_000;

/** A node that takes all for a value, and calls nobody back. */
const quiet: ValueNode = {
  isValue: () => true,
  ownLife: () => BUMP,
  valueCame(): void {},
  newsCame(): void {},
};

export class ValuedSubject extends Subject {
  private readonly values: Values<Renewable>;
  /** Of each of the first members a Ping with our own digest. */
  private readonly comparing: Uint8Array[] = [];
  private readonly known: Uint8Array[] = [];
  private readonly fresh: Uint8Array[] = [];
  private numHeard = 0;
  private differing: Uint8Array = new Uint8Array(0);
  private list: Uint8Array = new Uint8Array(0);

  /**
   * @param records how many members have published something
   * @param compareMs from one digest to the next
   * @param news how often a member will publish something new
   */
  constructor(records: number, compareMs: number, news = 0) {
    const values = new Values<Renewable>(quiet, MEMBERS, MAX_BYTES, compareMs);
    super(MEMBERS, 0, values);
    this.values = values;
    values.setLife(BUMP, false);
    for (let number = 2; number < 2 + records; number++) this.swim.handleData(copyOf(number, BUMP, name(2)));
    this.settle();
    if (records === 0) return;
    for (let number = 2; number < 2 + records; number++) this.known.push(recordOf(number, 1, name(2)));
    for (let i = 0; i < news; i++) this.fresh.push(recordOf(2 + (i % records), 2 + i, name(2)));
    this.makeQuestions();
  }

  /** Learns our own digest, and the list that answers another. */
  private makeQuestions(): void {
    const other = new Uint8Array(4);
    this.differing = this.datagram("Broadcast", digestItem(other));
    this.writeList();
    const body = this.data.slice(this.end - RANGE - 4 * this.known.length, this.end);
    this.list = this.datagram("Broadcast", itemToUs(LIST, body));
    const { repair } = this.values as unknown as { repair: { digestNow(): number } };
    const digest = new Uint8Array(Int32Array.of(repair.digestNow()).buffer);
    for (let number = 2; number < 10; number++)
      this.comparing.push(
        encode({ ...PING, from: name(number), kind: "Ping", n: 7, broadcasts: [digestItem(digest)] }),
      );
    this.settle();
    // If a digest is due now, it goes out here.
    this.compare(0);
  }

  /** Waits until no digest is due any more because we, or the records, are new, and for the time that `writeList` took. */
  private settle(): void {
    for (let cycle = 0; cycle < 100; cycle++) this.probeCycle();
  }

  private datagram(kind: "Broadcast", item: string): Uint8Array {
    return encode({ ...PING, from: name(2), kind, broadcasts: [item] });
  }

  /** An item that we have had: the record of each member in turn. */
  hearKnownRecord(turn: number): void {
    this.swim.handleData(this.known[turn % this.known.length]);
  }

  /** A newer record of a member, which is passed on. */
  hearNewRecord(): void {
    const { fresh } = this;
    this.swim.handleData(fresh[this.numHeard++]);
  }

  /** Answers a Ping that has the same digest as ours. */
  compare(turn: number): void {
    this.swim.handleData(this.comparing[turn & 7]);
  }

  /** The same, when ours has to be summed up anew. */
  compareAnew(turn: number): void {
    this.values.stateChanged();
    this.swim.handleData(this.comparing[turn & 7]);
  }

  /** Answers another digest with the list of what we hold. */
  writeList(): void {
    this.nowMs += PAUSE_MS;
    this.swim.handleData(this.differing);
  }

  /** Takes in a list of all that we hold, and has nothing to say to it. */
  hearList(): void {
    this.nowMs += PAUSE_MS;
    this.swim.handleData(this.list);
  }

  override check(operation: string): void {
    const before = this.sent;
    const { metrics } = this.swim;
    if (metrics[Metric.RefusedValues] > 0 || metrics[Metric.RepairedValues] !== this.known.length)
      throw new Error("not the records that are measured");
    if (operation === "hearKnownRecord" || operation === "hearNewRecord") {
      this[operation](0);
      const isNews = operation === "hearNewRecord";
      this.expect(this.sent === before && this.swim.customBroadcastBacklog === (isNews ? 1 : 0), operation);
    } else if (operation === "compare" || operation === "compareAnew") {
      this[operation](0);
      this.expect(this.sent === before + 1 && this.end - this.start === PING_LENGTH, operation);
    } else if (operation === "writeList") {
      this.writeList();
      const length = ITEM_HEAD + 1 + RANGE + 4 * this.known.length;
      this.expect(this.sent === before + 1 && this.end - this.start === BROADCAST_LENGTH + length, operation);
    } else if (operation === "hearList") {
      this.hearList();
      this.expect(this.sent === before, operation);
    } else if (operation === "probeCycleWithDigest") {
      this.probeCycle();
      this.expect(this.end - this.start === PING_LENGTH + ITEM_HEAD + 5, operation);
    } else super.check(operation);
  }
}

const PING = { incarnation: 0, to: OWN, updates: [] };
/** Of datagrams without updates and items. */
const PING_LENGTH = 29;
const BROADCAST_LENGTH = 26;
