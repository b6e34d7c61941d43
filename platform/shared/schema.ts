/**
 * What the values of a cluster and identity types are made of: `struct({ celsius: i16, battery: u8 })`. On a device it is a
 * module of its own, because a node that publishes texts or bytes needs none of it. `xswim` has more kinds of schemas, which
 * take a device twice as much flash again.
 * @module xswim/schema
 */
export { bool, i16, i32, i8, u16, u32, u8, type Infer, type Schema } from "../../core/schema.js";
export { struct } from "../../core/compound.js";
