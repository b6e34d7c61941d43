/** IP addresses between text and octets. Text is for people: nothing here runs for a datagram. */

/** Writes `1.2.3.4` as 4 octets; returns false when it is not a dotted IPv4 address. */
export function parseIpv4(text: string, out: Uint8Array, at: number): boolean {
  let start = 0;
  for (let i = 0; i < 4; i++) {
    const end = i < 3 ? text.indexOf(".", start) : text.length;
    const octet = decimal(text, start, end, 255);
    if (octet < 0) return false;
    out[at + i] = octet;
    start = end + 1;
  }
  return true;
}

/** Writes an IPv6 address (RFC 4291 section 2.2, no scope) as 16 octets; returns false when it is none. */
export function parseIpv6(text: string, out: Uint8Array, at: number): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const octets: number[] = [];
  if (!pushGroups(halves[0], octets, halves.length === 1)) return false;
  if (halves.length === 2) {
    const tail: number[] = [];
    if (!pushGroups(halves[1], tail, true)) return false;
    if (octets.length + tail.length > 14) return false;
    while (octets.length + tail.length < 16) octets.push(0);
    for (let i = 0; i < tail.length; i++) octets.push(tail[i]);
  }
  if (octets.length !== 16) return false;
  out.set(octets, at);
  return true;
}

/** @param isLast whether the text ends with them, so that they may end with an IPv4 address */
function pushGroups(text: string, octets: number[], isLast: boolean): boolean {
  if (text === "") return true;
  const groups = text.split(":");
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i];
    if (isLast && i === groups.length - 1 && group.indexOf(".") >= 0) {
      const embedded = new Uint8Array(4);
      if (!parseIpv4(group, embedded, 0)) return false;
      octets.push(embedded[0], embedded[1], embedded[2], embedded[3]);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return false;
      const value = parseInt(group, 16);
      octets.push(value >> 8, value & 255);
    }
  }
  return true;
}

/** 4 octets as `1.2.3.4`. */
export function formatIpv4(bytes: Uint8Array, at: number): string {
  return bytes[at] + "." + bytes[at + 1] + "." + bytes[at + 2] + "." + bytes[at + 3];
}

/** 16 octets in the canonical text of RFC 5952: lower case, the longest run of zeros shortened. */
export function formatIpv6(bytes: Uint8Array, at: number): string {
  let mapped = bytes[at + 10] === 255 && bytes[at + 11] === 255;
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) mapped = false;
  if (mapped) return "::ffff:" + formatIpv4(bytes, at + 12);

  let runAt = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && bytes[at + (i + length) * 2] === 0 && bytes[at + (i + length) * 2 + 1] === 0)
      length++;
    if (length > runLength) {
      runAt = i;
      runLength = length;
    }
  }
  let text = "";
  for (let i = 0; i < 8; i++) {
    if (i === runAt) {
      text += "::";
      i += runLength - 1;
      continue;
    }
    // Without a run, the sum is 0.
    if (i > 0 && i !== runAt + runLength) text += ":";
    text += ((bytes[at + i * 2] << 8) | bytes[at + i * 2 + 1]).toString(16);
  }
  return text;
}

/** Splits `1.2.3.4:80` or `[::1]:80` into host and port text; undefined when it has neither shape. */
export function splitHostPort(text: string): { host: string; port: number } | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 1) return undefined;
  const port = decimal(text, colon + 1, text.length, 65535);
  if (port < 0) return undefined;
  let host = text.slice(0, colon);
  if (host.charAt(0) === "[") {
    if (host.charAt(host.length - 1) !== "]") return undefined;
    host = host.slice(1, -1);
  } else if (host.indexOf(":") >= 0) {
    return undefined;
  }
  return { host, port };
}

/** The number whose decimal digits are `text[start..end]`, `max` at most and without zeros before it; else -1. */
function decimal(text: string, start: number, end: number, max: number): number {
  if (end <= start) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9 || (value === 0 && i > start)) return -1;
    value = value * 10 + digit;
  }
  return value > max ? -1 : value;
}
