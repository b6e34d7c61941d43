// Items of owners that are no members here: each is heard and passed on once.
import { expect, test } from "vitest";
import { makeStrangeItems, noteStrangeItem } from "../../core/strange-items.js";

const OWNERS = 64;
const KEPT_MS = 60_000;

test("only-what-is-newer-than-the-last-of-its-owner-is-new", () => {
  const items = makeStrangeItems();
  expect(noteStrangeItem(items, 7, 5, 0)).toBe(true);
  for (const version of [5, 4, 0]) expect(noteStrangeItem(items, 7, version, 1)).toBe(false);
  expect(noteStrangeItem(items, 7, 6, 2)).toBe(true);
  expect(noteStrangeItem(items, 7, 6, 3)).toBe(false);
  expect(noteStrangeItem(items, 8, 1, 4)).toBe(true);
});

test("so-many-owners-are-remembered-and-further-ones-wait-for-the-oldest-place", () => {
  const items = makeStrangeItems();
  for (let owner = 1; owner <= OWNERS; owner++) expect(noteStrangeItem(items, owner, 1, owner)).toBe(true);
  for (let owner = 1; owner <= OWNERS; owner++) expect(noteStrangeItem(items, owner, 1, 100)).toBe(false);
  // The first owner speaks again, so the second one has the oldest place now.
  expect(noteStrangeItem(items, 1, 2, 200)).toBe(true);
  expect(noteStrangeItem(items, 1000, 1, 2 + KEPT_MS - 1)).toBe(false);
  expect(noteStrangeItem(items, 1000, 1, 2 + KEPT_MS)).toBe(true);
  expect(noteStrangeItem(items, 1001, 1, 2 + KEPT_MS)).toBe(false);
  expect(noteStrangeItem(items, 1, 2, 2 + KEPT_MS)).toBe(false);
  // The second one was forgotten for it, and takes the place of the third.
  expect(noteStrangeItem(items, 2, 1, 3 + KEPT_MS)).toBe(true);
});
