// What Node's `Buffer` does otherwise than a `Uint8Array`.
import { expect, test } from "vitest";
import { Seal } from "../../platform/node/sealed.js";

// `slice` of a Buffer is no copy.
test("a-key-that-is-a-Buffer-stays-what-it-is-and-serves-a-second-time", () => {
  const secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
  const keys = [{ id: 3, secret }];
  const sender = new Seal({ keys });
  const receiver = new Seal({ keys });
  receiver.setKeys(keys);
  expect(secret.toString("hex")).toBe("000102030405060708090a0b0c0d0e0f");
  const bytes = new Uint8Array(40);
  sender.seal(bytes, 13, 32);
  expect(receiver.open(bytes, sender.start, sender.end)).toBe(true);
});
