// The frames of the Rust crate in host-tests/vectors/sealed.json, against OpenSSL's AES-128-CCM and our own seal.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NodePrimitives } from "../../platform/node/seal.js";
import { Seal } from "../../platform/shared/seal.js";

const HEADER_BYTES = 13;
const TAG_BYTES = 8;

/** All but `keyId` in hex digits. */
interface SealedVector {
  key: string;
  keyId: number;
  device: string;
  boot: string;
  sequence: string;
  plaintext: string;
  frame: string;
}

const text = readFileSync(new URL("../vectors/sealed.json", import.meta.url), "utf8");
const { sealed } = JSON.parse(text) as { sealed: SealedVector[] };

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function header(vector: SealedVector): Buffer {
  return bytes((0xe0 | vector.keyId).toString(16) + vector.device + vector.boot + vector.sequence);
}

describe("the frames of the vectors", () => {
  test("are-of-the-lengths-at-which-something-changes", () => {
    const lengths = sealed.map(({ plaintext }) => plaintext.length / 2);
    expect(lengths).toEqual([0, 1, 15, 16, 17, 59, 1379, 59, 59]);
  });

  test.each(sealed)("are-made-by-node:crypto-too: $keyId", (vector) => {
    const nonce = header(vector);
    expect(nonce).toHaveLength(HEADER_BYTES);
    const cipher = createCipheriv("aes-128-ccm", bytes(vector.key), nonce, { authTagLength: TAG_BYTES });
    const plaintext = bytes(vector.plaintext);
    cipher.setAAD(nonce, { plaintextLength: plaintext.length });
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    expect(Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString("hex")).toBe(vector.frame);
  });

  test.each(sealed)("are-opened-by-node:crypto-unless-a-bit-is-changed: $keyId", (vector) => {
    const frame = bytes(vector.frame);
    expect(opened(bytes(vector.key), frame)?.toString("hex")).toBe(vector.plaintext);
    frame[frame.length - TAG_BYTES] ^= 1;
    expect(opened(bytes(vector.key), frame)).toBeUndefined();
  });

  test.each(sealed)("are-opened-by-a-node's-seal: $keyId", (vector) => {
    const seal = new Seal({ keys: [{ id: vector.keyId, secret: vector.key }] }, new NodePrimitives());
    const frame = bytes(vector.frame);
    expect(seal.open(frame, 0, frame.length)).toBe(true);
    expect(frame.toString("hex", seal.start, seal.end)).toBe(vector.plaintext);
  });
});

/** What OpenSSL makes of a frame; undefined when the tag is wrong. */
function opened(key: Buffer, frame: Buffer): Buffer | undefined {
  const nonce = frame.subarray(0, HEADER_BYTES);
  const ciphertext = frame.subarray(HEADER_BYTES, frame.length - TAG_BYTES);
  const decipher = createDecipheriv("aes-128-ccm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(frame.subarray(frame.length - TAG_BYTES));
  decipher.setAAD(nonce, { plaintextLength: ciphertext.length });
  try {
    const plaintext = decipher.update(ciphertext);
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}
