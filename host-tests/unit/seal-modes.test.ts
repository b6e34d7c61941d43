// What a `Seal` does in each of its modes, how many senders it remembers, and what it says of misuse.
import { describe, expect, test } from "vitest";
import type { Seal } from "../../platform/node/seal.js";
import { SEAL_HEADROOM, SEAL_OVERHEAD, SEAL_TAILROOM, type Sealing } from "../../platform/shared/seal.js";
import { hex } from "../support/assert.js";
import { KEY, OTHER, WRONG } from "../support/keys.js";
import { counted, makeSeal, opened, refusal, refusals, sealed, stateOf, textOf } from "../support/sealing.js";

describe("the modes", () => {
  const plain = textOf(40);
  const foreign = (): Uint8Array => sealed(makeSeal({ keys: [OTHER] }), textOf(40));
  const forged = (): Uint8Array => sealed(makeSeal({ keys: [WRONG] }), textOf(40));

  /** What becomes of a datagram: `opened`, `taken` as it is, or `refused`, and what was counted. */
  function fate(seal: Seal, datagram: Uint8Array): string {
    const before = counted(seal);
    const bytes = datagram.slice();
    const isTaken = seal.open(bytes, 0, bytes.length);
    const isOpened = isTaken && seal.start > 0;
    if (!isOpened) {
      // What nobody reads any more may be rubbish.
      if (isTaken) expect(hex(bytes)).toBe(hex(datagram));
      expect([seal.start, seal.end]).toEqual([0, datagram.length]);
    }
    const raised = Object.keys(counted(seal)).filter((name) => counted(seal)[name] !== (before[name] ?? 0));
    return (isOpened ? "opened" : isTaken ? "taken" : "refused") + ": " + raised.sort().join();
  }

  const takes: Record<Sealing, string[]> = {
    off: ["taken: TakenPlain", "taken: TakenPlain", "taken: TakenPlain", "taken: TakenPlain"],
    accept: [
      "taken: TakenPlain",
      "opened: Opened",
      "taken: TakenPlain,UnknownKey",
      "taken: Forged,TakenPlain",
    ],
    send: ["taken: TakenPlain", "opened: Opened", "taken: TakenPlain,UnknownKey", "taken: Forged,TakenPlain"],
    require: ["refused: RefusedPlain", "opened: Opened", "refused: UnknownKey", "refused: Forged"],
  };

  test.each(Object.entries(takes))("%s-takes-plain-sealed-foreign-and-forged-datagrams-so", (mode, fates) => {
    const seal = makeSeal({ sealing: mode as Sealing });
    const good = sealed(makeSeal(), textOf(40));
    expect([plain, good, foreign(), forged()].map((datagram) => fate(seal, datagram))).toEqual(fates);
    expect(fate(seal, good)).toBe(mode === "off" ? "taken: TakenPlain" : "refused: Replayed");
    seal.setSealing("require");
    const own = sealed(seal, textOf(40));
    seal.setSealing(mode as Sealing);
    expect(fate(seal, own)).toBe(mode === "off" ? "taken: TakenPlain" : "refused: Reflected");
  });

  test.each([
    ["off", false],
    ["accept", false],
    ["send", true],
    ["require", true],
  ] as const)("in-%s-what-is-sent-is-sealed: %s", (sealing, isSealed) => {
    const seal = makeSeal({ sealing });
    const state = stateOf(seal);
    const datagram = sealed(seal, plain);
    expect(hex(datagram) === hex(plain)).toBe(!isSealed);
    expect(counted(seal)).toEqual(isSealed ? { Sealed: 1 } : {});
    // A nonce that is not used is not spent.
    expect(stateOf(seal) === state).toBe(!isSealed);
  });

  test.each(["off", "accept", "send"] as const)(
    "in-%s-a-plain-datagram-that-looks-sealed-is-taken-as-it-is",
    (sealing) => {
      const seal = makeSeal({ sealing, keys: [KEY, OTHER] });
      const state = stateOf(seal);
      for (let first = 0xe0; first <= 0xef; first++) {
        for (const length of [1, 20, 21, 22, 60, 300]) {
          const datagram = textOf(length);
          datagram[0] = first;
          expect(fate(seal, datagram)).toMatch(/^taken: /);
        }
      }
      expect(stateOf(seal)).toBe(state);
    },
  );

  test("in-require-nothing-plain-is-taken-however-long-it-is-and-whatever-it-begins-with", () => {
    const seal = makeSeal();
    for (let first = 0; first < 256; first++) {
      for (const length of [0, 1, 20, 21, 60]) {
        const datagram = textOf(length);
        if (length > 0) datagram[0] = first;
        const isLike = length >= SEAL_OVERHEAD && first >> 4 === 14;
        const reason = !isLike ? "RefusedPlain" : first === 0xe0 ? "Forged" : "UnknownKey";
        expect(refusal(seal, datagram)).toBe(reason);
      }
    }
  });

  test("a-mode-that-is-none-and-wrong-keys-change-nothing", () => {
    const seal = makeSeal({ keys: [KEY, OTHER], sendWith: 1 });
    const state = stateOf(seal);
    expect(() => seal.setSealing("on" as Sealing)).toThrow(TypeError);
    expect(() => seal.setKeys([])).toThrow(RangeError);
    expect(() => seal.setKeys([KEY], 7)).toThrow(RangeError);
    expect(stateOf(seal)).toBe(state);
    expect(opened(makeSeal({ keys: [OTHER] }), sealed(seal, plain))).toHaveLength(40);
  });

  test("a-plain-answer-proves-nobody-who-sealed-something-before", () => {
    const seal = makeSeal({ sealing: "accept" });
    opened(seal, sealed(makeSeal(), textOf(40)));
    opened(seal, plain);
    const state = stateOf(seal);
    seal.prove();
    expect(stateOf(seal)).toBe(state);
  });
});

