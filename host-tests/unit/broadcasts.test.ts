// The queue of custom broadcasts by itself: in which order they go out, how often, and what makes room for what.
import { expect, test } from "vitest";
import { Broadcasts, checkBroadcast, type BroadcastKey } from "../../core/broadcasts.js";
import { Metric } from "../../core/metrics.js";
import { hex, throwsWith, unhex } from "../support/assert.js";

/** Replaces those whose name begins as its own does, and `all` replaces all. */
class Named implements BroadcastKey {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  invalidates(other: this): boolean {
    return this.name === "all" || this.name.charAt(0) === other.name.charAt(0);
  }
}

class Queue {
  readonly metrics = new Uint32Array(100);
  readonly broadcasts = new Broadcasts(this.metrics);
  readonly most: number;
  readonly mostBytes: number;

  constructor(most = 10, mostBytes = 1000) {
    this.most = most;
    this.mostBytes = mostBytes;
  }
  /** Adds items, in hex and for three sends. Each replaces what begins with the same byte. */
  add(...items: string[]): void {
    for (const item of items) this.addNamed(item, item.slice(0, 2));
  }
  addNamed(item: string, name: string): void {
    const bytes = unhex("a5" + item + "a5");
    this.broadcasts.add(new Named(name), bytes, 1, bytes.length - 1, 3, this.most, this.mostBytes);
    bytes.fill(0);
  }
  /** What goes out in so many bytes. */
  take(room = 200): string[] {
    const out = new Uint8Array(room + 4).fill(0xa5);
    const end = this.broadcasts.fill(out, 2, 2 + room);
    expect(hex(out.slice(0, 2)) + hex(out.slice(end)).replace(/(a5)+/, "")).toBe("a5a5");
    const items: string[] = [];
    for (let at = 2; at < end;) {
      const length = (out[at] << 8) | out[at + 1];
      items.push(hex(out.slice(at + 2, at + 2 + length)));
      at += 2 + length;
    }
    return items;
  }
  get counts(): number[] {
    const { metrics, broadcasts } = this;
    return [broadcasts.length, metrics[Metric.ReplacedBroadcasts], metrics[Metric.DroppedBroadcasts]];
  }
}

test("the-longer-goes-first-and-of-the-same-length-the-elder", () => {
  const queue = new Queue();
  queue.add("11", "22", "331010", "4410", "5510", "661010");
  expect(queue.take()).toEqual(["331010", "661010", "4410", "5510", "11", "22"]);
});

test("who-was-sent-less-goes-first-though-it-is-shorter", () => {
  const queue = new Queue();
  queue.add("111111", "2222");
  // There is room for the first alone, then for the second alone, and then they are even again.
  expect(queue.take(5)).toEqual(["111111"]);
  expect(queue.take(6)).toEqual(["2222"]);
  expect(queue.take(5)).toEqual(["111111"]);
  queue.add("33");
  expect(queue.take()).toEqual(["33", "2222", "111111"]);
  expect(queue.take()).toEqual(["33", "2222"]);
  expect(queue.take()).toEqual(["33"]);
  expect(queue.take()).toEqual([]);
  expect(queue.counts).toEqual([0, 0, 0]);
});

test("what-does-not-fit-waits-and-goes-first-afterwards", () => {
  const queue = new Queue();
  queue.add("111111", "2222", "33");
  expect(queue.take(8)).toEqual(["111111", "33"]);
  expect(queue.take(9)).toEqual(["2222", "111111"]);
});

test("room-for-a-length-alone-is-left-as-it-is", () => {
  const queue = new Queue();
  queue.add("11");
  for (const room of [0, 1, 2]) expect(queue.take(room)).toEqual([]);
  expect(queue.take(3)).toEqual(["11"]);
});

test("a-length-takes-two-bytes-the-upper-first", () => {
  const queue = new Queue();
  queue.add("77".repeat(0x0123));
  const out = new Uint8Array(400);
  expect(queue.broadcasts.fill(out, 0, 400)).toBe(2 + 0x0123);
  expect(hex(out.slice(0, 3))).toBe("012377");
});

