import type { Config } from "../../../core/index.js";
import { NodePrimitives } from "../../../platform/node/seal.js";
import type { ClusterKey } from "../../../platform/shared/cluster-keys.js";
import { Seal, SEAL_OVERHEAD, type Sealing } from "../../../platform/shared/seal.js";
import { SealMetric } from "../../../platform/shared/seal-metrics.js";
import type { Chance } from "../random.js";
import type { Run } from "../run.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";

const KEY: ClusterKey = { id: 0, secret: "000102030405060708090a0b0c0d0e0f" };
const OTHER: ClusterKey = { id: 1, secret: "f0e0d0c0b0a090807060504030201000" };

/** What the program on a host is told to do with its keys. It still knows after a restart. */
interface Step {
  sealing: Sealing;
  keys: readonly ClusterKey[];
  sendWith: number;
}

const off: Step = { sealing: "off", keys: [KEY], sendWith: 0 };
const required: Step = { sealing: "require", keys: [KEY], sendWith: 0 };
const both = [KEY, OTHER];
/** From no seals to seals, and from one key to another. */
const STEPS: readonly Step[] = [
  { ...off, sealing: "accept" },
  { ...off, sealing: "send" },
  required,
  { ...required, keys: both },
  { ...required, keys: both, sendWith: 1 },
  { ...required, keys: [OTHER], sendWith: 1 },
];
/** Without the steps that others wait for. */
const HASTY: readonly Step[] = [required, { ...required, keys: [OTHER], sendWith: 1 }];

/** What must never be: a datagram of one of the nodes that another has no key for, or does not take. */
const WANTING = ["RefusedPlain", "UnknownKey", "Forged", "Reflected"] as const;
const OTHERS = ["Sealed", "Opened", "TakenPlain", "Replayed"] as const;

export const rotation: Scenario = {
  name: "rotation",
  about:
    "Seals are switched on in a running cluster, and then its key is changed, node by node (gapMs apart, and settleMs between the steps), while hosts die and come back. hasty=1 leaves out the steps that others wait for.",
  nodes: 50,
  durationS: 60,
  numSeeds: 3,
  faults: { loss: 0.02, duplication: 0.01, reordering: 0.05, reorderMs: 200, latencyMs: 1, jitterMs: 20 },
  parameters: { gapMs: 200, settleMs: 2000, restartMs: 5000, downMs: 3000, hasty: 0 },
  withoutFoca: "its nodes have no seals",
  configOf: (config): Config => ({ ...config, maxPacketSize: config.maxPacketSize - SEAL_OVERHEAD }),
  run(run) {
    const { world } = run;
    const keeper = new Keeper(run);
    world.sealFor = (host) => keeper.makeSeal(host);
    const falseDowns = new FalseDowns(run, (host) => !world.isHealthy(host, world.nowMs - 10_000));
    world.startSettled();
    world.run(10_000);
    keeper.restartSome();
    for (const step of run.number("hasty") === 1 ? HASTY : STEPS) {
      keeper.roll(step);
      world.run(run.number("settleMs"));
    }
    keeper.isOver = true;
    run.addMs("settle", world.runUntilAgreed(run.durationMs));
    world.run(run.durationMs);
    keeper.note();
    falseDowns.note();
    const { aboutHealthy } = falseDowns;
    if (aboutHealthy > 0) world.violate("rotation", aboutHealthy + " times a running host was held Down");
  },
};

/** Keeps what each host's program is told, and counts what its seals did. */
class Keeper {
  isOver = false;
  private readonly run: Run;
  private readonly chance: Chance;
  private readonly steps: Step[];
  private readonly stores: Map<string, unknown>[];
  /** All seals that there were: a host makes one at each start. */
  private readonly seals: Seal[] = [];

  constructor(run: Run) {
    this.run = run;
    this.chance = run.world.chance;
    this.steps = run.world.hosts.map(() => off);
    this.stores = run.world.hosts.map(() => new Map());
  }

  makeSeal(host: number): Seal {
    const { keys, sendWith, sealing } = this.steps[host];
    const values = this.stores[host];
    const store = {
      get: (_domain: string, key: string): unknown => values.get(key),
      set: (_domain: string, key: string, value: string): void => void values.set(key, value),
    };
    const { maxMembers } = this.run.world.hosts[host].config;
    const primitives = new NodePrimitives();
    primitives.fillUnique = (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = this.chance.below(256);
      return true;
    };
    const options = { keys, sendWith, sealing, store, maxSenders: maxMembers };
    const seal = new Seal(options, primitives);
    this.seals.push(seal);
    return seal;
  }

  /** Tells all hosts to take a step, one after another in any order. */
  roll(step: Step): void {
    const { world } = this.run;
    for (const host of this.chance.sample(world.hosts.length, world.hosts.length)) {
      this.steps[host] = step;
      const { seal } = world.hosts[host];
      if (world.hosts[host].node !== undefined) {
        seal?.setKeys(step.keys, step.sendWith);
        seal?.setSealing(step.sealing);
      }
      world.run(this.run.number("gapMs"));
    }
  }

  /** Hosts die and come back until all is over; never the first, by which the others join. */
  restartSome(): void {
    const { world } = this.run;
    world.plan(this.chance.exponential(this.run.number("restartMs")), () => {
      if (this.isOver) return;
      const host = 3 + this.chance.below(world.hosts.length - 3);
      if (world.hosts[host].node !== undefined) {
        world.crash(host);
        world.plan(this.run.number("downMs"), () => world.start(host));
      }
      this.restartSome();
    });
  }

  note(): void {
    for (const name of [...WANTING, ...OTHERS]) {
      const count = this.seals.reduce((sum, seal) => sum + seal.metrics[SealMetric[name]], 0);
      this.run.add(name.charAt(0).toLowerCase() + name.slice(1), "1", count);
      if (count > 0 && (WANTING as readonly string[]).includes(name))
        this.run.world.violate("rotation", count + " datagrams were refused: " + name);
    }
  }
}
