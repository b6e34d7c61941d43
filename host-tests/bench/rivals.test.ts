import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programSize } from "../../bench/rivals/elf.js";
import { linesOf, missingForFoca, unframed, type Foca } from "../../bench/rivals/foca.js";
import { missingForMemberlist } from "../../bench/rivals/memberlist.js";
import type { Ours } from "../../bench/rivals/ours.js";
import { rowsOf, tableOf } from "../../bench/rivals/rows.js";

// What the comparison reads and prints, not what anything costs.

/** A 32-bit ELF file with a head, the sections' names, and a section of each name and size. */
function elfOf(sections: Record<string, number>): Uint8Array {
  const names = ["", ...Object.keys(sections), ".shstrtab"];
  const text = Buffer.from(names.join("\0") + "\0", "latin1");
  const bytes = new Uint8Array(52 + text.length + names.length * 40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1]);
  bytes.set(text, 52);
  const table = 52 + text.length;
  view.setUint32(32, table, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, names.length, true);
  view.setUint16(50, names.length - 1, true);
  names.forEach((name, index) => {
    const at = table + index * 40;
    view.setUint32(at, text.indexOf(name + "\0", 0, "latin1"), true);
    if (index === names.length - 1) view.setUint32(at + 16, 52, true);
    view.setUint32(at + 20, sections[name] ?? 0, true);
  });
  return bytes;
}

test("counts-code-constants-and-first-values-as-flash", () => {
  const elf = elfOf({ ".text": 1000, ".rodata": 200, ".data": 30, ".bss": 4, ".stack": 9999, ".heap": 9999 });
  expect(programSize(elf)).toEqual({ flashBytes: 1230, ramBytes: 34 });
});

test.each([
  ["an empty file", new Uint8Array()],
  ["a file of 64 bits", elfOf({}).with(4, 2)],
])("refuses-%s", (_, bytes) => {
  expect(() => programSize(bytes)).toThrow("no 32-bit ELF");
});

test("takes-apart-what-a-program-sent", () => {
  const sent = [
    [0, 2, 10, 0, 0, 2, 27, 88, 7, 8],
    [0, 0, 10, 0, 0, 3, 27, 88],
    [0, 1, 10, 0, 0, 4, 27, 88, 9],
  ];
  expect(unframed(Uint8Array.from(sent.flat()))).toEqual([
    Uint8Array.from([7, 8]),
    Uint8Array.from([]),
    Uint8Array.from([9]),
  ]);
});

const COST =
  '{"codec":"postcard","operation":"answerPing","members":16,"instructions":3000,"stackBytes":500}';
const EMPTY = '{"codec":"postcard","memory":"quiet","members":0,"bytes":2000,"blocks":3}';
const FULL = '{"codec":"postcard","memory":"quiet","members":1000,"bytes":27500,"blocks":4}';
const program = { flashBytes: 30_000, ramBytes: 0 };
const foca: Foca = {
  ...linesOf([COST, EMPTY, FULL].join("\n")),
  programs: { postcard: program, bincode: program },
  empty: program,
};
const ours: Ours = {
  operations: {
    answerPing: { slots: 2, chunkBytes: 8, computrons: null, instructions: { 16: 120_000, 1024: 130_000 } },
  },
  quietBytes: { 0: 5000, 32: 6000, 1000: 36_000 },
  joiningBytes: { 0: 5000, 32: 6000, 1000: 36_000 },
  flashBytes: 140_000,
  flashBy: "estimate",
};

test("tells-costs-from-memory-in-the-lines-of-a-board", () => {
  expect(foca.costs.map(({ operation }) => operation)).toEqual(["answerPing"]);
  expect(foca.kept.map(({ members }) => members)).toEqual([0, 1000]);
  expect(() => linesOf("panicked at src/node.rs")).toThrow(SyntaxError);
});

test("puts-figures-side-by-side-and-divides-memory-by-members", () => {
  const rows = rowsOf({ ours, foca, memberlist: null });
  const of = (figure: string) => rows.find((row) => row.figure === figure);
  expect(of("instructions: a Ping answered, among 16")).toMatchObject({
    xswim: 120_000,
    "foca, postcard": 3000,
    "foca, bincode": null,
  });
  expect(of("  each of 1000")).toMatchObject({ xswim: 31, "foca, postcard": 25.5 });
  expect(of("bytes allocated: a Ping answered, at most")?.xswim).toBe(40);
});

test("prints-a-quotient-where-there-are-two-figures", () => {
  const lines = tableOf(rowsOf({ ours, foca, memberlist: null })).split("\n");
  const ping = lines.find((line) => line.includes("a Ping answered, among 16"));
  expect(ping).toMatch(/120,000 .* 3,000 .* – .* 40\.0/);
});

test("leaves-out-a-column-that-was-not-measured", () => {
  const table = tableOf(rowsOf({ ours: null, foca, memberlist: null }));
  expect(table).toContain("foca, postcard");
  expect(table).not.toMatch(/xswim|memberlist/);
});

test.each([missingForFoca, missingForMemberlist])(
  "says-what-is-missing-where-there-is-no-rust",
  async (ask) => {
    const empty = await mkdtemp(join(tmpdir(), "xswim-rivals-"));
    try {
      expect(ask({ PATH: empty })).toBe("it is built by cargo, which is not here: install Rust");
    } finally {
      await rm(empty, { recursive: true });
    }
  },
);
