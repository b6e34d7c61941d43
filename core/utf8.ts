/** UTF-8 as Rust's `str` has it: no overlong forms, no surrogates, nothing above U+10FFFF. */

/** Whether `bytes[at..end]` is valid UTF-8. */
export function isUtf8(bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    const first = bytes[at];
    const length = sequenceLength(first);
    if (length === 0 || at + length > end) return false;
    for (let i = 1; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return false;
    const second = bytes[at + 1];
    if (first === 0xe0 && second < 0xa0) return false;
    if (first === 0xed && second > 0x9f) return false;
    if (first === 0xf0 && second < 0x90) return false;
    if (first === 0xf4 && second > 0x8f) return false;
    at += length;
  }
  return true;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** The string in `bytes[at..end]`, which must be valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, at: number, end: number): string {
  let text = "";
  while (at < end) {
    const length = sequenceLength(bytes[at]);
    let point = length === 1 ? bytes[at] : bytes[at] & (0xff >> (length + 1));
    for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i] & 0x3f);
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/**
 * Bytes that `writeUtf8` writes.
 * @throws RangeError when the string has half of a surrogate pair, which UTF-8 cannot carry.
 */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point >= 0xd800 && point < 0xe000) throw new RangeError("the string has half of a surrogate pair");
    i += unitsBeyondFirst(point);
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Writes the string, which `utf8Length` found good; returns the position after it. */
export function writeUtf8(text: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point < 0x80) {
      out[at++] = point;
      continue;
    }
    if (point < 0x800) {
      out[at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        out[at++] = 0xe0 | (point >> 12);
      } else {
        i += unitsBeyondFirst(point);
        out[at++] = 0xf0 | (point >> 18);
        out[at++] = 0x80 | ((point >> 12) & 0x3f);
      }
      out[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    out[at++] = 0x80 | (point & 0x3f);
  }
  return at;
}

/** How many places of a string a character takes beside its first: 1 for a surrogate pair, where engines have these. */
function unitsBeyondFirst(point: number): number {
  return point < 0x10000 ? 0 : String.fromCodePoint(point).length - 1;
}
