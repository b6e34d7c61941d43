import { Swim, type Config, type IdentityRef, type Runtime } from "../../core/index.js";
import { seededRandom } from "../../platform/fake/random.js";
import { Joiner } from "../../platform/shared/joiner.js";
import type { World } from "./world.js";

/** Datagrams that wait for a frozen host, at most; as a real socket, it drops what comes beyond. */
export const RECEIVE_QUEUE = 256;

/** A machine with a bare core on it, and the joiner that every platform's node has. */
export class Host implements Runtime<unknown> {
  readonly index: number;
  readonly config: Config;
  /** The core that runs; undefined while the machine is off. */
  swim: Swim<unknown> | undefined = undefined;
  /** The latest life that it had: kept over restarts, as a stored counter. */
  life = 0;
  starts = 0;
  hasLeft = false;
  frozenUntilMs = 0;
  asleepUntilMs = 0;
  /** Until when its timers run, but nothing goes out or in. */
  blockedUntilMs = 0;
  /** Datagrams that wait while it is frozen. */
  readonly waiting: number[] = [];
  /** When the core and the joiner are to be woken, and the soonest wake-up on the queue. */
  coreMs = Infinity;
  plannedMs = Infinity;
  joiner: Joiner<unknown>;
  /** How often in a row it was woken at one moment. */
  wakesNow = 0;
  lastWakeMs = -1;
  private readonly world: World;

  constructor(world: World, index: number, config: Config) {
    this.world = world;
    this.index = index;
    this.config = config;
    this.joiner = new Joiner<unknown>([], Math.random, 0);
  }

  /** Starts a core with an identity of a new life. */
  start(seeds: readonly unknown[], random: number): Swim<unknown> {
    this.life++;
    this.starts++;
    this.hasLeft = false;
    this.coreMs = Infinity;
    const bits = seededRandom(random);
    this.joiner = new Joiner(seeds, bits, this.world.nowMs);
    const { naming, codec } = this.world;
    this.swim = new Swim<unknown>({
      identity: naming.make(this.index, this.life),
      identityType: naming.type,
      codec,
      config: this.config,
      runtime: this,
      random: bits,
    });
    return this.swim;
  }

  now(): number {
    return this.world.nowMs;
  }

  sendTo(to: IdentityRef<unknown>, data: Uint8Array, length: number): void {
    this.world.send(this, to, data, length);
  }

  submitAfter(ms: number): void {
    this.coreMs = this.world.nowMs + ms;
    this.world.arm(this);
  }

  active(): void {
    if (!this.hasLeft && this.joiner.seeds.length > 0) this.joiner.planConnected(this.world.nowMs);
  }

  idle(): void {
    if (!this.hasLeft) this.joiner.hurry(this.world.nowMs);
    this.world.arm(this);
  }

  defunct(): void {
    this.world.becameDefunct(this);
  }

  rejoin(identity: unknown): void {
    this.life = this.world.naming.lifeOfValue(identity);
    this.world.renewed(this);
  }

  /** Announces to seeds that are not known: to all while alone, to one of them now and then otherwise. */
  join(): void {
    const { swim, joiner } = this;
    if (swim === undefined || joiner.seeds.length === 0) return joiner.stop();
    if (swim.isConnected) {
      this.call(joiner.nextSeed());
      joiner.planConnected(this.world.nowMs);
      return;
    }
    for (const seed of joiner.seeds) if (!swim.isDefunct) this.call(seed);
    joiner.planAlone(this.world.nowMs);
  }

  private call(seed: unknown): void {
    if (this.swim !== undefined && !this.swim.knows(seed)) this.swim.announce(seed);
  }
}
