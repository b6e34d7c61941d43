import type { Dice } from "./dice.js";
import type { Input, Target } from "./target.js";

const BYTES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 126, 127, 128, 129, 250, 251, 252, 253, 254, 255];
const WORDS = [0, 1, 250, 251, 255, 256, 0x7fff, 0x8000, 0xfffe, 0xffff];

/** Makes new inputs out of those that were of use. What it was given stays as it is. */
export class Mutator {
  private readonly dice: Dice;
  private readonly target: Target;
  private readonly dictionary: readonly Uint8Array[];

  constructor(target: Target, dice: Dice) {
    this.target = target;
    this.dice = dice;
    this.dictionary = target.dictionary ?? [];
  }

  /** An input that is like `input`, and perhaps in part like `other`. */
  mutate(input: Input, other: Input): Uint8Array[] {
    const { dice, target } = this;
    const records = input.slice();
    const times = 1 + (dice.oneIn(2) ? 0 : dice.below(5));
    for (let i = 0; i < times; i++) {
      if (target.maxRecords > 1 && dice.oneIn(3)) this.mutateRecords(records, other);
      else {
        const index = dice.below(records.length);
        records[index] = this.mutateRecord(records, index, other);
      }
    }
    return records;
  }

  private mutateRecords(records: Uint8Array[], other: Input): void {
    const { dice, target } = this;
    const at = dice.below(records.length + 1);
    switch (dice.below(7)) {
      case 0:
        if (records.length > 1) records.splice(dice.below(records.length), 1);
        break;
      case 1: {
        records.splice(at, 0, records[dice.below(records.length)]);
        break;
      }
      case 2: {
        const second = dice.below(records.length);
        const from = dice.below(records.length);
        [records[from], records[second]] = [records[second], records[from]];
        break;
      }
      case 3: {
        const from = dice.below(other.length);
        records.splice(at, 0, ...other.slice(from, from + 1 + dice.below(4)));
        break;
      }
      case 4:
        records.splice(at, records.length, ...other.slice(dice.below(other.length)));
        break;
      default:
        records.splice(at, 0, target.make === undefined ? dice.of(other) : target.make(dice, records));
    }
    if (records.length > target.maxRecords) records.length = target.maxRecords;
    if (records.length === 0) records.push(dice.of(other));
  }

  private mutateRecord(records: Input, index: number, other: Input): Uint8Array {
    const { dice, target } = this;
    const record = records[index];
    if (target.mutate !== undefined && dice.below(8) < 5) {
      const changed = target.mutate(record, index, dice, records);
      if (changed !== undefined)
        return changed.length > target.maxLength ? changed.slice(0, target.maxLength) : changed;
    }
    const kind = dice.below(12);
    if (kind < 6 && record.length > 0) return this.overwrite(record.slice(), kind);
    const at = dice.below(record.length + 1);
    const to = Math.min(record.length, at + 1 + (dice.oneIn(2) ? dice.below(4) : dice.below(32)));
    switch (kind) {
      case 6:
        return without(record, at, to);
      case 7:
        return this.insert(record, at, record.subarray(at, to));
      case 8: {
        const from = dice.of(other);
        const begin = dice.below(from.length + 1);
        return this.insert(record, at, from.subarray(begin, begin + 1 + dice.below(24)));
      }
      case 9:
        return record.slice(0, at);
      case 10:
        return this.insert(record, at, Uint8Array.of(dice.of(BYTES)));
      default:
        return this.dictionary.length === 0
          ? this.insert(record, at, Uint8Array.of(dice.below(256)))
          : this.insert(dice.oneIn(2) ? record : without(record, at, to), at, dice.of(this.dictionary));
    }
  }

  private overwrite(record: Uint8Array, kind: number): Uint8Array {
    const { dice } = this;
    const at = dice.below(record.length);
    if (kind === 0) record[at] ^= 1 << dice.below(8);
    else if (kind === 1) record[at] = dice.below(256);
    else if (kind === 2) record[at] = dice.of(BYTES);
    else if (kind === 3) record[at] += 1 + dice.below(8) * (dice.oneIn(2) ? 1 : -1);
    else if (kind === 4) {
      const word = dice.of(WORDS);
      const isBig = dice.oneIn(2);
      record[at] = isBig ? word >> 8 : word;
      if (at + 1 < record.length) record[at + 1] = isBig ? word : word >> 8;
    } else if (this.dictionary.length > 0) {
      const word = dice.of(this.dictionary);
      for (let i = 0; i < word.length && at + i < record.length; i++) record[at + i] = word[i];
    }
    return record;
  }

  private insert(record: Uint8Array, at: number, part: Uint8Array): Uint8Array {
    const length = Math.min(part.length, this.target.maxLength - record.length);
    if (length <= 0) return record;
    const out = new Uint8Array(record.length + length);
    out.set(record.subarray(0, at));
    out.set(part.subarray(0, length), at);
    out.set(record.subarray(at), at + length);
    return out;
  }
}

function without(record: Uint8Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array(record.length - (to - from));
  out.set(record.subarray(0, from));
  out.set(record.subarray(to), from);
  return out;
}
