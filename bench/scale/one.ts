import { identityOf } from "../datagrams.js";
import { measure, type Operation } from "../measure.js";
import { XswimNode } from "../peers/xswim-node.js";
import { OPERATIONS } from "../peers/xswim-operations.js";
import { membersOf } from "../sim/inside.js";
import type { Measurement } from "./run.js";

/** Those of the benchmark that a cluster at rest is made of, and one that fills an empty table. */
const SHOWN = new Set(["handlePing", "probeCycle", "gossip20Known", "feed", "applyMany"]);
const WARM_UP_MS = 200;

/** Asks for one member after another, in no order. */
class LookUp implements Operation {
  readonly name = "lookUp";
  readonly batchSize = 256;
  private readonly node: XswimNode;
  private readonly asked: readonly ReturnType<typeof identityOf>[];

  constructor(members: number) {
    this.node = new XswimNode(members, members);
    this.asked = Array.from({ length: 4096 }, (_, i) => identityOf(1 + ((i * 40_503) % members)));
  }

  run(index: number): void {
    if (!this.node.swim.knows(this.asked[(index * 17) % this.asked.length])) throw new Error("not found");
  }
}

/** Lists all members as values. */
class List implements Operation {
  readonly name = "list";
  readonly batchSize = 1;
  private readonly node: XswimNode;

  constructor(members: number) {
    this.node = new XswimNode(members, members);
  }

  run(): void {
    if (this.node.swim.members().length !== this.node.members) throw new Error("not all");
  }
}

/** One core that knows `nodes` members. Times depend on the machine; bytes do not. */
export const one: Measurement = {
  name: "one",
  about:
    "one node that holds so many members (--nodes, 65,000 at most): its memory, and the time of what it does",
  parameters: { budgetMs: 400 },
  run({ nodes, samples, parameters }) {
    const budget = { warmUpMs: WARM_UP_MS, budgetMs: parameters.budgetMs };
    const node = new XswimNode(nodes, nodes);
    samples.add("tableBytes", "B", membersOf(node.swim).bytes.byteLength);
    samples.add("memberBytes", "B", membersOf(node.swim).bytes.byteLength / nodes);
    const operations = [...OPERATIONS, (n: number) => new LookUp(n), (n: number) => new List(n)];
    for (const build of operations) {
      const operation = build(nodes);
      if (!SHOWN.has(operation.name) && !(operation instanceof LookUp || operation instanceof List)) continue;
      samples.add(operation.name, "µs", measure(operation, budget).medianNs / 1000);
    }
  },
};