test("what-was-sent-often-enough-leaves-and-the-others-keep-their-order", () => {
  const queue = new Queue();
  queue.add("11", "2222");
  queue.take();
  queue.add("33");
  queue.take();
  queue.add("44", "5555");
  expect(queue.take()).toEqual(["5555", "44", "33", "2222", "11"]);
  expect(queue.counts).toEqual([3, 0, 0]);
  expect(queue.take()).toEqual(["5555", "44", "33"]);
  expect(queue.take()).toEqual(["5555", "44"]);
});

test("a-newer-one-replaces-all-that-it-invalidates", () => {
  const queue = new Queue();
  queue.addNamed("01", "b1");
  queue.addNamed("02", "c1");
  queue.addNamed("03", "d1");
  queue.addNamed("04", "c2");
  expect(queue.counts).toEqual([3, 1, 0]);
  queue.addNamed("05", "all");
  expect(queue.take()).toEqual(["05"]);
});

test("what-is-replaced-counts-only-when-it-was-never-sent", () => {
  const queue = new Queue();
  queue.add("1101", "1102");
  expect(queue.counts).toEqual([1, 1, 0]);
  queue.take();
  queue.add("1103");
  expect(queue.counts).toEqual([1, 1, 0]);
  expect(queue.take()).toEqual(["1103"]);
});

test("whether-something-was-not-sent-yet", () => {
  const queue = new Queue();
  expect(queue.broadcasts.hasUnsent(3)).toBe(false);
  queue.add("11");
  expect(queue.broadcasts.hasUnsent(3)).toBe(true);
  queue.take();
  expect(queue.broadcasts.hasUnsent(3)).toBe(false);
  queue.add("22");
  expect(queue.broadcasts.hasUnsent(3)).toBe(true);
  // It was to be sent more often than is allowed by now.
  expect(queue.broadcasts.hasUnsent(2)).toBe(true);
});

test("one-too-many-takes-the-place-of-the-last-in-order", () => {
  const queue = new Queue(3);
  queue.add("11", "2222", "333333");
  expect(queue.counts).toEqual([3, 0, 0]);
  queue.add("44");
  expect(queue.counts).toEqual([3, 0, 1]);
  expect(queue.take()).toEqual(["333333", "2222", "44"]);
});

test("too-many-bytes-take-the-place-of-as-many-as-it-needs", () => {
  const queue = new Queue(10, 9);
  queue.add("11", "2222", "333333");
  queue.add("444444");
  expect(queue.counts).toEqual([4, 0, 0]);
  queue.add("5555");
  // One byte of the last is too few, and with two of the next it is enough.
  expect(queue.counts).toEqual([3, 0, 2]);
  expect(queue.take()).toEqual(["333333", "444444", "5555"]);
});

test("what-fills-the-room-by-itself-takes-the-place-of-all", () => {
  const queue = new Queue(10, 4);
  queue.add("1111", "22");
  queue.add("33333333");
  expect(queue.take()).toEqual(["33333333"]);
  expect(queue.counts).toEqual([1, 0, 2]);
});

test("what-is-too-long-by-itself-goes-and-the-others-stay", () => {
  const queue = new Queue(10, 4);
  queue.add("1111", "22");
  queue.add("3333333333");
  expect(queue.counts).toEqual([2, 0, 1]);
  // But what it makes out of date is not sent any more.
  queue.add("2222222222");
  expect(queue.counts).toEqual([1, 1, 2]);
  expect(queue.take()).toEqual(["1111"]);
});

test("data-that-is-none-or-too-long-is-refused", () => {
  for (const data of [[1], "text", null, undefined])
    throwsWith({ name: "TypeError", message: "addBroadcast: expected a Uint8Array" }, () =>
      checkBroadcast(data as never, 4),
    );
  throwsWith({ name: "RangeError", message: "addBroadcast: there must be at least one byte" }, () =>
    checkBroadcast(new Uint8Array(0), 4),
  );
  throwsWith({ name: "SwimError", code: "DataTooBig", message: "addBroadcast: at most 4 bytes, got 5" }, () =>
    checkBroadcast(new Uint8Array(5), 4),
  );
  for (const length of [1, 4]) expect(() => checkBroadcast(new Uint8Array(length), 4)).not.toThrow();
});
