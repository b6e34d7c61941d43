// Both ways to AES-128-CCM against that of node:crypto, for all lengths that a datagram can have.
import { createCipheriv, createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { CryptoCcm } from "../../platform/node/ccm.js";
import { BlockCcm, type Ccm, TAG_BYTES } from "../../platform/shared/ccm.js";
import { hex, unhex } from "../support/assert.js";
import { ccmVectors } from "../support/ccm-vectors.js";
import { NodeCipher } from "../support/node-cipher.js";

const NONCE_BYTES = 13;

/** So many bytes that look random and are the same in every run. */
function filled(length: number, seed: number): Buffer {
  return createHash("shake128", { outputLength: length }).update(String(seed)).digest();
}

/** The text encrypted, and the tag, as `node:crypto` makes them. */
function expected(secret: Uint8Array, nonce: Uint8Array, data: Uint8Array, text: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-128-ccm", secret, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(data, { plaintextLength: text.length });
  const sealed = cipher.update(text);
  cipher.final();
  return Buffer.concat([sealed, cipher.getAuthTag()]);
}

const secret = filled(16, -1);
const ways: [string, (secret: Uint8Array) => Ccm][] = [
  ["BlockCcm", (secret) => new BlockCcm(new NodeCipher(secret))],
  ["CryptoCcm", (secret) => new CryptoCcm(secret)],
];

describe.each(ways)("%s", (_name, make) => {
  test("seals-and-opens-as-node-crypto-for-all-lengths", () => {
    const ccm = make(secret);
    for (let length = 0; length <= 1400; length++) {
      const at = length % 5;
      const start = at + NONCE_BYTES;
      const end = start + length;
      const plain = filled(end + TAG_BYTES + 3, length);
      const nonce = plain.subarray(at, start);
      const sealed = Buffer.concat([
        plain.subarray(0, start),
        expected(secret, nonce, nonce, plain.subarray(start, end)),
        plain.subarray(end + TAG_BYTES),
      ]);
      const bytes = Uint8Array.from(plain);
      ccm.seal(bytes, at, at, start, end);
      expect(sealed.equals(bytes), `sealed, ${length} bytes`).toBe(true);
      expect(ccm.open(bytes, at, at, start, end), `opens ${length} bytes`).toBe(true);
      expect(plain.subarray(0, end).equals(bytes.subarray(0, end)), `opened, ${length} bytes`).toBe(true);
      bytes.set(sealed);
      bytes[end + (length % TAG_BYTES)] ^= 1 << (length % 7);
      const wrong = Uint8Array.from(bytes);
      expect(ccm.open(bytes, at, at, start, end), `refuses ${length} bytes`).toBe(false);
      expect(Buffer.compare(bytes, wrong), `refused, ${length} bytes`).toBe(0);
    }
  });

  test("goes-on-with-a-short-datagram-after-a-long-one", () => {
    const ccm = make(secret);
    for (const length of [1400, 0, 16, 1, 65_000, 29, 4096, 59]) {
      const bytes = filled(NONCE_BYTES + length + TAG_BYTES, length);
      const end = NONCE_BYTES + length;
      const nonce = Buffer.from(bytes.subarray(0, NONCE_BYTES));
      const sealed = expected(secret, nonce, nonce, bytes.subarray(NONCE_BYTES, end));
      ccm.seal(bytes, 0, 0, NONCE_BYTES, end);
      expect(bytes.subarray(NONCE_BYTES).equals(sealed), `${length} bytes`).toBe(true);
    }
  });

  test.each(ccmVectors)("is-that-of-rfc-3610: packet vector $number", (vector) => {
    const ccm = make(unhex(vector.secret));
    const bytes = unhex("ff" + vector.nonce + vector.data + vector.text + "00".repeat(TAG_BYTES));
    const dataAt = 1 + NONCE_BYTES;
    const start = dataAt + vector.data.length / 2;
    const end = bytes.length - TAG_BYTES;
    ccm.seal(bytes, 1, dataAt, start, end);
    expect(hex(bytes)).toBe("ff" + vector.nonce + vector.data + vector.sealed);
    expect(ccm.open(bytes, 1, dataAt, start, end)).toBe(true);
    expect(hex(bytes.subarray(start, end))).toBe(vector.text);
  });

  test("seals-without-associated-data", () => {
    const bytes = filled(60, 1);
    const sealed = expected(
      secret,
      bytes.subarray(0, NONCE_BYTES),
      new Uint8Array(0),
      bytes.subarray(13, 50),
    );
    make(secret).seal(bytes, 0, 13, 13, 50);
    expect(bytes.subarray(13, 58).equals(sealed)).toBe(true);
  });

  test("takes-associated-data-of-all-lengths-beside-the-nonce-over-it-and-where-it-begins", () => {
    const ccm = make(secret);
    for (const dataAt of [5, 13, 18, 25]) {
      for (let length = 0; length <= 14; length++) {
        const start = dataAt + length;
        // The text stands behind the nonce.
        if (start < 18) continue;
        const bytes = filled(start + 40 + TAG_BYTES, dataAt);
        const [nonce, data] = [bytes.subarray(5, 18), bytes.subarray(dataAt, start)].map((part) =>
          Buffer.from(part),
        );
        const end = start + 40;
        const sealed = expected(secret, nonce, data, bytes.subarray(start, end));
        ccm.seal(bytes, 5, dataAt, start, end);
        expect(bytes.subarray(start).equals(sealed), `${length} bytes at ${dataAt}`).toBe(true);
      }
    }
  });

  test.each([0, 8, 29, 59, 64])("refuses-every-flipped-bit-of-a-text-of %i bytes", (length) => {
    const ccm = make(secret);
    const start = NONCE_BYTES;
    const end = start + length;
    const bytes = filled(end + TAG_BYTES, 7);
    ccm.seal(bytes, 0, 0, start, end);
    const sealed = Buffer.from(bytes);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      const came = Buffer.from(bytes);
      expect(ccm.open(bytes, 0, 0, start, end), `bit ${bit}`).toBe(false);
      expect(bytes.equals(came), `bit ${bit} leaves the bytes`).toBe(true);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect(bytes.equals(sealed)).toBe(true);
    expect(ccm.open(bytes, 0, 0, start, end)).toBe(true);
  });

  test("leaves-rubbish-of-a-refused-text-that-need-not-be-restored-and-nothing-else", () => {
    const ccm = make(secret);
    const bytes = filled(90, 3);
    ccm.seal(bytes, 0, 0, 13, 72);
    bytes[72] ^= 1;
    const came = Buffer.from(bytes);
    expect(ccm.open(bytes, 0, 0, 13, 72, false)).toBe(false);
    expect(bytes.subarray(13, 72).equals(came.subarray(13, 72))).toBe(false);
    expect(bytes.subarray(0, 13).equals(came.subarray(0, 13))).toBe(true);
    expect(bytes.subarray(72).equals(came.subarray(72))).toBe(true);
    came[72] ^= 1;
    expect(ccm.open(came, 0, 0, 13, 72, false)).toBe(true);
  });

  test("refuses-every-other-length-and-another-key", () => {
    const ccm = make(secret);
    const bytes = filled(120, 3);
    ccm.seal(bytes, 0, 0, 13, 72);
    const sealed = Buffer.from(bytes);
    for (let end = 13; end + TAG_BYTES <= bytes.length; end++) {
      if (end !== 72) expect(ccm.open(bytes, 0, 0, 13, end), `ends at ${end}`).toBe(false);
      expect(bytes.equals(sealed)).toBe(true);
    }
    expect(make(filled(16, -2)).open(bytes, 0, 0, 13, 72)).toBe(false);
    expect(ccm.open(bytes, 0, 0, 13, 72)).toBe(true);
  });

  test("refuses-more-associated-data-than-a-block-holds-and-changes-nothing", () => {
    const ccm = make(secret);
    const bytes = new Uint8Array(60);
    for (const act of [() => ccm.seal(bytes, 0, 13, 28, 40), () => ccm.open(bytes, 0, 13, 28, 40)]) {
      expect(act).toThrow(RangeError);
      expect(act).toThrow("associated data is 14 bytes at most");
    }
    expect(hex(bytes)).toBe("00".repeat(60));
  });
});

describe("the key of a CryptoCcm", () => {
  test("is-not-in-what-is-printed-of-it", () => {
    const ccm = new CryptoCcm(secret);
    ccm.seal(new Uint8Array(60), 0, 0, 13, 40);
    expect(inspect(ccm, { showHidden: true, depth: 9 })).toBe("CryptoCcm {}");
    expect(JSON.stringify(ccm)).toBe("{}");
    expect(Reflect.ownKeys(ccm)).toEqual([]);
  });

  test("may-be-wiped-where-it-came-from", () => {
    const given = Uint8Array.from(secret);
    const ccm = new CryptoCcm(given);
    given.fill(0);
    const bytes = new Uint8Array(60);
    ccm.seal(bytes, 0, 0, 13, 40);
    expect(new CryptoCcm(secret).open(bytes, 0, 0, 13, 40)).toBe(true);
  });

  test.each([0, 15, 17, 32])("is-refused-with %i bytes", (length) => {
    expect(() => new CryptoCcm(new Uint8Array(length))).toThrow(/16 bytes/);
  });
});
