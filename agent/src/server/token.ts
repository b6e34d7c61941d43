import { createHash, timingSafeEqual } from "node:crypto";
import { readSecretFile } from "../agent/secret-file.js";

const SHORTEST = 16;
const LONGEST = 256;

/** What a caller has to know. */
export class Token {
  private readonly digest: Buffer;

  constructor(text: string) {
    this.digest = digestOf(text);
  }

  /**
   * Reads it from a file: one line of 16 to 256 printable characters without spaces.
   * @throws Error that says what is wrong, and shows nothing of what is in the file
   */
  static async read(path: string): Promise<Token> {
    const text = (await readSecretFile(path, "token")).replace(/^\uFEFF/, "").trim();
    if (/^[\x21-\x7e]+$/.test(text) && text.length >= SHORTEST && text.length <= LONGEST)
      return new Token(text);
    throw new Error(
      "expected one line of 16 to 256 printable characters without spaces; xswim keygen prints such a one",
    );
  }

  /** Whether the header `Authorization` has it; takes the same time whatever is wrong. */
  isIn(authorization: string | undefined): boolean {
    const match = /^bearer +(\S+) *$/i.exec(authorization ?? "");
    return timingSafeEqual(digestOf(match?.[1] ?? ""), this.digest);
  }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
