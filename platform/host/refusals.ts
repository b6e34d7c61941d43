import {
  bincode,
  makeHeader,
  postcard,
  Status,
  type Codec,
  type HeaderValue,
  type IdentityType,
} from "../../core/index.js";
import { INVALID } from "../../core/dialect.js";
import { headerValue } from "../../core/message.js";
import { SealMetric } from "../shared/seal-metrics.js";

/**
 * Why a datagram was refused:
 *
 * - `plain`, `unknownKey`, `reflected`, `replayed`, `forged`: it is not sealed, or not as this node's `keys` ask for.
 * - `otherCodec`: it is for this node, in foca's other wire format.
 * - `malformed`: it is no datagram of this protocol, or was changed on its way.
 * - `tooLong`: it is longer than `maxReceiveSize`.
 * - `notForUs`: it is for another identity than this node has.
 * - `ourOwn`: its sender has the address of this node, as when two members were given the same one.
 */
export type RefusalReason =
  | "plain"
  | "unknownKey"
  | "reflected"
  | "replayed"
  | "forged"
  | "otherCodec"
  | "malformed"
  | "tooLong"
  | "notForUs"
  | "ourOwn";

/** The reasons for which a seal refuses, at the places of their counters. */
const SEAL_REASONS: readonly (readonly [number, RefusalReason])[] = [
  [SealMetric.RefusedPlain, "plain"],
  [SealMetric.UnknownKey, "unknownKey"],
  [SealMetric.Reflected, "reflected"],
  [SealMetric.Replayed, "replayed"],
  [SealMetric.Forged, "forged"],
];

const STATUS_REASONS: Partial<Record<Status, RefusalReason>> = {
  [Status.NotForUs]: "notForUs",
  [Status.DataTooBig]: "tooLong",
  [Status.Decode]: "malformed",
  [Status.DataFromOurselves]: "ourOwn",
  [Status.MalformedPacket]: "malformed",
};

/** Why the core refused a datagram; undefined when it took it in, or answered it. */
export function statusRefusal(status: Status): RefusalReason | undefined {
  return STATUS_REASONS[status];
}

/** Why a seal refused the last datagram, as its counters tell. @param before the counters before it came */
export function sealRefusal(before: Uint32Array, metrics: Uint32Array): RefusalReason | undefined {
  return SEAL_REASONS.find(([metric]) => metrics[metric] !== before[metric])?.[1];
}

/** Returns the header of a datagram, or undefined when it does not decode. */
export function peek<T>(
  codec: Codec,
  { schema }: IdentityType<T>,
  bytes: Uint8Array,
  start: number,
  end: number,
): HeaderValue<T> | undefined {
  const header = makeHeader<T>({ schema, dialect: codec.dialect });
  return codec.readHeader(header, bytes, start, end) === INVALID ? undefined : headerValue(header);
}

/** foca's wire format that `codec` is not. */
export function otherCodec(codec: Codec): Codec {
  return codec === bincode ? postcard : bincode;
}
