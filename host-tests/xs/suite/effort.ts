// How much of the suite an engine that is slow runs.

/** Long ones have enough with fewer runs than other properties. */
const FEWER = /long-histories|^the round of probes|^a runtime that throws/;

/** What a slow engine takes a minute or more for, in the time of which it meets nothing that the other engines do not. */
const LONG = [
  "cluster > 50-nodes",
  "cluster > a-lossy-network",
  "cluster > corrupted-datagrams",
  "throwing > a-call-may-be-broken-off",
  "sealed > a-running-cluster-goes-from-off",
  "sealed > datagrams-that",
  "sealed > who-asks",
  "remembered > after-a-power-cut-of-many",
  "remembered > after-a-power-cut-devices",
  "remembered > one-member",
  "remembered > a-store-that-cannot-be-written",
  "remembered > a-cluster-that-stays",
  "remembered > seeds-take",
  "valuesExchange > ",
  "valuesRoom > ",
  "valuesKept > a-newcomer",
  "valuesKept > a-lossy-network",
  "valuesKept > it-is-kept-of-who",
  "valuesKept > halves-that",
  "valuesKept > what-a-life",
  "valuesKept > more-than-one",
  "valuesKept > who-missed-many",
  "values > what-one",
  "valuesAttacks > records-of-thousands",
  "valuesAttacks > news-of-thousands",
  "valuesAttacks > a-forged-far",
  "valuesAttacks > digests-lists",
  "valuesAttacks > forged-digests",
  "valuesAttacks > a-node-answers",
  "valuesAttacks > that-there-is-more",
  "valuesAttacks > answers-are",
];

export function hasEnoughWithFewerRuns(name: string): boolean {
  return FEWER.test(name);
}

export function isLong(name: string): boolean {
  return LONG.some((begin) => name.startsWith(begin));
}
