// How much of a 32-bit program is constant, and how much of its RAM is taken from the start.

/** What stays in flash, and what variables take in RAM; both in bytes, the stack and the heap not counted. */
export interface ProgramSize {
  flashBytes: number;
  ramBytes: number;
}

const HEAD_BYTES = 52;
const MAGIC = 0x464c457f;
const SMALL_LITTLE = 0x0101;

/** Sections that are flash, and those that are RAM. What `.data` begins with is in both. */
const FLASH = [".text", ".rodata", ".data"];
const RAM = [".data", ".bss"];

/** @throws Error when the bytes are no 32-bit little-endian ELF file. */
export function programSize(elf: Uint8Array): ProgramSize {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const isElf =
    elf.length >= HEAD_BYTES && view.getUint32(0, true) === MAGIC && view.getUint16(4, true) === SMALL_LITTLE;
  if (!isElf) throw new Error("this is no 32-bit ELF file");
  const table = view.getUint32(32, true);
  const entryBytes = view.getUint16(46, true);
  const count = view.getUint16(48, true);
  const header = (index: number, field: number): number =>
    view.getUint32(table + index * entryBytes + field * 4, true);
  const names = header(view.getUint16(50, true), 4);
  let flashBytes = 0;
  let ramBytes = 0;
  for (let index = 0; index < count; index++) {
    const name = textAt(elf, names + header(index, 0));
    const size = header(index, 5);
    if (FLASH.includes(name)) flashBytes += size;
    if (RAM.includes(name)) ramBytes += size;
  }
  return { flashBytes, ramBytes };
}

function textAt(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString("latin1");
}
