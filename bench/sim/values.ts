import type { Config, IdentityType, Swim } from "../../core/index.js";
import type { Values, ValueNode } from "../../core/values.js";
import { valuesOf } from "../../platform/shared/node-values.js";
import type { AnyNodeOptions } from "../../platform/shared/options.js";

/** What a node may be told of values; what is left out is as it is for every node. */
export type ValueLimits = Pick<
  AnyNodeOptions<unknown, unknown>,
  "maxValues" | "maxValueBytes" | "compareValuesMs"
>;

/** Who is told what a host hears. The bytes are good only within the call. */
export interface Listener {
  heard(host: number, bytes: Uint8Array, at: number): void;
}

/** The part of a node that has to do with values: a host has a bare core, and no node around it. */
export class HostValues implements ValueNode {
  readonly keeper: Values<unknown>;
  /** Whether it compares its records with those of others. */
  readonly isCompared: boolean;
  private readonly host: number;
  private readonly listener: Listener;
  private life = 0;

  /** @throws Error when the members of this world have no address that can name them */
  constructor(
    host: number,
    limits: ValueLimits,
    type: IdentityType<unknown>,
    config: Config,
    listener: Listener,
  ) {
    this.host = host;
    this.listener = listener;
    this.isCompared = limits.compareValuesMs !== 0;
    const keeper = valuesOf<unknown, unknown>(this, limits as AnyNodeOptions<unknown, unknown>, type, config);
    if (keeper === undefined) throw new Error("values: --identity has no address that is one field");
    this.keeper = keeper;
  }

  /** The host has that life from now on, which it was not given by its program when it was renewed. */
  setLife(life: number, hasRenewed: boolean): void {
    this.life = life;
    this.keeper.setLife(life, hasRenewed);
  }

  /** Publishes a record, or news. */
  publish(swim: Swim<unknown>, bytes: Uint8Array, isNews: boolean): void {
    swim.addBroadcast(this.keeper.wrap(bytes, isNews));
  }

  isValue(): boolean {
    return true;
  }

  ownLife(): number {
    return this.life;
  }

  valueCame(_slot: number, bytes: Uint8Array, at: number): void {
    this.listener.heard(this.host, bytes, at);
  }

  newsCame(bytes: Uint8Array, at: number): void {
    this.listener.heard(this.host, bytes, at);
  }
}
