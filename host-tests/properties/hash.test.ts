// The index of the table: nobody can choose addresses that share one hash chain, and those of one host do not by themselves.
import { describe, expect, test } from "vitest";
import {
  bincode,
  bytes,
  identity,
  renewableAddr,
  renewableV4,
  State,
  type IdentityType,
} from "../../core/index.js";
import { IdentityRef } from "../../core/codec.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { seeded } from "../support/random.js";

const WORDS = 8;
const CHAIN = 3;
const { dialect } = bincode;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

function enterAll<T>(type: IdentityType<T>, values: readonly T[], seed: number): Members<T> {
  const members = new Members<T>(type, bincode, values.length, values.length, seeded(seed), 0);
  const room = new Uint8Array(type.schema.maxLength(dialect));
  const ref = new IdentityRef<T>(members, room);
  for (const value of values) {
    ref.set(room, 0, type.schema.write(dialect, value, room, 0));
    expect(members.find(ref)).toBe(NONE);
    members.insert(ref, 0, State.Alive);
  }
  return members;
}

/** How many members the longest chain holds. */
function longestChain(members: Members<unknown>): number {
  const { words, capacity, endsAt } = members;
  let longest = 0;
  for (let bucket = capacity * WORDS; bucket < endsAt; bucket++) {
    let length = 0;
    for (let slot = words[bucket]; slot !== NONE; slot = words[slot * WORDS + CHAIN]) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}

describe("the hash of addresses", () => {
  // Two members a chain on average: by chance alone the longest of 512 chains holds about eight.
  test.each(SEEDS)("spreads-a-thousand-ports-of-one-host: seed %i", (seed) => {
    const values = Array.from({ length: 1000 }, (_, i) => ({ addr: "10.0.0.1:" + (40_000 + i), bump: 1 }));
    expect(longestChain(enterAll(renewableV4, values, seed))).toBeLessThanOrEqual(12);
    // Eight bytes, the port in the upper half of the second word.
    expect(longestChain(enterAll(renewableAddr, values, seed))).toBeLessThanOrEqual(12);
  });

  // What differs in the upper bits of a word alone reaches only the upper bits of a product.
  test.each(SEEDS)("spreads-ports-that-differ-in-their-upper-byte-alone: seed %i", (seed) => {
    const values = Array.from({ length: 255 }, (_, i) => ({
      addr: "10.0.0.1:" + ((i + 1) * 256 + 7),
      bump: 1,
    }));
    for (const type of [renewableV4, renewableAddr])
      expect(longestChain(enterAll(type, values, seed))).toBeLessThanOrEqual(12);
  });

  test.each(SEEDS)("spreads-a-network-of-a-thousand-hosts: seed %i", (seed) => {
    const values = Array.from({ length: 1000 }, (_, i) => ({
      addr: `10.0.${i >> 8}.${i & 255}:7946`,
      bump: 1,
    }));
    expect(longestChain(enterAll(renewableV4, values, seed))).toBeLessThanOrEqual(12);
  });

  // A difference in the highest bit of a word passes any multiplication by an odd number as it is. With one known factor
  // a second word can take it back, under every seed: eight such pairs of words make 256 keys that share one chain.
  test.each(SEEDS)("parts-keys-that-are-made-to-collide-where-the-factor-is-known: seed %i", (seed) => {
    const type = identity({ schema: bytes(64) });
    const keys = Array.from({ length: 256 }, (_, choice) => {
      const words = new Uint32Array(16).map((_, i) => Math.imul(i + 1, 0x01234567));
      for (let pair = 0; pair < 8; pair++) {
        if (((choice >> pair) & 1) === 0) continue;
        words[pair * 2] ^= 0x80000000;
        words[pair * 2 + 1] ^= 0x80010000;
      }
      return Array.from(new Uint8Array(words.buffer));
    });
    expect(longestChain(enterAll(type, keys, seed))).toBeLessThanOrEqual(12);
  });
});
