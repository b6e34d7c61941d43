// A reader with a defect that only the right bytes in the right places reach: what the fuzzer must be able to find.

/** Reads a packet; returns the sum of its body, and -1 when it is none. */
export function readPacket(bytes: Uint8Array): number {
  if (bytes.length < 8 || bytes[0] !== 0x78) return -1;
  if (bytes[1] !== bytes.length) return -1;
  if (bytes[2] !== 0xfb) return -1;
  if (bytes[3] !== 0x01) return -1;
  if (bytes[4] !== 0x02) return -1;
  if ((bytes[5] ^ bytes[6]) === 0x2a) throw new RangeError("the planted defect");
  let sum = 0;
  for (let at = 7; at < bytes.length; at++) sum += bytes[at];
  return sum;
}
