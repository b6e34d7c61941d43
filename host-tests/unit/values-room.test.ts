// The values of one node: what finds room, in whose place, and what it compares with others.
import { expect, test } from "vitest";
import { DIGEST, LIST, MORE } from "../../core/record-items.js";
import { hex } from "../support/assert.js";
import { publication } from "../support/publication.js";
import { first, news, SoloValues, value } from "../support/solo-values.js";
import { peer } from "../support/wire.js";

/** Of a record with a value of one letter, in bincode, of the first lives: the bytes that it takes of the room. */
const SIZE = 14;

test("one-that-is-down-is-kept-where-it-just-fits-and-no-other-goes-for-it", () => {
  for (const room of [{ maxValues: 2 }, { maxValueBytes: 2 * SIZE }]) {
    const stage = new SoloValues(room);
    stage.hear(value(3, 1, "a"), value(4, 1, "b"));
    expect(stage.kept(3, 4)).toEqual(["a", "b"]);
    const full = new SoloValues(room);
    full.hear(value(2, 1, "a"), value(5, 1, "b"), value(3, 1, "c"));
    expect(full.kept(2, 5, 3)).toEqual(["a", "b", undefined]);
    expect(full.heard).toEqual(["2.1: a", "5.1: b", "3.1: c"]);
  }
});

test("of-those-that-are-down-only-as-many-go-as-must", () => {
  for (const room of [{ maxValues: 2 }, { maxValueBytes: 2 * SIZE }]) {
    const stage = new SoloValues(room);
    stage.publish("own");
    stage.hear(value(3, 1, "a"), value(4, 1, "b"), value(2, 1, "c"));
    expect(stage.kept(1, 3, 4, 2)).toEqual(["own", undefined, "b", "c"]);
    stage.hear(value(5, 1, "d"));
    expect(stage.kept(1, 4, 2, 5)).toEqual(["own", undefined, "c", "d"]);
  }
});

test("one-that-grows-needs-room-for-what-it-grows-by", () => {
  const stage = new SoloValues({ maxValueBytes: 2 * SIZE + 1 });
  stage.hear(value(2, 1, "a"), value(5, 1, "b"), value(5, 2, "bb"));
  expect(stage.kept(2, 5)).toEqual(["a", "bb"]);
  stage.hear(value(5, 3, "bbb"));
  expect(stage.kept(2, 5)).toEqual(["a", undefined]);
  stage.hear(value(5, 4, "b"));
  expect(stage.kept(2, 5)).toEqual(["a", "b"]);
});

test("news-of-who-is-down-and-what-was-forgotten-leave-no-room", () => {
  const stage = new SoloValues({ maxValues: 1 });
  stage.hear(news(3, 1, "a"), value(5, 1, "b"), value(2, 1, "c"));
  expect(stage.kept(5, 2)).toEqual(["b", undefined]);
  const other = new SoloValues({ maxValueBytes: 2 * SIZE });
  other.hear(value(3, 1, "a"), value(4, 1, "b"));
  other.values.forgotten(other.values.records.slot(other.values.entryOf(peer("3.1"))));
  other.hear(value(2, 1, "c".repeat(20)));
  expect(other.kept(3, 4, 2)).toEqual([undefined, "b", undefined]);
});

test("who-does-not-compare-asks-nobody-and-answers-nobody", () => {
  const stage = new SoloValues();
  stage.values.joined();
  expect([stage.values.isAsking, stage.digest()]).toEqual([false, ""]);
  for (let mark = DIGEST as number; mark <= MORE + 1; mark++)
    expect(stage.hear(publication(1, 0n, "") + hex([mark, 1, 2, 3, 4, 5]))).toBe("Ok");
  expect(stage.hear(value(2, 1, "a"))).toBe("Ok");
  expect([stage.solo.take(), stage.kept(2)]).toEqual([[], ["a"]]);
});

test("who-compares-asks-once-it-has-joined-and-answers-what-it-understands", () => {
  const stage = new SoloValues({ compareMs: 1000 });
  stage.values.joined();
  expect(stage.values.isAsking).toBe(true);
  for (const [mark, answers] of [
    [LIST, 1],
    [MORE, 1],
    [MORE + 1, 0],
  ]) {
    stage.solo.take();
    stage.hear(publication(1, 0n, "") + hex([mark, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(stage.solo.take().length, "mark " + mark).toBe(answers);
  }
});

test("the-digest-is-of-who-is-there-and-of-what-is-known-of-ourselves", () => {
  const stage = new SoloValues({ compareMs: 1000 });
  stage.hear(value(2, 1, "a"), value(5, 1, "b"));
  const both = stage.digest();
  expect([both.length > 0, stage.digest()]).toEqual([true, both]);
  stage.solo.learn(["Down 2.1@0"], false);
  const one = stage.digest();
  expect(one).not.toBe(both);
  stage.hear(publication(1, first(1) + 5n, "old"));
  const own = stage.digest();
  expect([own.length, own === one]).toEqual([one.length, false]);
  stage.solo.swim.changeIdentity(peer("7.1"));
  stage.values.setLife(1, false);
  const moved = stage.digest();
  expect([moved.length, moved === own]).toEqual([one.length, false]);
});
