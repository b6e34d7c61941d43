// A node of ours with a clock set back, among the published foca's: everything here is virtual time.
import { describe, expect, inject, it } from "vitest";
import { runSeed } from "../../bench/sim/run-seed.js";
import { settings } from "../sim/settings.js";

const DAY_S = 86_400;

/** How long a machine may take; nothing here depends on it. */
const PATIENCE_MS = 300_000;

describe.runIf(inject("hasCargo"))("a node whose clock was set back among foca's nodes", () => {
  it.each([
    ["by-a-day", DAY_S],
    ["by-a-year", 365 * DAY_S],
  ])(
    "%s-is-a-member-within-five-seconds-and-200-datagrams",
    (_, backS) => {
      const story = settings("clock-back", { nodes: 20, foca: 19, parameters: { backS } });
      for (let seed = 1; seed <= 3; seed++) expect(runSeed(story, seed).violations).toEqual([]);
    },
    PATIENCE_MS,
  );
});
