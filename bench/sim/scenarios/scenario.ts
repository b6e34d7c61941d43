import type { Faults } from "../faults.js";
import type { Cast, Run } from "../run.js";

/** A story to be told to a cluster, and what is measured in it. */
export interface Scenario extends Cast {
  readonly name: string;
  /** What happens, in a line. */
  readonly about: string;
  readonly nodes: number;
  /** Virtual seconds. */
  readonly durationS: number;
  /** Where the network is not perfect. */
  readonly faults?: Partial<Faults>;
  /** What can be set by `--with`, and its usual value. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Why foca's nodes cannot take part, where they cannot. */
  readonly withoutFoca?: string;
  run(run: Run): void;
}
