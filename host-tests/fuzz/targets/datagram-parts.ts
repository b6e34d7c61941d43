// Datagrams taken apart, so that one part can be changed and the rest, with all lengths, stays right.
import { past, type Dialect } from "../../../core/dialect.js";
import type { IdentityType } from "../../../core/identity.js";
import type { Dice } from "../engine/dice.js";

export interface UpdatePart {
  identity: Uint8Array;
  incarnation: number;
  state: number;
}

/** A datagram of foca's codecs. */
export interface DatagramParts {
  source: Uint8Array;
  incarnation: number;
  destination: Uint8Array;
  kind: number;
  subject: Uint8Array | undefined;
  probe: number | undefined;
  /** Undefined where not even their number stands. */
  updates: UpdatePart[] | undefined;
  items: Uint8Array[];
}

const BROADCAST = 9;
const LAST_KIND = 10;
const LAST_STATE = 2;

/** Whether a message of that kind names a third member, and whether it has a number. */
export function hasSubject(kind: number): boolean {
  return kind >= 2 && kind <= 5;
}
export function hasProbe(kind: number): boolean {
  return kind <= 5;
}

class Reader {
  at: number;
  private readonly bytes: Uint8Array;
  private readonly dialect: Dialect;
  private readonly type: IdentityType<unknown>;

  constructor(type: IdentityType<unknown>, dialect: Dialect, bytes: Uint8Array, at: number) {
    this.type = type;
    this.dialect = dialect;
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws RangeError when there is none */
  identity(): Uint8Array {
    return this.take(this.type.schema.skip(this.dialect, this.bytes, this.at, this.bytes.length));
  }

  uint(bits = 16): number {
    const from = this.at;
    this.take(this.dialect.skipUint(this.bytes, this.at, this.bytes.length, bits));
    return this.dialect.readUint(this.bytes, from);
  }

  byte(): number {
    return this.take(this.at + 1)[0];
  }

  bytesOf(length: number): Uint8Array {
    return this.take(this.at + length);
  }

  private take(skipped: number): Uint8Array {
    const end = past(skipped);
    if (skipped === -1 || end > this.bytes.length) throw new RangeError("cut short");
    const part = this.bytes.slice(this.at, end);
    this.at = end;
    return part;
  }
}

/** Takes `bytes[at..]` apart; undefined when it is no whole datagram. */
export function takeApart(
  type: IdentityType<unknown>,
  dialect: Dialect,
  bytes: Uint8Array,
  at: number,
): DatagramParts | undefined {
  const reader = new Reader(type, dialect, bytes, at);
  try {
    const source = reader.identity();
    const incarnation = reader.uint();
    const destination = reader.identity();
    // Variant indexes may be longer than needed, too.
    const kind = reader.uint(32);
    if (kind > LAST_KIND) return undefined;
    const subject = hasSubject(kind) ? reader.identity() : undefined;
    const probe = hasProbe(kind) ? reader.byte() : undefined;
    let updates: UpdatePart[] | undefined;
    const items: Uint8Array[] = [];
    if (reader.left > 0 && kind !== BROADCAST) {
      updates = [];
      const count = reader.byte() * 256 + reader.byte();
      for (let i = 0; i < count; i++)
        updates.push({ identity: reader.identity(), incarnation: reader.uint(), state: reader.uint(32) });
    }
    while (reader.left > 0) items.push(reader.bytesOf(reader.byte() * 256 + reader.byte()));
    if (updates?.some(({ state }) => state > LAST_STATE) || items.some(({ length }) => length === 0))
      return undefined;
    return { source, incarnation, destination, kind, subject, probe, updates, items };
  } catch {
    return undefined;
  }
}

/** Puts a datagram together, behind some bytes; now and then with a number in a longer form than needed. */
export function putTogether(
  dialect: Dialect,
  before: Uint8Array,
  parts: DatagramParts,
  dice: Dice,
): Uint8Array {
  const out = [...before];
  out.push(...parts.source);
  pushUint(dialect, parts.incarnation, out, dice);
  out.push(...parts.destination, parts.kind);
  if (hasSubject(parts.kind)) out.push(...(parts.subject ?? parts.source));
  if (hasProbe(parts.kind)) out.push(parts.probe ?? 0);
  if (parts.updates === undefined && parts.items.length === 0) return Uint8Array.from(out);
  const updates = parts.updates ?? [];
  if (parts.kind !== BROADCAST) {
    out.push(updates.length >> 8, updates.length & 255);
    for (const { identity, incarnation, state } of updates) {
      out.push(...identity);
      pushUint(dialect, incarnation, out, dice);
      out.push(state);
    }
  }
  for (const item of parts.items) out.push(item.length >> 8, item.length & 255, ...item);
  return Uint8Array.from(out);
}

const scratch = new Uint8Array(16);

/** Appends a 16-bit integer, one time in 64 in a longer form. */
function pushUint(dialect: Dialect, value: number, out: number[], dice: Dice): void {
  if (dice.oneIn(64)) {
    if (dialect.name === "bincode") out.push(251, value & 255, (value >> 8) & 255);
    else out.push((value & 127) | 128, ((value >> 7) & 127) | 128, value >> 14);
    return;
  }
  const end = dialect.writeUint(value, scratch, 0);
  for (let i = 0; i < end; i++) out.push(scratch[i]);
}
