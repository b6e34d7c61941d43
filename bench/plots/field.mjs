// What is run for the tables of the field: each scenario, the figures that are shown of it, and what they were before
// the core had the seven settings of the field.
import { FIELD_SETTINGS, without } from "./settings.mjs";

/** Names of runs, their words after `npm run sim --`, and [metric, what it is, what it was before] of each. */
export const FIELD = [
  {
    name: "late",
    words: "late --seeds 10",
    about: "half of 50 nodes answer up to 4 s late",
    figures: [
      ["datagrams", "datagrams a node and second", "6.4"],
      ["bytes", "bytes a node and second", "196"],
      ["refutations", "refutations of a node in 10 min", "2 to 19"],
      ["indirectProbes", "indirect probes of a node in 10 min"],
    ],
  },
  {
    name: "late-wifi",
    words: "late --seeds 10 --config wifi",
    about: "the same with `wifi(50)`",
    figures: [
      ["datagrams", "datagrams a node and second", "6.4"],
      ["bytes", "bytes a node and second", "196"],
      ["refutations", "refutations of a node in 10 min", "2 to 19"],
      ["indirectProbes", "indirect probes of a node in 10 min"],
    ],
  },
  {
    name: "burst-loss",
    words: "burst-loss --seeds 10",
    about: "10 % of the datagrams lost, in bursts of 500 ms",
    figures: [
      ["falseDowns", "running nodes held Down", "2,577 p50, 2,886 max"],
      ["deathKnown", "a death known by all, s"],
    ],
  },
  {
    name: "flap",
    words: "flap --seeds 10",
    about: "the links of 3 nodes go down and up",
    figures: [["falseDownsAtHealthy", "healthy nodes held Down by healthy ones", "233 p50"]],
  },
  {
    name: "outage",
    words: "outage --seeds 10",
    about: "the access point is off for 60 s",
    figures: [["allKnowAll", "all know all after its return, s", "62.5 p50, 83.2 max"]],
  },
  {
    name: "outage-120",
    words: "outage --seeds 10 --with offS=120",
    about: "the access point is off for 120 s",
    figures: [["allKnowAll", "all know all after its return, s"]],
  },
  {
    name: "swap",
    words: "swap --seeds 10",
    about: "two nodes get each other's address",
    figures: [["allKnowAll", "all know all, s", "5.0 p50, 33.3 max"]],
  },
  {
    name: "power-cut",
    words: "power-cut --seeds 10",
    about: "the power of all nodes is cut, no seed is back",
    figures: [["allKnowAll", "all know all after its return, s"]],
  },
  {
    name: "partition",
    words: "partition --seeds 10",
    about: "two halves, cut for ten minutes",
    figures: [
      ["firstContact", "first contact, s", "16.9 p50, 57.2 max"],
      ["allKnowAll", "all know all, s", "43.1 p50, 70.6 max"],
    ],
  },
  ...[
    ["naps", "naps --seeds 10", "25 of 50 nodes nap, awake for 1.5 of 60 s"],
    ["naps-5000", "naps --seeds 10 --with awakeMs=5000", "the same, awake for 5 s"],
    ["naps-foca", "naps --seeds 10 --foca 13", "awake for 1.5 s, half of the others foca's"],
    [
      "naps-5000-foca",
      "naps --seeds 10 --foca 13 --with awakeMs=5000",
      "awake for 5 s, half of the others foca's",
    ],
  ].map(([name, words, about]) => ({
    name,
    words,
    about,
    figures: [
      ["suspicionsOfNappers", "suspicions of those who nap"],
      ["sentAWake", "datagrams sent a wake"],
      ["back", "known again by all others, s"],
      ["overdueAfter", "overdue after, promises"],
    ],
  })),
  {
    name: "flood",
    words: "strangers --seeds 10 --with mode=flood",
    about: "1,014 members forged once",
    figures: [
      ["newDeviceIn", "a new device in, s", "431 p50, 506 max"],
      ["deathKnown", "a death known by all, s", "782 p50"],
    ],
  },
  {
    name: "flood-100",
    words: "strangers --seeds 10 --with mode=flood passes=100",
    about: "the same, 100 times",
    figures: [
      ["newDeviceIn", "a new device in, s"],
      ["deathKnown", "a death known by all, s"],
    ],
  },
  {
    name: "flood-boot",
    words: "strangers --seeds 10 --nodes 16 --with mode=boot",
    about: "16 nodes with room for 32 start in a flood",
    figures: [["peersMissed", "of 15 peers, not known after 5 min", "12 p50"]],
  },
  {
    name: "strangers",
    words: "strangers --seeds 10",
    about: "20 strangers renewed every 3 s",
    figures: [
      ["deathKnown", "a death known by all, s"],
      ["probesBetween", "probes between two turns of a member"],
    ],
  },
  {
    name: "mixed-sizes",
    words: "mixed-sizes --seeds 20",
    about: "60 nodes, a fifth of them with room for 30",
    figures: [
      ["allHoldDown", "a death known by all, s", "up to 70"],
      ["allKnowAll", "a start known by all, s", "48"],
    ],
  },
  ...[
    ["bad-links", "bad-links --seeds 10", "20 of 50 links lose 40 % each way"],
    ["bad-links-60", "bad-links --seeds 10 --loss 0.6", "20 of 50 links lose 60 % each way"],
  ].map(([name, words, about]) => ({
    name,
    words,
    about,
    figures: [["deathKnown", "a death known by all 30 others, s"]],
  })),
  {
    name: "clock-back",
    words: "clock-back --seeds 20",
    about: "a clock set back by a day",
    figures: [
      ["knownAgain", "known again by all, s"],
      ["datagramsBeyondRestart", "datagrams of the cluster beyond a usual restart"],
    ],
  },
  {
    name: "corruption",
    words: "corruption --seeds 20",
    about: "1 % of the datagrams corrupted for a minute",
    figures: [["quietAgain", "quiet again afterwards, s"]],
  },
];

/** The commands of a row of the table of the settings of the field. */
export const FIELD_SCENARIOS = {
  stall: "stall --seeds 2 --with stalled=8 stallMs=8000 gapMs=100",
  flap: "flap --seeds 3",
  late: "late --seeds 1",
  burst: "burst-loss --seeds 2",
  partition: "partition --seeds 10",
  flood: "strangers --seeds 3 --with mode=flood",
};

/** The rows of that table: a name, its title, and which of the seven are off. */
export const FIELD_ROWS = [
  ["none", "none of the seven", FIELD_SETTINGS],
  ...FIELD_SETTINGS.map((one) => [one, `\`${one}\` alone`, FIELD_SETTINGS.filter((other) => other !== one)]),
  ...FIELD_SETTINGS.map((one) => [`but-${one}`, `all but \`${one}\``, [one]]),
  ["all", "all of them", []],
];

/** The runs of both tables, as [name, words]. */
export function* fieldRuns() {
  for (const { name, words } of FIELD) yield [`field-${name}`, words];
  for (const [name, , off] of FIELD_ROWS) {
    for (const [scenario, words] of Object.entries(FIELD_SCENARIOS)) {
      yield [`set-${scenario}-${name}`, off.length === 0 ? words : `${words} ${without(off)}`];
    }
  }
}
