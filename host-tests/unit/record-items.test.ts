// Records as they stand in datagrams, and where there is no room for them.
import { expect, test } from "vitest";
import type { IdentityRef } from "../../core/codec.js";
import type { Renewable } from "../../core/identity.js";
import type { Knowledge } from "../../core/knowledge.js";
import {
  beginMessage,
  COPY,
  DIGEST,
  finishItem,
  isCurrent,
  messageLength,
  writeCopy,
} from "../../core/record-items.js";
import { HEARD_ONLY, NEWS, OURS, Records, unitsOf } from "../../core/records.js";
import { hex, unhex } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

/** An IPv4 address with the port 7000. */
const addressOf = (host: number): string => "0a0000" + hex([host]) + "fb581b";
const ADDRESS_LENGTH = 7;

function knowledgeOf(solo: Solo): Knowledge<Renewable> {
  return (solo.swim as unknown as { protocol: { knowledge: Knowledge<Renewable> } }).protocol.knowledge;
}

function refOf(knowledge: Knowledge<Renewable>, name: string): IdentityRef<Renewable> {
  return knowledge.encode(peer(name));
}

function slotOf(knowledge: Knowledge<Renewable>, name: string): number {
  return knowledge.members.find(refOf(knowledge, name));
}

/** Puts a record of the version 5, and returns where it begins. */
function put(records: Records, slot: number, value: string, time = 0, marks = 0): number {
  const from = unhex("05" + value);
  records.put(-1, slot, marks, time, from, 0, 1, 1, from.length);
  return records.find(slot, (marks & NEWS) !== 0);
}

test("a-message-names-its-receiver-and-needs-room-for-that", () => {
  const knowledge = knowledgeOf(new Solo({ knows: ["Alive 2.1@0"] }));
  const to = refOf(knowledge, "2.1");
  const length = 2 + ADDRESS_LENGTH + 3;
  expect(messageLength(knowledge, to)).toBe(length);
  const out = new Uint8Array(32).fill(0xa5);
  expect(beginMessage(knowledge, DIGEST, to, out, 4, 4 + length - 1)).toBe(-1);
  expect(hex(out)).toBe("a5".repeat(32));
  expect(beginMessage(knowledge, DIGEST, to, out, 4, 4 + length)).toBe(4 + length);
  expect(finishItem(out, 4, 4 + length)).toBe(4 + length);
  expect(hex(out)).toBe("a5a5a5a5" + "000a" + addressOf(2) + "0000" + "03" + "a5".repeat(28 - length));
});

test("the-length-of-an-item-has-its-high-byte-first", () => {
  const out = new Uint8Array(2000);
  for (const [end, length] of [
    [12, "0005"],
    [7 + 255, "00ff"],
    [7 + 256, "0100"],
    [7 + 259, "0103"],
    [1400, "0571"],
  ] as const) {
    finishItem(out, 5, end);
    expect(hex(out.subarray(5, 7))).toBe(length);
  }
});

test("a-copy-says-what-its-owner-said-and-how-old-it-is", () => {
  const solo = new Solo({ knows: ["Alive 2.1@0"] });
  const knowledge = knowledgeOf(solo);
  const records = new Records();
  const published = unitsOf(knowledge.env.nowMs - 600_064);
  put(records, 1, "ffff");
  const entry = put(records, slotOf(knowledge, "2.1"), "776172", published);
  const copy = "0010" + addressOf(2) + "05" + "03776172" + "02" + "580200";
  const length = copy.length / 2;
  const out = new Uint8Array(64).fill(0xa5);
  expect(writeCopy(knowledge, records, entry, out, 3, 3 + length - 1)).toBe(-1);
  expect(hex(out)).toBe("a5".repeat(64));
  expect(writeCopy(knowledge, records, entry, out, 3, 3 + length)).toBe(3 + length);
  expect(hex(out)).toBe("a5a5a5" + copy + "a5".repeat(61 - length));
  // One more byte: the length of the value takes three from 251 bytes on.
  const long = put(records, OURS, "ab".repeat(251), published);
  const wide = new Uint8Array(400).fill(0xa5);
  const end = 2 + ADDRESS_LENGTH + 1 + 3 + 251 + 4;
  expect(writeCopy(knowledge, records, long, wide, 0, end - 1)).toBe(-1);
  expect(writeCopy(knowledge, records, long, wide, 0, end)).toBe(end);
  expect(hex(wide.subarray(0, 13))).toBe("010a" + addressOf(1) + "05" + "fbfb00");
  expect(hex(wide.subarray(end - 4, end + 1))).toBe(hex([COPY]) + "580200" + "a5");
});

test("an-age-ends-at-what-three-bytes-hold", () => {
  const solo = new Solo({ nowMs: 30_000_000_000 });
  const knowledge = knowledgeOf(solo);
  const records = new Records();
  const out = new Uint8Array(64);
  const ageOf = (time: number): string => {
    const end = writeCopy(knowledge, records, put(records, OURS, "", time), out, 0, 64);
    records.forget(OURS);
    return hex(out.subarray(end - 4, end));
  };
  const { nowMs } = knowledge.env;
  expect(ageOf(unitsOf(nowMs))).toBe("02000000");
  expect(ageOf(unitsOf(nowMs - 0x12345 * 1000 - 128))).toBe("02452301");
  expect(ageOf(unitsOf(nowMs - 0xffffff * 1000 - 128))).toBe("02ffffff");
  expect(ageOf(unitsOf(nowMs - 0x1000010 * 1000))).toBe("02ffffff");
});

test("all-should-hold-what-we-and-active-members-published-and-no-news", () => {
  const knowledge = knowledgeOf(
    new Solo({ knows: ["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0", "Alive 5.1@0"] }),
  );
  const records = new Records();
  const isHeld = (slot: number, marks = 0): boolean =>
    isCurrent(knowledge, records, put(records, slot, "", 0, marks));
  expect(isHeld(OURS)).toBe(true);
  expect(isHeld(slotOf(knowledge, "2.1"))).toBe(true);
  expect(isHeld(slotOf(knowledge, "3.1"))).toBe(true);
  expect(isHeld(slotOf(knowledge, "4.1"))).toBe(false);
  expect(isHeld(slotOf(knowledge, "5.1"), HEARD_ONLY)).toBe(true);
  expect(isHeld(slotOf(knowledge, "2.1"), NEWS)).toBe(false);
});
