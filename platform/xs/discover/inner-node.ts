import type { Codec, IdentityType, Integer64, LeanSwim, Random } from "../../../core/index.js";
import type { Seal } from "../../shared/seal.js";

/** What there is of a node on a device, but not for programs: see `SwimNodeBase`. */
export interface InnerNode<T> {
  readonly swim: LeanSwim<T>;
  readonly seal: Seal | undefined;
  readonly type: IdentityType<T>;
  readonly codec: Codec;
  /** A number that differs from one start to the next, where there is a store or a clock. */
  readonly bump: Integer64;
  readonly options: { readonly port: number; readonly random?: Random };
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Counts what a socket threw, and tells it. */
  failed(error: unknown): void;
  /** Counts what a callback of the user's threw, and tells it. */
  threw(error: unknown): void;
  /** Whether one of these bits of the node's state is set. */
  is(bits: number): boolean;
}
