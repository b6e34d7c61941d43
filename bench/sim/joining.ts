import type { Random, Swim } from "../../core/index.js";
import type { Store } from "../../platform/shared/bump.js";
import { Joiner } from "../../platform/shared/joiner.js";
import { RememberedPeers } from "../../platform/shared/remembered.js";
import type { Environment } from "./environment.js";
import type { Node } from "./node.js";

/** What the program sees of the world that it is in. */
export type JoiningWorld = Pick<Environment, "naming" | "nowMs">;

/** The host on which the program is. */
export interface JoiningHost {
  readonly node: Node | undefined;
  readonly swim: Swim<unknown> | undefined;
  readonly hasLeft: boolean;
}

/**
 * How the program on a host joins, as every platform's node does: by its seeds, and by the members that it remembers. foca's
 * programs have seeds only.
 */
export class Joining {
  /** Where the program keeps the members that it heard from, over a crash; undefined for nowhere. */
  store: Store | undefined = undefined;
  private readonly world: JoiningWorld;
  private readonly host: JoiningHost;
  private joiner = new Joiner<unknown>([], Math.random, 0, false);
  private remembered: RememberedPeers<unknown> | undefined = undefined;

  constructor(world: JoiningWorld, host: JoiningHost) {
    this.world = world;
    this.host = host;
  }

  /** When to try next. */
  get nextMs(): number {
    return this.joiner.nextMs;
  }

  /** The program starts. */
  start(seeds: readonly unknown[], random: Random, isFoca: boolean): void {
    const { world, store } = this;
    this.remembered =
      store === undefined || isFoca ? undefined : new RememberedPeers(store, world.naming.type, seeds);
    this.joiner = new Joiner(seeds, random, world.nowMs, this.remembered !== undefined);
  }

  stop(): void {
    this.joiner.stop();
  }

  hurry(): void {
    this.joiner.hurry(this.world.nowMs);
  }

  /** The node is connected now, or not any more. */
  connectionChanged(isConnected: boolean): void {
    const { joiner, host, world } = this;
    this.remembered?.connectionChanged(isConnected, world.nowMs);
    if (host.hasLeft) return;
    if (!isConnected) joiner.hurry(world.nowMs);
    else if (joiner.seeds.length === 0) return;
    else if (this.hasAnswer) joiner.planConnected(world.nowMs);
    else joiner.hurry(world.nowMs);
  }

  /** Does what is due. */
  fire(): void {
    const { world, remembered } = this;
    const { swim } = this.host;
    if (world.nowMs >= this.joiner.nextMs) this.join();
    if (swim !== undefined) remembered?.wake({ swim, failed: fail }, world.nowMs);
  }

  /** The members that the program finds in its store. */
  rememberedPeers(): unknown[] {
    const { remembered } = this;
    const { swim } = this.host;
    if (swim === undefined || remembered === undefined) return [];
    return remembered.peers({ swim, failed: fail }).filter((peer) => peer !== undefined);
  }

  /** Announces to all that it may join by while it is alone or no seed has answered, and to a silent seed now and then. */
  private join(): void {
    const { joiner, world } = this;
    const { node } = this.host;
    if (node === undefined || (joiner.seeds.length === 0 && this.remembered === undefined))
      return joiner.stop();
    if (node.isConnected && this.hasAnswer) {
      joiner.planConnected(world.nowMs);
      this.call(joiner.nextSeed(), true);
      return;
    }
    joiner.planAlone(world.nowMs);
    for (const seed of joiner.seeds) if (!node.isDefunct) this.call(seed, false);
    for (const peer of this.rememberedPeers()) if (!node.isDefunct) this.call(peer, false);
  }

  /** Whether a seed has answered; of foca's nodes that is taken for granted. */
  private get hasAnswer(): boolean {
    const { swim } = this.host;
    return swim === undefined || this.joiner.hasAnswer(swim);
  }

  private call(seed: unknown, onlySilent: boolean): void {
    const { node, swim } = this.host;
    if (node === undefined || swim?.isSelf(seed) === true) return;
    const isThere = onlySilent ? node.knows(seed) : swim?.hasHeard(seed) === true;
    if (!isThere) node.announce(seed);
  }
}

/** What the simulator's stores never do. */
function fail(error: unknown): void {
  throw error;
}
