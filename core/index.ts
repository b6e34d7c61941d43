/**
 * The core, for every platform: SWIM over your own transport, settings, codecs, identity types. The other entries
 * export all of this, too.
 * @module xswim
 */
export { LeanSwim } from "./lean-swim.js";
export { Swim } from "./swim.js";
export type { SwimOptions } from "./options.js";
export type { Runtime } from "./runtime.js";
export type { Random } from "./random.js";
export type { Member, Sleeper } from "./member.js";
export type { HeaderValue, Message } from "./message.js";
export { Status, statusName, SwimError, type SwimErrorCode } from "./status.js";
export { Metric, namedMetrics } from "./metrics.js";
export { simple, lan, wan, wifi, type Config, type PeriodicParams } from "./config.js";
export type { BroadcastHandler, BroadcastKey } from "./broadcasts.js";
export {
  identity,
  parseEndpoint,
  plain,
  plainV4,
  plainV6,
  renewable,
  renewableAddr,
  renewableV4,
  type IdentityOptions,
  type IdentityType,
  type Renewable,
} from "./identity.js";
export {
  bool,
  i16,
  i32,
  i64,
  i8,
  u16,
  u32,
  u64,
  u8,
  type Infer,
  type Integer64,
  type Schema,
} from "./schema.js";
export { blob, bytes, option, string, struct, variant } from "./compound.js";
export { socketAddr, socketAddrV4, socketAddrV6, type Endpoint } from "./socket-addr.js";
export {
  bincode,
  Header,
  IdentityRef,
  makeHeader,
  MemberRecord,
  MessageKind,
  postcard,
  serdeCodec,
  State,
  type Codec,
  type IdentityForm,
} from "./codec.js";
export { bincodeDialect } from "./bincode.js";
export { postcardDialect } from "./postcard.js";
export { INVALID, lax, past, type Dialect } from "./dialect.js";
