import { Swim, type Codec, type Config, type IdentityRef, type Runtime } from "../../core/index.js";
import { seededRandom } from "../../platform/fake/random.js";
import { Joining, type JoiningHost, type JoiningWorld } from "../sim/joining.js";
import type { Network } from "../sim/network.js";
import { Kind } from "../sim/queue.js";
import type { Timeline } from "../sim/timeline.js";
import type { HostValues } from "../sim/values.js";

/** What a member sees of the crowd that it is in. */
export interface Surroundings extends JoiningWorld {
  readonly time: Timeline;
  readonly network: Network;
  readonly codec: Codec;
  /** Makes the values of a host's core when it starts; undefined where nobody has values. */
  readonly valuesFor: ((host: number, config: Config) => HostValues) | undefined;
}

/** A host of a crowd: the core that ships, a program that joins as every platform's does, and nothing beside. */
export class Member implements Runtime<unknown>, JoiningHost {
  readonly index: number;
  swim: Swim<unknown> | undefined = undefined;
  readonly hasLeft = false;
  /** What it keeps of what members publish, in a crowd with values. */
  values: HostValues | undefined = undefined;
  /** Since it was made: datagrams and bytes that went out, and the longest of them. */
  sent = 0;
  sentBytes = 0;
  longestSent = 0;
  private readonly crowd: Surroundings;
  private readonly joining: Joining;
  private coreMs = Infinity;
  private plannedMs = Infinity;

  constructor(crowd: Surroundings, index: number) {
    this.crowd = crowd;
    this.index = index;
    this.joining = new Joining(crowd, this);
  }

  get node(): Swim<unknown> | undefined {
    return this.swim;
  }

  /** Starts a core; it joins by `seeds`, if there are any. `arm` is called afterwards. */
  start(seeds: readonly unknown[], random: number, config: Config): Swim<unknown> {
    const { naming, codec } = this.crowd;
    const bits = seededRandom(random);
    this.joining.start(seeds, bits, false);
    this.values = this.crowd.valuesFor?.(this.index, config);
    const swim = new Swim<unknown>({
      ...(this.values === undefined ? {} : { keeper: this.values.keeper }),
      identity: naming.make(this.index, 1),
      identityType: naming.type,
      codec,
      config,
      runtime: this,
      random: bits,
    });
    this.values?.setLife(1, false);
    this.swim = swim;
    return swim;
  }

  /** Ends the core without a word. */
  crash(): void {
    this.swim = undefined;
    this.coreMs = Infinity;
    this.joining.stop();
  }

  deliver(bytes: Uint8Array, length: number): void {
    this.swim?.handleData(bytes, 0, length);
    this.arm();
  }

  /** A wake-up that was asked for, unless a sooner one has taken its place. */
  wake(): void {
    const { nowMs } = this.crowd;
    if (nowMs !== this.plannedMs) return;
    this.plannedMs = Infinity;
    if (this.swim === undefined) return;
    if (nowMs >= this.coreMs) {
      this.coreMs = Infinity;
      this.swim.handleTimer();
    }
    this.joining.fire();
    this.arm();
  }

  /** Sets the wake-up. */
  arm(): void {
    const dueMs = Math.min(this.coreMs, this.joining.nextMs);
    if (dueMs >= this.plannedMs) return;
    this.plannedMs = dueMs;
    this.crowd.time.queue.push(dueMs, Kind.Wake, this.index);
  }

  now(): number {
    return this.crowd.nowMs;
  }

  sendTo(to: IdentityRef<unknown>, data: Uint8Array, start: number, end: number): void {
    const { crowd } = this;
    const length = end - start;
    this.sent++;
    this.sentBytes += length;
    if (length > this.longestSent) this.longestSent = length;
    const receiver = crowd.naming.hostOf(to.bytes, to.at);
    crowd.network.send(crowd.nowMs, this.index, receiver, data, length);
  }

  submitAfter(ms: number): void {
    this.coreMs = this.crowd.nowMs + ms;
    this.arm();
  }

  active(): void {
    this.joining.connectionChanged(true);
  }

  idle(): void {
    this.joining.connectionChanged(false);
    this.arm();
  }
}
