import type { Config } from "../../../core/index.js";
import type { Faults } from "../faults.js";
import type { Run } from "../run.js";

/** A story to be told to a cluster, and what is measured in it. */
export interface Scenario {
  readonly name: string;
  /** What happens, in a line. */
  readonly about: string;
  readonly nodes: number;
  /** Virtual seconds. */
  readonly durationS: number;
  /** Where the network is not perfect. */
  readonly faults?: Partial<Faults>;
  /** Hosts that the others join by; 1 when left out. */
  readonly numSeeds?: number;
  /** What can be set by `--with`, and its usual value. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Why foca's nodes cannot take part, where they cannot. */
  readonly withoutFoca?: string;
  /** Where not all nodes have the same settings. */
  configOf?(config: Config, host: number, run: Run): Config;
  run(run: Run): void;
}
