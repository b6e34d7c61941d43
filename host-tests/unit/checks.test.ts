// The known name that a mistyped one is likely to mean.
import { expect, test } from "vitest";
import { nearest } from "../../core/checks.js";

const KNOWN = ["probePeriodMs", "probeRttMs", "port", "advertise", "seeds", "seed"];

test.each([
  ["probeperiodms", "probePeriodMs"],
  ["PROBERTTMS", "probeRttMs"],
  // One slip: a letter too few, too many, another, and two that changed places.
  ["probPeriodMs", "probePeriodMs"],
  ["probeePeriodMs", "probePeriodMs"],
  ["probeRttMS", "probeRttMs"],
  ["probeRtaMs", "probeRttMs"],
  ["porbeRttMs", "probeRttMs"],
  ["xport", "port"],
  ["portx", "port"],
  ["advertize", "advertise"],
  ["rise", "advertise"],
  ["advertised", "advertise"],
  // Of two that share as many letters, the one that is as long.
  ["seed", "seed"],
  ["seeds", "seeds"],
  ["seedx", "seeds"],
  ["sees", "seeds"],
  ["po", "port"],
  ["p", "port"],
  ["", undefined],
  ["zzzz", undefined],
  ["portportport", undefined],
])("%s-is-near-%s", (name, known) => expect(nearest(name, KNOWN)).toBe(known));

test("of-two-that-are-as-near-the-first-counts", () => {
  expect(nearest("abcx", ["abcy", "abcz"])).toBe("abcy");
});

test("half-of-the-letters-are-not-enough", () => {
  expect(nearest("abcd", ["abyz"])).toBe(undefined);
  expect(nearest("abcd", ["abcz"])).toBe("abcz");
  // Letters of the one that is shorter count once.
  expect(nearest("aaaa", ["a"])).toBe(undefined);
  expect(nearest("aa", ["aaaaaaaa"])).toBe("aaaaaaaa");
});
