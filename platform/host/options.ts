import type { Renewable, Swim } from "../../core/index.js";
import type { SwimNodeInstance } from "../shared/node-types.js";
import type { AddressOf, SwimNodeOptions } from "../shared/options.js";
import type { RefusalReason } from "./refusals.js";
import type { Trouble } from "./troubles.js";
import type { ValueFormat, ValueOf } from "../shared/value-format.js";

/** The options of `SwimNode` on Node and on the fake network: those of every platform, and these. */
export interface HostNodeOptions<
  T = Renewable,
  A = AddressOf<T>,
  F extends ValueFormat = "bytes",
> extends SwimNodeOptions<T, A, F> {
  /**
   * Something keeps the node from getting on: its seeds are silent, datagrams come that it cannot read, or the others are told
   * an address at which they cannot reach it. Each kind is told again after half a minute at the soonest, and ever more seldom.
   */
  onTrouble?(trouble: Trouble): void;
  /**
   * A datagram was refused; of more than 20 in a second the others are only counted in `swim.metrics` and `seal.metrics`.
   * @param from where it came from, such as `192.168.1.10:7946`
   */
  onRefusedDatagram?(reason: RefusalReason, from: string): void;
}

/** Their names. */
export const HOST_CALLBACKS = "onTrouble onRefusedDatagram";

/** The address that the others are told, and why it is that one. */
export interface Advertised {
  /** Such as `192.168.1.10:7946`. */
  readonly address: string;
  /** For people to read, such as `the first address of this machine, at eth0`. */
  readonly why: string;
}

/** A running node on Node or on the fake network, with what a device's node does not have. */
export interface HostNodeInstance<T = Renewable, V = Uint8Array> extends SwimNodeInstance<T, V> {
  /** The core, with `applyMany` and `setConfig`. */
  readonly swim: Swim<T>;
  /** The address that the others are told, and why it is that one. */
  readonly advertised: Advertised;
  /**
   * Pings a member beside the probes. Resolves with after how many milliseconds the answer came, or with undefined when none
   * came in time, or the node was closed. Its answer counts as `Metric.UnexpectedAcks`.
   * @param member an identity of a member, or its address such as `192.168.1.10:7946`
   * @param options `via`: another member, which is asked to ping it for this node; `timeoutMs`: how long to wait for the
   *   answer, 2000 when left out
   * @throws TypeError or RangeError when there is no such member, for another `timeoutMs` than 1 to 60,000, and when 16 pings
   *   wait already; then nothing was sent.
   */
  ping(
    member: T | string,
    options?: { via?: T | string | undefined; timeoutMs?: number },
  ): Promise<number | undefined>;
}

/** The class `SwimNode` of Node or of a host on the fake network. */
export interface HostNodeConstructor {
  /** Opens a node. */
  new <T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes">(
    options: HostNodeOptions<T, A, F>,
  ): HostNodeInstance<T, ValueOf<F>>;
}
