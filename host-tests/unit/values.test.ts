// The values of one node: what it takes from others as news, and what its own versions are.
import { expect, test } from "vitest";
import { identity, Metric, renewableV4, struct, u64, type Renewable } from "../../core/index.js";
import { NEWS_ITEM, COPY, DIGEST } from "../../core/record-items.js";
import { socketAddrV4 } from "../../core/socket-addr.js";
import { hex, throwsWith, unhex } from "../support/assert.js";
import { publication } from "../support/publication.js";
import { first, news, SoloValues, value } from "../support/solo-values.js";

/** The last version that is believed of a life, from its first on. */
const LAST = 0x3fffffffn;

test("a-value-and-news-of-one-do-not-replace-each-other-and-newer-ones-do", () => {
  const stage = new SoloValues();
  for (const round of [1, 2]) {
    stage.publish("own");
    stage.publish("hi", true);
    for (const host of [2, 9]) stage.hear(value(host, round, "a"), news(host, round, "b"));
    expect(stage.backlog).toBe(6);
  }
  const told = ["2.1: a", "news of 2: b", "news of 9: b"];
  expect(stage.heard).toEqual([...told, ...told]);
});

test("what-is-offered-twice-is-news-once", () => {
  const stage = new SoloValues();
  for (const before of [0, 1]) {
    if (before > 0) stage.hear(value(2, 1, "a"));
    for (const isNews of [false, true]) {
      const item = stage.values.wrap(Uint8Array.of(65), isNews);
      expect([stage.solo.swim.addBroadcast(item), stage.solo.swim.addBroadcast(item)]).toEqual([true, false]);
    }
  }
});

test("an-item-by-itself-is-taken-as-one-of-a-datagram-is", () => {
  const { values, ...stage } = new SoloValues();
  const item = unhex(value(2, 1, "a"));
  expect([values.receiveItem(item) === null, values.receiveItem(item) === null]).toEqual([false, true]);
  expect(stage.heard).toEqual(["2.1: a"]);
});

test("what-is-no-publication-is-refused-in-plain-words", () => {
  const { values } = new SoloValues();
  const item = unhex(value(2, 1, "abc"));
  for (let length = 0; length < item.length; length++) {
    const message = length < 13 ? "not a publication" : "a publication is cut short";
    throwsWith({ name: "RangeError", message }, () => values.receiveItem(item.slice(0, length)));
    throwsWith({ name: "RangeError", message }, () => values.receiveItemAt(item, 0, length, undefined));
  }
});

test("what-stands-behind-an-item-is-no-part-of-it", () => {
  const stage = new SoloValues();
  for (const [count, mark] of [
    [1, NEWS_ITEM],
    [2, COPY],
    [3, DIGEST],
  ]) {
    const item = unhex(value(2, count, "a" + count));
    const bytes = Uint8Array.of(0xee, ...item, mark, 9, 9, 9);
    expect(stage.values.receiveItemAt(bytes, 1, 1 + item.length, undefined)).not.toBe(null);
    expect([stage.kept(2), stage.ageMs(2)]).toEqual([["a" + count], 0]);
  }
});

test("only-a-copy-says-how-old-it-is", () => {
  const stage = new SoloValues();
  // In quarters of a second.
  stage.hear(value(2, 1, "a") + "00090000", news(2, 2, "b") + "090000", value(5, 1, "c") + "02090000");
  expect([stage.ageMs(2), stage.ageMs(5)]).toEqual([0, 8960]);
  expect(stage.heard).toEqual(["2.1: a", "news of 2: b", "5.1: c"]);
  // All others have the copy, or get it as we did.
  expect(stage.backlog).toBe(2);
});

test("news-need-not-be-a-value-and-a-record-must", () => {
  const stage = new SoloValues();
  stage.hear(news(2, 1, "\xff"), value(2, 2, "\xff"));
  expect(stage.heard).toEqual(["news of 2: \xff"]);
  expect([stage.kept(2), stage.solo.swim.metrics[Metric.RefusedValues]]).toEqual([[undefined], 1]);
});

test("a-copy-of-a-stranger-s-record-is-not-passed-on", () => {
  const stage = new SoloValues();
  stage.hear(value(9, 1, "a") + "02000000");
  expect([stage.backlog, stage.heard]).toEqual([0, []]);
});

test("a-stranger-s-item-replaces-none-of-a-member-whatever-the-hash-of-its-address", () => {
  const stage = new SoloValues();
  // 90.64.166.70:15, of which the hash is 1. The member has the slot 0.
  stage.hear(value(2, 1, "a"), "5a40a6460f" + "010162");
  expect(stage.backlog).toBe(2);
});

test("nothing-is-kept-of-a-stranger-though-we-have-one", () => {
  const stage = new SoloValues();
  stage.publish("own");
  expect(stage.kept(1, 9)).toEqual(["own", undefined]);
});

test("an-address-may-stand-behind-something", () => {
  const type = identity<Renewable>({
    schema: struct<Renewable>({ bump: u64, addr: socketAddrV4 }),
    address: "addr",
    winsAddrConflict: (id, other) => Number(id.bump) > Number(other.bump),
  });
  const stage = new SoloValues({ identityType: type, knows: [] });
  const item = stage.values.wrap(Uint8Array.of(65), false);
  expect(hex(item)).toBe(value(1, 1, "A"));
  expect(stage.solo.swim.addBroadcast(item)).toBe(true);
  expect(stage.kept(1)).toEqual(["A"]);
});

test("versions-go-on-from-the-first-of-the-life-and-never-back", () => {
  const stage = new SoloValues();
  expect(stage.publish("a")).toBe(first(1) + 1n);
  expect(stage.publish("b", true)).toBe(first(1) + 2n);
  stage.values.setLife(5, false);
  expect(stage.publish("c")).toBe(first(5) + 1n);
  stage.values.setLife(5, true);
  expect(stage.publish("d")).toBe(first(5) + 0x80001n);
  stage.values.setLife(2, true);
  expect(stage.publish("e")).toBe(first(5) + 0x80002n);
});

