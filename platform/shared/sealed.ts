import { Metric } from "../../core/metrics.js";
import type { LeanSwim, Status, SwimOptions } from "../../core/index.js";
import type { AnyNodeOptions, MakeSeal, SealedNode, SwimNodeOptions } from "./options.js";
import type { Seal } from "./seal.js";
import type { ValueFormat } from "./value-format.js";

/** What a node keeps of its options: with keys, the same but for these, so that nothing shows them. */
export function withoutKeys<T, A, F extends ValueFormat>(
  options: SwimNodeOptions<T, A, F>,
): SwimNodeOptions<T, A, F> {
  if (options.keys === undefined) return options;
  return Object.create(options, { keys: { value: undefined } }) as SwimNodeOptions<T, A, F>;
}

/** @throws TypeError where the platform's `SwimNode` has no seals, and what is thrown for wrong keys */
export function sealOf<T, A>(
  node: SealedNode,
  options: AnyNodeOptions<T, A>,
  swimOptions: SwimOptions<T>,
  makeSeal: MakeSeal | undefined,
): Seal {
  if (makeSeal !== undefined) return makeSeal(node, options, swimOptions);
  throw new TypeError('SwimNode: for keys, import SwimNode from "xswim/sealed"');
}

/** @throws Error when there is none */
export function sealIn(seal: Seal | undefined): Seal {
  if (seal === undefined) throw new Error("SwimNode: this node was made without keys");
  return seal;
}

/** Gives the core the datagram that was opened last. */
export function receiveSealed<T>(swim: LeanSwim<T>, seal: Seal, bytes: Uint8Array): Status {
  const { metrics } = swim;
  const before = answers(metrics);
  const status = swim.handleData(bytes, seal.start, seal.end);
  if (answers(metrics) !== before) seal.prove();
  return status;
}

/** How many Acks came that belong to a probe of ours. */
function answers(metrics: Uint32Array): number {
  return metrics[Metric.ReceivedPing + 1] - metrics[Metric.UnexpectedAcks];
}