describe("the senders", () => {
  test.each([1, 2, 7, 8, 9, 64])("are-no-more-than-%i-and-the-latest-are-known", (maxSenders) => {
    const seal = makeSeal({ maxSenders });
    const latest: Uint8Array[] = [];
    for (let i = 0; i < 3 * maxSenders; i++) {
      const datagram = sealed(makeSeal(), textOf(10));
      expect(opened(seal, datagram)).toHaveLength(10);
      latest.push(datagram);
      if (latest.length > maxSenders) latest.shift();
      const { rows, count } = seal["replays"] as unknown as { rows: Int32Array; count: number };
      expect(count).toBeLessThanOrEqual(maxSenders);
      expect(rows.length).toBeLessThanOrEqual(4 * Math.max(8, maxSenders));
    }
    expect(refusals(seal, latest)).toEqual({ Replayed: maxSenders });
  });

  test("that-answered-are-kept-when-others-come", () => {
    const seal = makeSeal({ maxSenders: 8 });
    const proven = sealed(makeSeal(), textOf(10));
    opened(seal, proven);
    seal.prove();
    for (let i = 0; i < 100; i++) opened(seal, sealed(makeSeal(), textOf(10)));
    expect(refusal(seal, proven)).toBe("Replayed");
  });

  test.each([0, -1, 1.5, 65_536, NaN])("are-not-bounded-by-%d", (maxSenders) => {
    expect(() => makeSeal({ maxSenders })).toThrow("maxSenders must be a whole number");
  });

  test("may-be-as-many-as-65535", () => {
    expect(() => makeSeal({ maxSenders: 65_535 })).not.toThrow();
  });
});

describe("misuse", () => {
  test("of-a-buffer-without-room-for-the-seal-is-said-and-changes-nothing", () => {
    const seal = makeSeal();
    const state = stateOf(seal);
    const bytes = textOf(100);
    expect(() => seal.seal(bytes, SEAL_HEADROOM - 1, 80)).toThrow("headroom");
    expect(() => seal.seal(bytes, SEAL_HEADROOM, 101 - SEAL_TAILROOM)).toThrow("tailroom");
    expect(hex(bytes)).toBe(hex(textOf(100)));
    expect(stateOf(seal)).toBe(state);
    expect(counted(seal)).toEqual({});
    seal.seal(bytes, SEAL_HEADROOM, 100 - SEAL_TAILROOM);
    expect(counted(seal)).toEqual({ Sealed: 1 });
  });

  test("of-a-mode-that-is-none-is-said-and-changes-nothing", () => {
    const seal = makeSeal({ sealing: "accept" });
    expect(() => seal.setSealing("on" as Sealing)).toThrow(
      "sealing must be off, accept, send or require, got on",
    );
    expect(seal.sealing).toBe("accept");
  });

  test("of-an-unknown-option-is-said", () => {
    expect(() => makeSeal({ key: KEY } as never)).toThrow(TypeError);
  });
});

test("what-is-shown-of-a-seal-is-its-mode-alone", () => {
  expect(JSON.stringify(makeSeal({ sealing: "send" }))).toBe('{"sealing":"send"}');
});

test("what-is-too-short-is-not-sealed-wherever-it-stands", () => {
  const seal = makeSeal();
  const bytes = textOf(100);
  bytes[50] = 0xe0;
  expect(seal.open(bytes, 50, 50 + SEAL_OVERHEAD - 1)).toBe(false);
  expect(counted(seal)).toEqual({ RefusedPlain: 1 });
  expect(seal.open(bytes, 50, 50 + SEAL_OVERHEAD)).toBe(false);
  expect(counted(seal)).toEqual({ RefusedPlain: 1, Forged: 1 });
});
