// What a `Seal` opens and what it refuses: by which counter, and that nothing else changes.
import { describe, expect, test } from "vitest";
import { hex } from "../support/assert.js";
import { KEY, OTHER, WRONG } from "../support/keys.js";
import { counted, makeSeal, opened, refusal, refusals, sealed, stateOf, textOf } from "../support/sealing.js";

/** The datagram with one bit flipped, for each of its bits. */
function* flips(datagram: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < datagram.length * 8; bit++) {
    const changed = datagram.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    yield changed;
  }
}

/** Some bytes from the beginning of one, and then some from the end of the other, but for what is one of them. */
function* splices(first: Uint8Array, second: Uint8Array): Generator<Uint8Array> {
  const whole = [hex(first), hex(second)];
  for (let head = 0; head <= first.length; head++) {
    for (let tail = 0; tail <= second.length; tail++) {
      const bytes = new Uint8Array(head + tail);
      bytes.set(first.subarray(0, head));
      bytes.set(second.subarray(second.length - tail), head);
      if (!whole.includes(hex(bytes))) yield bytes;
    }
  }
}

describe("a sealed datagram", () => {
  test("is-opened-to-what-it-was-for-all-lengths-and-is-21-bytes-longer", () => {
    const from = makeSeal();
    const to = makeSeal();
    for (let length = 0; length <= 1400; length++) {
      const text = textOf(length);
      const datagram = sealed(from, text);
      expect(datagram.length).toBe(length + 21);
      expect(datagram[0]).toBe(0xe0);
      const bytes = datagram.slice();
      expect(to.open(bytes, 0, bytes.length)).toBe(true);
      expect([to.start, to.end]).toEqual([13, 13 + length]);
      expect(Buffer.compare(bytes.subarray(13, 13 + length), text)).toBe(0);
    }
    expect(counted(from)).toEqual({ Sealed: 1401 });
    expect(counted(to)).toEqual({ Opened: 1401 });
  });

  test("stands-anywhere-in-a-larger-buffer-of-which-nothing-else-is-touched", () => {
    const [from, to] = [makeSeal(), makeSeal()];
    const bytes = new Uint8Array(200).fill(0xa5);
    bytes.set(textOf(50), 70);
    from.seal(bytes, 70, 120);
    expect([from.start, from.end]).toEqual([57, 128]);
    expect(bytes.subarray(0, 57).every((byte) => byte === 0xa5)).toBe(true);
    expect(bytes.subarray(128).every((byte) => byte === 0xa5)).toBe(true);
    expect(to.open(bytes, from.start, from.end)).toBe(true);
    expect([to.start, to.end]).toEqual([70, 120]);
    expect(hex(bytes.subarray(70, 120))).toBe(hex(textOf(50)));
  });

  test("hides-its-text-and-is-another-each-time", () => {
    const seal = makeSeal();
    const text = new Uint8Array(64);
    const [first, second] = [sealed(seal, text), sealed(seal, text)];
    expect(hex(first.subarray(13)).includes("00000000")).toBe(false);
    expect(hex(first.subarray(13))).not.toBe(hex(second.subarray(13)));
  });

  test.each([0, 1, 16, 59])("of-%i-bytes-with-any-bit-flipped-is-refused", (length) => {
    const from = makeSeal();
    const to = makeSeal({ keys: [KEY, OTHER] });
    const datagram = sealed(from, textOf(length));
    const bits = datagram.length * 8;
    // Of the first byte: four bits say that it is sealed, one makes the other key of it, three a key that is not there.
    expect(refusals(to, flips(datagram))).toEqual({ RefusedPlain: 4, UnknownKey: 3, Forged: bits - 7 });
    expect(hex(opened(to, datagram) ?? [])).toBe(hex(textOf(length)));
  });

  test("with-any-bit-flipped-is-refused-after-the-true-one-came", () => {
    const [from, to] = [makeSeal(), makeSeal()];
    for (let i = 0; i < 40; i++) opened(to, sealed(from, textOf(8)));
    const datagram = sealed(from, textOf(59));
    opened(to, datagram);
    const tally = refusals(to, flips(datagram));
    expect(Object.keys(tally).sort()).toEqual(["Forged", "RefusedPlain", "Replayed", "UnknownKey"]);
    expect(tally).toMatchObject({ RefusedPlain: 4, UnknownKey: 4 });
  });

  test("cut-short-anywhere-is-refused", () => {
    const [from, to] = [makeSeal(), makeSeal()];
    const datagram = sealed(from, textOf(59));
    const ends = Array.from({ length: datagram.length }, (_, end) => datagram.slice(0, end));
    expect(refusals(to, ends)).toEqual({ RefusedPlain: 21, Forged: 59 });
    const beginnings = ends.map((_, start) => datagram.slice(start + 1));
    // Few of what is left begin like a sealed datagram.
    const tally = refusals(makeSeal({ keys: [KEY] }), beginnings);
    expect(Object.values(tally).reduce((sum, n) => sum + n, 0)).toBe(datagram.length);
    expect(opened(to, datagram)).toHaveLength(59);
  });

  test("with-bytes-behind-it-is-refused", () => {
    const [from, to] = [makeSeal(), makeSeal()];
    const datagram = sealed(from, textOf(20));
    const longer = [1, 2, 8, 16, 21, 100].map((more) => Uint8Array.of(...datagram, ...textOf(more)));
    expect(refusals(to, longer)).toEqual({ Forged: 6 });
  });

  test("spliced-with-another-anywhere-is-refused", () => {
    const to = makeSeal();
    const one = makeSeal();
    const first = sealed(one, textOf(24));
    for (const second of [sealed(one, textOf(24)), sealed(makeSeal(), textOf(31))]) {
      const tally = refusals(to, splices(first, second));
      expect(tally["Forged"]).toBeGreaterThan(500);
      expect(Object.keys(tally).filter((name) => !/Forged|RefusedPlain|UnknownKey/.test(name))).toEqual([]);
    }
    expect(opened(to, first)).toHaveLength(24);
  });

  test("under-a-wrong-key-or-one-that-is-not-known-is-refused", () => {
    const to = makeSeal();
    expect(refusal(to, sealed(makeSeal({ keys: [WRONG] }), textOf(30)))).toBe("Forged");
    expect(refusal(to, sealed(makeSeal({ keys: [OTHER] }), textOf(30)))).toBe("UnknownKey");
  });

  test("under-a-key-that-was-removed-is-refused-and-under-one-that-was-added-is-opened", () => {
    const from = makeSeal({ keys: [KEY, OTHER] });
    const to = makeSeal({ keys: [KEY] });
    expect(opened(to, sealed(from, textOf(30)))).toHaveLength(30);
    from.setKeys([KEY, OTHER], 1);
    expect(refusal(to, sealed(from, textOf(30)))).toBe("UnknownKey");
    to.setKeys([KEY, OTHER]);
    expect(opened(to, sealed(from, textOf(30)))).toHaveLength(30);
    to.setKeys([OTHER]);
    from.setKeys([KEY, OTHER], 0);
    expect(refusal(to, sealed(from, textOf(30)))).toBe("UnknownKey");
    // Its id is there again, its bits are not.
    to.setKeys([OTHER, WRONG]);
    expect(refusal(to, sealed(from, textOf(30)))).toBe("Forged");
  });

  test("that-came-before-is-refused-within-and-outside-of-the-window-whatever-the-keys", () => {
    const from = makeSeal({ keys: [KEY, OTHER] });
    const to = makeSeal({ keys: [KEY, OTHER] });
    const datagrams = Array.from({ length: 100 }, () => sealed(from, textOf(30)));
    for (const datagram of datagrams) expect(opened(to, datagram)).toHaveLength(30);
    expect(refusals(to, datagrams)).toEqual({ Replayed: 100 });
    to.setKeys([OTHER, KEY]);
    expect(refusals(to, datagrams)).toEqual({ Replayed: 100 });
    const state = stateOf(to);
    to.prove();
    expect(stateOf(to)).not.toBe(state);
    expect(refusals(to, datagrams)).toEqual({ Replayed: 100 });
  });

  test("that-comes-late-is-opened-once-within-the-window-and-refused-outside-of-it", () => {
    const from = makeSeal();
    const to = makeSeal();
    const datagrams = Array.from({ length: 100 }, () => sealed(from, textOf(30)));
    // The first one proves the sender, so that its window is the long one.
    opened(to, datagrams[0]);
    to.prove();
    expect(opened(to, datagrams[99])).toHaveLength(30);
    for (let i = 68; i < 99; i++) expect(opened(to, datagrams[i])).toHaveLength(30);
    expect(refusals(to, datagrams.slice(68))).toEqual({ Replayed: 32 });
    expect(refusals(to, datagrams.slice(0, 68))).toEqual({ Replayed: 68 });
  });

  test("of-ours-that-comes-back-is-refused", () => {
    const seal = makeSeal({ keys: [KEY, OTHER] });
    for (const keys of [
      [KEY, OTHER],
      [OTHER, KEY],
    ]) {
      seal.setKeys(keys);
      expect(refusal(seal, sealed(seal, textOf(30)))).toBe("Reflected");
    }
  });

  test("is-opened-whether-or-not-forgeries-in-its-name-came-before", () => {
    const [from, to] = [makeSeal(), makeSeal()];
    const next = sealed(from, textOf(30));
    // A forger that knows which device speaks, and claims the last of all numbers for it.
    const forged = next.slice();
    forged.fill(0xff, 7, 13);
    expect(refusal(to, forged)).toBe("Forged");
    expect(opened(to, next)).toHaveLength(30);
  });
});
