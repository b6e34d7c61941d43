import type { LeanSwim } from "../../core/index.js";
import type { Joiner } from "./joiner.js";

/** The node that joins. */
interface Joining<T> {
  readonly swim: LeanSwim<T>;
  failed(error: unknown): void;
}

/**
 * Calls the seeds whose turn it is: all while the node is alone, else the next one when it is silent. Plans the next try
 * first: when a call of a seed throws, the node must not try again at once.
 */
export function joinBySeeds<T>(node: Joining<T>, joiner: Joiner<T>, nowMs: number): void {
  const swim = node.swim;
  if (swim.isConnected) {
    joiner.planConnected(nowMs);
    callSeed(node, joiner.nextSeed(), true);
    return;
  }
  joiner.planAlone(nowMs);
  for (let i = 0; i < joiner.seeds.length && !swim.isDefunct; i++) callSeed(node, joiner.seeds[i], false);
}

/**
 * Announces to a seed, unless the seed is this node or, with `onlySilent`, an active member. What the user's identity
 * type throws goes to `onError`, and the other seeds are called all the same.
 */
function callSeed<T>(node: Joining<T>, seed: T, onlySilent: boolean): void {
  const swim = node.swim;
  try {
    if (!swim.isSelf(seed) && !(onlySilent && swim.knows(seed))) swim.announce(seed);
  } catch (error) {
    node.failed(error);
  }
}
