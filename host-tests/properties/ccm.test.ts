// Sealed in place over any block cipher: as RFC 3610 says, wherever the datagram stands, and nothing else is touched.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BlockCcm, Blocks, TAG_BYTES } from "../../platform/shared/ccm.js";
import { bytesEqual, hex, unhex } from "../support/assert.js";
import { sealedByTwin } from "../support/ccm-twin.js";
import { ccmVectors } from "../support/ccm-vectors.js";
import { runs } from "../support/fuzz.js";
import { NobleCipher } from "../support/noble-cipher.js";

const NONCE_BYTES = 13;

/** A datagram within a larger array, and where its parts are. */
interface Datagram {
  secret: Uint8Array;
  bytes: Uint8Array;
  nonceAt: number;
  dataAt: number;
  start: number;
  end: number;
}

/** A frame has its nonce as associated data; elsewhere they are two things. */
const datagram: fc.Arbitrary<Datagram> = fc
  .record({
    secret: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    before: fc.nat(5),
    after: fc.nat(20),
    textBytes: fc.nat(100),
    apart: fc.option(fc.record({ gap: fc.nat(3), dataBytes: fc.nat(14) }), { nil: undefined }),
  })
  .chain(({ secret, before, after, textBytes, apart }) => {
    const nonceAt = before;
    const dataAt = apart === undefined ? nonceAt : nonceAt + NONCE_BYTES + apart.gap;
    const start = apart === undefined ? nonceAt + NONCE_BYTES : dataAt + apart.dataBytes;
    const end = start + textBytes;
    const length = end + TAG_BYTES + after;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ secret, bytes, nonceAt, dataAt, start, end }));
  });

function part(bytes: Uint8Array, from: number, to: number): number[] {
  return Array.from(bytes.slice(from, to));
}

/** All bytes after the datagram was sealed, by the twin. */
function sealed({ secret, bytes, nonceAt, dataAt, start, end }: Datagram): Uint8Array {
  const made = Uint8Array.from(bytes);
  const nonce = part(bytes, nonceAt, nonceAt + NONCE_BYTES);
  const data = part(bytes, dataAt, start);
  made.set(sealedByTwin(new NobleCipher(secret), nonce, data, part(bytes, start, end)), start);
  return made;
}

describe("AES-128-CCM in place", () => {
  test.each(ccmVectors.map(({ number }) => number))("is-that-of-rfc-3610: packet vector %i", (number) => {
    const vector = ccmVectors.find((each) => each.number === number)!;
    const bytes = unhex(vector.nonce + vector.data + vector.text + "00".repeat(TAG_BYTES));
    const dataAt = vector.nonce.length / 2;
    const start = dataAt + vector.data.length / 2;
    const end = bytes.length - TAG_BYTES;
    const ccm = new BlockCcm(new NobleCipher(unhex(vector.secret)));
    ccm.seal(bytes, 0, dataAt, start, end);
    bytesEqual(bytes, vector.nonce + vector.data + vector.sealed);
    expect(ccm.open(bytes, 0, dataAt, start, end)).toBe(true);
    bytesEqual(bytes.slice(0, end), vector.nonce + vector.data + vector.text);
  });

  test("is-that-of-its-twin-wherever-the-datagram-stands", () => {
    fc.assert(
      fc.property(datagram, (it) => {
        const bytes = Uint8Array.from(it.bytes);
        const ccm = new BlockCcm(new NobleCipher(it.secret));
        ccm.seal(bytes, it.nonceAt, it.dataAt, it.start, it.end);
        bytesEqual(bytes, hex(sealed(it)), "sealed");
        expect(ccm.open(bytes, it.nonceAt, it.dataAt, it.start, it.end)).toBe(true);
        bytesEqual(bytes.slice(0, it.end), hex(it.bytes.slice(0, it.end)), "opened");
      }),
      runs(200),
    );
  });

  test("refuses-a-datagram-with-any-bit-flipped-and-leaves-it-as-it-came", () => {
    fc.assert(
      fc.property(datagram, fc.nat(), fc.nat(7), (it, where, bit) => {
        const ccm = new BlockCcm(new NobleCipher(it.secret));
        const bytes = Uint8Array.from(it.bytes);
        ccm.seal(bytes, it.nonceAt, it.dataAt, it.start, it.end);
        // All that counts: the nonce, and from the associated data to the end of the tag.
        const counted = it.end + TAG_BYTES - it.dataAt;
        const choice = where % (NONCE_BYTES + counted);
        const at = choice < NONCE_BYTES ? it.nonceAt + choice : it.dataAt + choice - NONCE_BYTES;
        bytes[at] ^= 1 << bit;
        const came = hex(bytes);
        expect(ccm.open(bytes, it.nonceAt, it.dataAt, it.start, it.end)).toBe(false);
        bytesEqual(bytes, came);
        bytes[at] ^= 1 << bit;
        expect(ccm.open(bytes, it.nonceAt, it.dataAt, it.start, it.end)).toBe(true);
      }),
      runs(200),
    );
  });

  test("keeps-two-keys-apart-that-share-their-blocks", () => {
    const blocks = new Blocks();
    const secrets = [1, 2].map((first) => Uint8Array.from({ length: 16 }, (_, i) => first + i));
    const [one, other] = secrets.map((secret) => new BlockCcm(new NobleCipher(secret), blocks));
    const plain = Uint8Array.from({ length: 60 }, (_, i) => i * 7);
    const bytes = Uint8Array.from(plain);
    one.seal(bytes, 0, 0, 13, 52);
    expect(other.open(bytes, 0, 0, 13, 52)).toBe(false);
    expect(one.open(bytes, 0, 0, 13, 52)).toBe(true);
    bytesEqual(bytes.slice(0, 52), hex(plain.slice(0, 52)));
    other.seal(bytes, 0, 0, 13, 52);
    expect(one.open(bytes, 0, 0, 13, 52)).toBe(false);
    expect(other.open(bytes, 0, 0, 13, 52)).toBe(true);
  });

  test("refuses-more-associated-data-than-a-block-holds", () => {
    const ccm = new BlockCcm(new NobleCipher(new Uint8Array(16)));
    const bytes = new Uint8Array(60);
    expect(() => ccm.seal(bytes, 0, 13, 28, 40)).toThrow(RangeError);
    expect(() => ccm.open(bytes, 0, 13, 28, 40)).toThrow(RangeError);
    bytesEqual(bytes, "00".repeat(60));
  });
});
