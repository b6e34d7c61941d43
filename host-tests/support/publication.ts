// What members publish, written by hand.
import { hex } from "./assert.js";
import type { DialectName } from "./wire.js";

const PORT = 7000;

/** A publication in hex: `{ key: { addr: SocketAddrV4, version: u64 }, bytes }`, and a 1 for news, written by hand. */
export function publication(
  host: number,
  version: bigint,
  text: string,
  dialect: DialectName = "bincode",
  isNews = false,
): string {
  const octets = [
    10,
    0,
    0,
    host,
    ...integer(BigInt(PORT), dialect),
    ...integer(version, dialect),
    text.length,
  ];
  for (let i = 0; i < text.length; i++) octets.push(text.charCodeAt(i));
  if (isNews) octets.push(1);
  return hex(octets);
}

function integer(value: bigint, dialect: DialectName): number[] {
  const octets: number[] = [];
  if (dialect === "postcard") {
    for (; value > 127n; value >>= 7n) octets.push(Number(value % 128n) + 128);
    octets.push(Number(value));
    return octets;
  }
  if (value <= 250n) return [Number(value)];
  const size = value <= 0xffffn ? 2 : value <= 0xffffffffn ? 4 : 8;
  for (let i = 0; i < size; i++) octets.push(Number((value >> BigInt(8 * i)) % 256n));
  return [size === 2 ? 251 : size === 4 ? 252 : 253, ...octets];
}
