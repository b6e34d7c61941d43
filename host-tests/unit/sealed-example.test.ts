// The example of a sealed datagram in docs/WIRE.md, made again.
import { createCipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Seal } from "../../platform/node/sealed.js";
import { MemoryStore } from "../support/memory-store.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/WIRE.md"), "utf8");

/** A line of the example: its name and its hex digits. */
function bytes(name: string): Buffer {
  const digits = new RegExp("^" + name + " +([0-9a-f]+)( |$)", "m").exec(page)?.[1];
  if (digits === undefined) throw new Error("docs/WIRE.md has no line " + name);
  return Buffer.from(digits, "hex");
}

function aes(block: Buffer): Buffer {
  return createCipheriv("aes-128-ecb", bytes("key"), null).setAutoPadding(false).update(block);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]));
}

test("the-example-of-a-sealed-datagram-is-what-node-crypto-makes", () => {
  const [key, header, datagram] = ["key", "header", "datagram"].map(bytes);
  const cipher = createCipheriv("aes-128-ccm", key, header, { authTagLength: 8 });
  cipher.setAAD(header, { plaintextLength: datagram.length });
  const text = Buffer.concat([cipher.update(datagram), cipher.final()]);
  expect(Buffer.concat([header, text, cipher.getAuthTag()])).toEqual(bytes("sealed"));
  expect(header.subarray(1, 7)).toEqual(bytes("device"));
});

test("the-blocks-of-the-example-lead-to-its-tag-and-its-text", () => {
  const last = ["B_0", "B_1", "B_2", "B_3"].reduce<Buffer>(
    (x, name) => aes(xor(x, bytes(name))),
    Buffer.alloc(16),
  );
  expect(last).toEqual(bytes("X_4"));
  expect(aes(bytes("A_0"))).toEqual(bytes("S_0"));
  expect(xor(last, bytes("S_0")).subarray(0, 8)).toEqual(bytes("sealed").subarray(-8));
  const stream = Buffer.concat([bytes("S_1"), bytes("S_2")]);
  expect(xor(bytes("datagram"), stream)).toEqual(bytes("sealed").subarray(13, -8));
});

test("a-seal-makes-the-example-and-opens-it", () => {
  const keys = [{ id: 5, secret: bytes("key") }];
  const store = new MemoryStore();
  for (const [name, boot] of [
    ["seal", 6],
    ["seal2", 5],
  ] as const) {
    store.set("xswim", name, bytes("device").toString("hex") + " " + boot);
  }
  const sender = new Seal({ keys, store });
  const datagram = bytes("datagram");
  const room = new Uint8Array(13 + datagram.length + 8);
  // The example is the 43rd datagram of its boot.
  for (let sequence = 0; sequence <= 42; sequence++) {
    room.set(datagram, 13);
    sender.seal(room, 13, 13 + datagram.length);
  }
  expect(Buffer.from(room.subarray(sender.start, sender.end))).toEqual(bytes("sealed"));
  const receiver = new Seal({ keys });
  expect(receiver.open(room, 0, room.length)).toBe(true);
  expect(Buffer.from(room.subarray(receiver.start, receiver.end))).toEqual(datagram);
});
