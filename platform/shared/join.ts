import type { LeanSwim } from "../../core/index.js";
import type { Joiner } from "./joiner.js";
import type { RememberedPeers } from "./remembered.js";

/** The node that joins. */
interface Joining<T> {
  readonly swim: LeanSwim<T>;
  failed(error: unknown): void;
}

/**
 * Calls the seeds whose turn it is: all, and the remembered members, while the node is alone or no seed has answered yet, else
 * the next one when it is silent. Plans the next try first: when a call of a seed throws, the node must not try again at once.
 */
export function joinBySeeds<T>(
  node: Joining<T>,
  joiner: Joiner<T>,
  remembered: RememberedPeers<T> | undefined,
  nowMs: number,
): void {
  const swim = node.swim;
  if (swim.isConnected && joiner.hasAnswer(swim)) {
    joiner.planConnected(nowMs);
    const seed = joiner.nextSeed();
    if (seed !== undefined) callSeed(node, seed, true);
    return;
  }
  joiner.planAlone(nowMs);
  callAll(node, joiner.seeds);
  if (remembered !== undefined) callAll(node, remembered.peers(node));
}

function callAll<T>(node: Joining<T>, seeds: readonly (T | undefined)[]): void {
  for (let i = 0; i < seeds.length && !node.swim.isDefunct; i++) {
    const seed = seeds[i];
    if (seed !== undefined) callSeed(node, seed, false);
  }
}

/**
 * Announces to a seed, unless the seed is this node, has answered already, or, with `onlySilent`, is an active member. What the
 * user's identity type throws goes to `onError`, and the other seeds are called all the same.
 */
function callSeed<T>(node: Joining<T>, seed: T, onlySilent: boolean): void {
  const swim = node.swim;
  try {
    if (!swim.isSelf(seed) && !(onlySilent ? swim.knows(seed) : swim.hasHeard(seed))) swim.announce(seed);
  } catch (error) {
    node.failed(error);
  }
}
