// The bytes and verdicts of the published foca: host-tests/vectors/foca.json, as foca-peer's README describes it.
import { readFileSync } from "node:fs";
import { blob, bytes, option, string, struct, variant } from "../../core/compound.js";
import { bincode, postcard, type Codec } from "../../core/codec.js";
import { identity, plain, plainV4, plainV6, renewableAddr, renewableV4 } from "../../core/identity.js";
import type { IdentityType } from "../../core/identity.js";
import { bool, i16, i32, i64, i8, u16, u32, u64, u8, type Schema } from "../../core/schema.js";

export type DialectName = "postcard" | "bincode";
export interface MemberVector {
  id: unknown;
  incarnation: number;
  state: "Alive" | "Suspect" | "Down";
}
export interface MessageVector {
  type: string;
  probeNumber?: number;
  target?: unknown;
  origin?: unknown;
}
export interface HeaderVector {
  src: unknown;
  srcIncarnation: number;
  dst: unknown;
  message: MessageVector;
}
type InBoth = { [dialect in DialectName]: string };
export interface Setup {
  type: string;
  identity: unknown;
  members: MemberVector[];
  maxPacketSize: number;
  notifyDownMembers: boolean;
  broadcastHandler: boolean;
}
export interface Handled {
  name: string;
  dialect: DialectName;
  setup: number;
  hex: string;
  result: string;
  members?: MemberVector[];
  sent?: { to: unknown; message: MessageVector; hex: string }[];
  notifications?: [string, ...unknown[]][];
  received?: string[];
  updatesBacklog?: number;
  broadcastBacklog?: number;
  identity?: unknown;
  incarnation?: number;
}
export interface Vectors {
  integers: ({ type: string; value: string } & InBoth)[];
  decoding: {
    dialect: DialectName;
    type: string;
    hex: string;
    value?: unknown;
    used?: number;
    error?: string;
  }[];
  identities: ({ type: string; value: unknown } & InBoth)[];
  members: ({ member: MemberVector } & InBoth)[];
  headers: ({ header: HeaderVector } & InBoth)[];
  datagrams: {
    note: string;
    dialect: DialectName;
    type: string;
    maxPacketSize: number;
    header: HeaderVector;
    updates: MemberVector[];
    broadcasts: string[];
    hex: string;
  }[];
  setups: Setup[];
  handled: Handled[];
}

export const vectors = JSON.parse(
  readFileSync(new URL("../vectors/foca.json", import.meta.url), "utf8"),
) as Vectors;

export const codecs: Record<DialectName, Codec> = { bincode, postcard };

interface Tiny {
  a: number;
  b: number;
  extra: number;
}
const tinySchema = struct<Tiny>({ a: u8, b: u8, extra: u16 });
const kind = variant({ Sensor: null, Gateway: struct({ zone: u16 }), Other: string(255) });

/** Identity types with rules. */
export const identityTypes: Record<string, IdentityType<unknown>> = {
  socketAddr: plain as IdentityType<unknown>,
  socketAddrV4: plainV4 as IdentityType<unknown>,
  socketAddrV6: plainV6 as IdentityType<unknown>,
  renewable: renewableAddr as IdentityType<unknown>,
  renewableV4: renewableV4 as IdentityType<unknown>,
  tiny: identity<Tiny>({
    schema: tinySchema,
    address: ["a", "b"],
    renew: (id) => ({ a: id.a, b: id.b, extra: (id.extra + 1) & 0xffff }),
    winsAddrConflict: (id, adversary) => id.extra > adversary.extra,
  }) as IdentityType<unknown>,
};

export const schemas: Record<string, Schema<unknown>> = {
  u8: u8 as Schema<unknown>,
  u16: u16 as Schema<unknown>,
  u32: u32 as Schema<unknown>,
  u64: u64 as Schema<unknown>,
  i8: i8 as Schema<unknown>,
  i16: i16 as Schema<unknown>,
  i32: i32 as Schema<unknown>,
  i64: i64 as Schema<unknown>,
  bool: bool as Schema<unknown>,
  bytes4: bytes(4) as Schema<unknown>,
  blob: blob(255) as Schema<unknown>,
  string: string(1024) as Schema<unknown>,
  "option<bool>": option(bool) as Schema<unknown>,
  kind: kind as Schema<unknown>,
  named: struct({ name: string(255), bump: u64 }) as Schema<unknown>,
  optionalPort: struct({ host: bytes(4), port: option(u16) }) as Schema<unknown>,
  signed: struct({ tiny: i8, small: i16, middle: i32, large: i64 }) as Schema<unknown>,
  device: struct({ serial: bytes(4), mains: bool, kind, at: tinySchema }) as Schema<unknown>,
  state: variant({ Alive: null, Suspect: null, Down: null }) as Schema<unknown>,
};
for (const [name, type] of Object.entries(identityTypes)) schemas[name] = type.schema;

/** A value with all its integers as decimal strings, as the vectors have 64-bit ones. */
export function textual(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(textual);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, textual(field)]));
}
