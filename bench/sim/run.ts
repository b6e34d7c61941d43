import { State, type Config, type Swim } from "../../core/index.js";
import { UNKNOWN, type Transition } from "./beliefs.js";
import { allCheckers } from "./checkers/index.js";
import { Samples } from "./samples.js";
import { makeCodec, makeConfig, makeNaming, type Settings } from "./settings.js";
import { World } from "./world.js";

/** A name for what runs on a host, as the end of a metric's. */
export type Kind = "Xswim" | "Foca";

/** What a run may be given besides settings and seed: its progress in virtual milliseconds, and a broken core. */
export interface RunHooks {
  onProgress?(virtualMs: number): void;
  breakCore?(swim: Swim<unknown>, host: number): void;
}

/** How a scenario wants its world made. */
export interface Cast {
  /** Hosts that the others join by; 1 when left out. */
  readonly numSeeds?: number;
  /** The life that every host has when it first starts; 1 when left out. */
  readonly firstLife?: number;
  /** How many hosts at the end are never foca's; none when left out. */
  readonly numOurs?: number;
  /** Where not all nodes have the same settings. */
  configOf?(config: Config, host: number, settings: Settings): Config;
}

/** One scenario under one seed: what it is made of, and what it measures. */
export class Run {
  readonly settings: Settings;
  readonly world: World;
  readonly samples = new Samples();

  constructor(settings: Settings, cast: Cast, seed: number, hooks: RunHooks) {
    this.settings = settings;
    const config = makeConfig(settings);
    this.world = new World({
      numHosts: settings.nodes,
      seed,
      configOf: (host): Config => cast.configOf?.(config, host, settings) ?? config,
      naming: makeNaming(settings),
      codec: makeCodec(settings),
      faults: { ...settings.faults },
      numFoca: settings.foca,
      numFocaAmong: settings.nodes - (cast.numOurs ?? 0),
      numSeeds: Math.min(cast.numSeeds ?? 1, settings.nodes),
      ...(cast.firstLife === undefined ? {} : { firstLife: cast.firstLife }),
      ...(settings.isChecked ? { checkersFor: (world) => allCheckers(world, settings.boundMs) } : {}),
      ...(hooks.breakCore ? { breakCore: hooks.breakCore } : {}),
    });
    const { world } = this;
    if (hooks.onProgress) world.onSecond = () => hooks.onProgress?.(world.nowMs);
  }

  get durationMs(): number {
    return this.settings.durationS * 1000;
  }

  /** A parameter of the scenario that is a number. */
  number(name: string): number {
    return Number(this.settings.parameters[name]);
  }

  /** One that is a word. */
  word(name: string): string {
    return String(this.settings.parameters[name]);
  }

  /** Notes a length of time, in seconds. */
  addMs(name: string, ms: number): void {
    this.samples.add(name, "s", ms / 1000);
  }

  add(name: string, unit: string, value: number): void {
    this.samples.add(name, unit, value);
  }

  /** Notes a value of one host: among all, and among those of its kind where foca is there too. */
  addOf(host: number, name: string, unit: string, value: number): void {
    this.add(name, unit, value);
    if (this.settings.foca > 0) this.add(name + "Of" + this.kindOf(host), unit, value);
  }

  /** What runs on a host. */
  kindOf(host: number): Kind {
    return this.world.hosts[host].isFoca ? "Foca" : "Xswim";
  }
}

/**
 * Whether an active member that runs comes to be held Down. Also under an identity that it gave up because it was
 * declared Down: that it learned so before the observer does not make it right.
 */
export function isFalseDown(world: World, t: Transition): boolean {
  return (
    t.state === State.Down &&
    t.stateBefore !== State.Down &&
    t.stateBefore !== UNKNOWN &&
    t.life === t.lifeBefore &&
    world.truth.isLive[t.subject] === 1 &&
    t.life >= world.truth.firstLifeOf[t.subject]
  );
}
