// `xswim/sealed` of a device, from its sources and as built: over the SDK's cipher, with Node's on the other side.
import { expect, test } from "vitest";
import { Seal as NodeSeal } from "../../platform/node/seal.js";
import { Seal, SEAL_HEADROOM, SEAL_OVERHEAD, SwimNode } from "../../platform/xs/sealed/index.js";
import { MemoryStore } from "../support/memory-store.js";
import { resetWorld } from "./doubles/world.js";

const keys = [{ id: 5, secret: "8f3015a3402977a367912e0b3d787b4c" }];

test.each([0, 1, 15, 16, 17, 59, 1379])(
  "what-a-device-seals-node-opens-and-the-other-way-round: %i",
  (length) => {
    const text = Uint8Array.from({ length }, (_, i) => i * 7);
    for (const [sender, receiver] of [
      [new Seal({ keys }), new NodeSeal({ keys })],
      [new NodeSeal({ keys }), new Seal({ keys })],
    ]) {
      const bytes = new Uint8Array(length + SEAL_OVERHEAD);
      bytes.set(text, SEAL_HEADROOM);
      sender.seal(bytes, SEAL_HEADROOM, SEAL_HEADROOM + length);
      expect([sender.start, sender.end]).toEqual([0, bytes.length]);
      const forged = bytes.slice();
      forged[forged.length - 1] ^= 1;
      expect(receiver.open(forged, 0, forged.length)).toBe(false);
      expect(receiver.open(bytes, 0, bytes.length)).toBe(true);
      expect(bytes.slice(receiver.start, receiver.end)).toEqual(text);
    }
  },
);

test("a-device-keeps-its-number-and-its-boots-in-the-store-and-counts-its-datagrams", () => {
  const store = new MemoryStore();
  const frames = [1, 2].map(() => {
    const bytes = new Uint8Array(60);
    new Seal({ keys, store }).seal(bytes, SEAL_HEADROOM, 40);
    return bytes;
  });
  expect(frames[0].slice(1, 7)).toEqual(frames[1].slice(1, 7));
  expect(frames.map((bytes) => Array.from(bytes.slice(7, 13)))).toEqual([
    [0, 0, 1, 0, 0, 0],
    [0, 0, 2, 0, 0, 0],
  ]);
});

test("what-a-store-throws-is-told", () => {
  const store = new MemoryStore();
  store.isFull = true;
  const errors: string[] = [];
  const seal = new Seal({ keys, store, onError: (error) => errors.push(String(error)) });
  expect(errors).toEqual(["Error: flash full"]);
  seal.seal(new Uint8Array(60), SEAL_HEADROOM, 40);
  expect(seal.end - seal.start).toBe(48);
});

test("a-node-with-keys-sends-what-node-opens", () => {
  const world = resetWorld();
  const node = new SwimNode({ port: 7946, seeds: ["192.168.1.9:7946"], bump: 7, keys });
  expect(node.seal?.sealing).toBe("require");
  world.advance(5);
  const receiver = new NodeSeal({ keys });
  const [{ text }] = world.sent;
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(receiver.open(bytes, 0, bytes.length)).toBe(true);
  node.close();
});
