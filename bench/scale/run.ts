import { lan, type Config } from "../../core/index.js";
import { Samples } from "../sim/samples.js";

/** What is measured, in how large a cluster, and what its nodes have room for. */
export interface Case {
  readonly nodes: number;
  readonly seed: number;
  /** Members that a node has room for; Infinity for all. */
  readonly room: number;
  /** What only this measurement knows. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly samples: Samples;
}

/** One kind of measurement. */
export interface Measurement {
  readonly name: string;
  readonly about: string;
  readonly parameters: Readonly<Record<string, number>>;
  run(given: Case): void;
}

export function makeCase(
  nodes: number,
  seed: number,
  room: number,
  parameters: Record<string, number>,
): Case {
  return { nodes, seed, room, parameters, samples: new Samples() };
}

/** `lan(N)`; the table has its size from the start, so that a run makes no tables that are thrown away. */
export function configOf({ nodes, room }: Case): Config {
  const config = lan(nodes);
  const maxMembers = Math.min(config.maxMembers, room);
  return { ...config, maxMembers, initialMembers: Math.min(maxMembers, nodes) };
}
