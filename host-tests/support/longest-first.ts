import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest: begun last, they would keep one processor busy while the other has nothing left to do. */
const LONG = [
  "sim/liveness",
  "properties/datagrams",
  "agent/state",
  "bench/bench",
  "agent/agent",
  "agent/keys",
  "sim/simulator",
  "sim/values",
];

/** Begins with the files that take longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((name) => moduleId.includes("host-tests/" + name + ".test."));
      return place < 0 ? LONG.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