test("a-life-is-spent-when-its-last-version-is-and-the-next-one-has-more", () => {
  const stage = new SoloValues();
  stage.publish("own");
  stage.hear(publication(1, first(1) + LAST - 1n, "x"));
  expect(stage.values.isSpent(1)).toBe(true);
  const early = new SoloValues();
  early.hear(publication(1, first(1) + LAST - 1n, "x"));
  expect(early.values.isSpent(1)).toBe(false);
  expect([early.publish("last"), early.values.isSpent(1)]).toEqual([first(1) + LAST, true]);
  // Lives from here on have the same versions.
  const most = 0xffffffff000n;
  early.life = String(most);
  early.values.setLife(early.life, false);
  early.hear(publication(1, (most << 20n) + LAST, "x"));
  expect(early.values.isSpent(String(most - 1n))).toBe(true);
  expect(early.values.isSpent(early.life)).toBe(false);
});

test("an-echo-from-an-earlier-life-makes-our-next-version-newer", () => {
  for (const mark of ["", "01", "02000000"]) {
    const stage = new SoloValues();
    expect(stage.hear(publication(1, first(1) + 70n, "old") + mark)).toBe("Ok");
    expect(stage.publish("new")).toBe(first(1) + 71n);
  }
});

test("an-older-echo-takes-no-version-back", () => {
  const stage = new SoloValues();
  stage.hear(publication(1, 7n, "old"), publication(1, 8n, "old", "bincode", true));
  expect(stage.publish("new")).toBe(first(1) + 1n);
});

test("an-echo-of-a-record-that-we-do-not-have-is-noted-and-not-published", () => {
  for (const compareMs of [0, 1000])
    for (const version of [0n, first(1) + 70n]) {
      const stage = new SoloValues({ compareMs });
      stage.hear(value(2, 1, "other"));
      const before = stage.backlog;
      expect(stage.hear(publication(1, version, "old"))).toBe("Ok");
      expect([stage.backlog - before, stage.kept(1), stage.knowsOfOurs]).toEqual([0, [undefined], true]);
    }
});

test("an-echo-of-news-leaves-the-record-as-it-is", () => {
  const stage = new SoloValues();
  stage.hear(publication(1, first(1) + 70n, "old", "bincode", true));
  expect([stage.backlog, stage.knowsOfOurs]).toEqual([0, false]);
  stage.publish("own");
  stage.hear(publication(1, first(1) + 90n, "old", "bincode", true));
  expect([stage.backlog, stage.kept(1)]).toEqual([1, ["own"]]);
});

test("an-echo-newer-than-our-record-has-it-published-once-more-while-versions-are-left", () => {
  const stage = new SoloValues();
  stage.publish("own");
  const sent = (): string[] => {
    stage.solo.take();
    stage.solo.swim.broadcast();
    return stage.solo.datagrams[0].broadcasts;
  };
  expect(sent()).toEqual([publication(1, first(1) + 1n, "own")]);
  stage.hear(publication(1, first(1) + 70n, "forged"));
  expect(sent()).toEqual([publication(1, first(1) + 71n, "own")]);
  stage.hear(publication(1, first(1) + LAST, "forged"));
  expect(sent()).toEqual([publication(1, first(1) + 71n, "own")]);
});

test("what-a-new-life-publishes-first-is-news-though-the-one-before-got-farther", () => {
  const stage = new SoloValues();
  stage.hear(publication(2, 3n << 20n, "far"));
  stage.solo.learn(["Alive 2.2@0"], false);
  expect(stage.kept(2)).toEqual(["far"]);
  // What the earlier life said before that, and the same again, is old.
  stage.hear(value(2, 1, "older"), publication(2, 3n << 20n, "same"));
  expect(stage.kept(2)).toEqual(["far"]);
  stage.hear(value(2, 0, "new", 2));
  expect(stage.kept(2)).toEqual(["new"]);
  stage.hear(value(2, 0, "again", 2), value(2, 9, "older"));
  expect(stage.heard).toEqual(["2.1: far", "2.2: new"]);
});

test("where-lives-have-no-numbers-any-version-of-a-new-life-is-news", () => {
  const type = identity<Renewable>({
    schema: renewableV4.schema,
    address: "addr",
    renew: (id) => ({ addr: id.addr, bump: Number(id.bump) + 1 }),
    winsAddrConflict: (id, other) => Number(id.bump) > Number(other.bump),
  });
  const stage = new SoloValues({ identityType: type });
  stage.hear(publication(5, 9n, "a"), publication(2, 9n, "a"), publication(2, 4n, "older"));
  expect(stage.kept(2)).toEqual(["a"]);
  stage.solo.learn(["Alive 2.2@0"], false);
  stage.hear(publication(2, 4n, "b"), publication(2, 3n, "older"), publication(5, 8n, "older"));
  expect(stage.kept(2, 5)).toEqual(["b", "a"]);
});

test("a-version-far-beyond-the-life-is-refused-and-counted", () => {
  const stage = new SoloValues();
  stage.hear(publication(2, first(1) + LAST, "a"), publication(2, first(1) + LAST + 1n, "b"));
  expect([stage.kept(2), stage.solo.swim.metrics[Metric.RefusedValues]]).toEqual([["a"], 1]);
});

test("version-0-is-one-as-any-other", () => {
  const stage = new SoloValues();
  stage.hear(value(5, 1, "a"), publication(2, 0n, "b"));
  expect(stage.kept(2, 5)).toEqual(["b", "a"]);
});
