/**
 * What the values of a cluster and identity types are made of: `struct({ celsius: i16, battery: u8 })`. On a device it is a
 * module of its own, because a node that publishes texts or bytes needs none of it.
 * @module xswim/schema
 */
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
} from "../../core/schema.js";
export { blob, bytes, option, string, struct, variant } from "../../core/compound.js";
