// Records, and what nodes say of them, written by hand: as devices with a clock publish them, or with a small bump such as one
// without has.
import { publication } from "../support/publication.js";
import { encode } from "../support/wire.js";
import { BUMP, OWN } from "./names.js";

/** What each member published: 20 bytes, as a few readings take. */
const TEXT = "celsius 21, 40 % wet";

const COPY = "02";
const AGE = "1e0000";
const DIGEST = 3;
const HEADER = { incarnation: 0, to: OWN, updates: [] };

/** The version of a life's publication. */
function version(bump: number, count: number): bigint {
  return BigInt(bump) * 0x100000n + BigInt(count);
}

/** A datagram of the member `from` with a copy of the record of another, published half a minute ago. */
export function copyOf(number: number, bump: number, from: string): Uint8Array {
  const broadcasts = [publication(number, version(bump, 1), TEXT) + COPY + AGE];
  return encode({ ...HEADER, from, kind: "Broadcast", broadcasts });
}

/** A datagram with what a member itself published. */
export function recordOf(number: number, count: number, from: string): Uint8Array {
  return encode({
    ...HEADER,
    from,
    kind: "Broadcast",
    broadcasts: [publication(number, version(BUMP, count), TEXT)],
  });
}

/** The item that says something to the measured node: a mark, and what follows it. */
export function itemToUs(mark: number, body: Uint8Array): string {
  return publication(1, 0n, "") + hexOf([mark, ...body]);
}

export function digestItem(digest: Uint8Array): string {
  return itemToUs(DIGEST, digest);
}

function hexOf(octets: readonly number[]): string {
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join("");
}
