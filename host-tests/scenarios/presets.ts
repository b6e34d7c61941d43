// What the presets turn on, and how they scale.
import { lan, simple, wan, wifi, type Config } from "../../core/config.js";
import { equal } from "../support/assert.js";

/** Not in foca. */
const OURS: (keyof Config)[] = [
  "probeSilentFirst",
  "probeSuccessor",
  "gossipToSuccessor",
  "listToSuccessor",
  "repeatDown",
  "holdWhenDeaf",
  "noticeLateness",
  "tellSuspects",
  "fitRtt",
  "seekDown",
  "answerFormer",
  "preferHeard",
];

export const scenarios: Record<string, () => void> = {
  "simple-does-nothing-that-foca-does-not"() {
    for (const name of OURS) equal(simple()[name], false, name);
    equal(simple().quietStartMs, 0);
  },

  "lan-wan-and-wifi-have-all-that-we-add-but-a-quiet-start"() {
    for (const preset of [lan, wan, wifi]) {
      for (const name of OURS) equal(preset(10)[name], true, name);
      equal(preset(10).quietStartMs, 0);
    }
  },

  "all-flags-are-in-one-of-the-two"() {
    const flags = Object.entries(simple()).filter(([, value]) => typeof value === "boolean");
    equal(flags.map(([name]) => name).sort(), [...OURS, "notifyDownMembers"].sort());
  },

  "wifi-is-lan-with-twice-the-time-for-a-probe"() {
    for (const size of [1, 10, 100]) {
      const expected = { ...lan(size), probePeriodMs: 2000 };
      equal(wifi(size), { ...expected, suspectToDownAfterMs: 2 * lan(size).suspectToDownAfterMs });
    }
    equal([wifi(100).probeRttMs, wifi(100).suspectToDownAfterMs], [500, 16_000]);
  },
};
