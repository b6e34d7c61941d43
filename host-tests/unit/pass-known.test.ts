// Updates that say just what the table holds are passed over, up to the first that does not.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { blob, identity, struct, u8 } from "../../core/index.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { Solo } from "../support/solo.js";

interface Named {
  name: number[];
  life: number;
}
const named = identity<Named>({
  schema: struct<Named>({ name: blob(60), life: u8 }),
  address: "name",
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
});

/** A name of so many bytes. */
const name = (length: number, last: number): number[] =>
  Array.from({ length }, (_, i) => (i === length - 1 ? last : 60 + i));

class Stage {
  readonly members = new Members(named, bincode, 4, 8, () => 12345, 0, 0, 0, 600);
  private end = 0;

  bytesOf(value: Named): Uint8Array {
    const bytes = new Uint8Array(80);
    return bytes.slice(0, named.schema.write(bincode.dialect, value, bytes, 0));
  }

  enter(value: Named, incarnation: number): void {
    const bytes = this.bytesOf(value);
    const ref = new IdentityRef<Named>(this.members, bytes);
    ref.set(bytes, 0, bytes.length);
    expect(this.members.find(ref)).toBe(NONE);
    this.members.insert(ref, incarnation, State.Alive);
  }

  /** How many of the first `most` of these updates are passed over, with `cut` bytes of the last left away. */
  passed(updates: [Named, number, State][], cut = 0, most = updates.length): number {
    const { members } = this;
    const datagramAt = members.datagram.byteOffset;
    this.end = datagramAt;
    const starts: number[] = [];
    for (const [value, incarnation, state] of updates) {
      const bytes = this.bytesOf(value);
      starts.push(this.end);
      this.end = bincode.writeMember(
        members.bytes,
        this.end,
        this.end + 100,
        bytes,
        0,
        bytes.length,
        incarnation,
        state,
      );
    }
    const ref = new IdentityRef<Named>(members);
    ref.at = datagramAt;
    const left = members.passKnown(ref, members.bytes, this.end - cut, most);
    const count = most - left;
    expect(ref.at).toBe(starts[count] ?? this.end);
    return count;
  }
}

const SHORT: Named = { name: name(6, 1), life: 7 };
const OTHER: Named = { name: name(6, 2), life: 7 };
const LONG: Named = { name: name(40, 3), life: 7 };
const RAISED: Named = { name: name(6, 4), life: 7 };
const LONG_RAISED: Named = { name: name(40, 5), life: 7 };

function stage(): Stage {
  const made = new Stage();
  made.enter(LONG, 0);
  made.enter(RAISED, 0x1234);
  made.enter(LONG_RAISED, 0x1234);
  made.enter(OTHER, 5);
  made.enter(SHORT, 0);
  return made;
}

test("all-that-is-known-is-passed-over", () => {
  expect(
    stage().passed([
      [SHORT, 0, State.Alive],
      [LONG, 0, State.Alive],
      [OTHER, 5, State.Alive],
    ]),
  ).toBe(3);
  expect(stage().passed([])).toBe(0);
});

test("no-more-are-passed-over-than-there-are", () => {
  const known: [Named, number, State] = [SHORT, 0, State.Alive];
  for (const most of [0, 1, 2]) expect(stage().passed([known, known, known], 0, most)).toBe(most);
});

test("what-is-news-ends-it", () => {
  const known: [Named, number, State] = [SHORT, 0, State.Alive];
  for (const news of [
    [OTHER, 5, State.Suspect],
    [OTHER, 6, State.Alive],
    [{ ...OTHER, life: 8 }, 5, State.Alive],
    [{ name: name(6, 9), life: 7 }, 5, State.Alive],
  ] as [Named, number, State][])
    expect(stage().passed([known, news, known])).toBe(1);
});

test("a-larger-incarnation-is-looked-at-however-it-is", () => {
  const known: [Named, number, State] = [SHORT, 0, State.Alive];
  for (const raised of [RAISED, LONG_RAISED])
    expect(stage().passed([known, [raised, 0x1234, State.Alive], known])).toBe(1);
});

test("what-is-cut-short-is-not-passed-over", () => {
  for (const update of [SHORT, LONG]) {
    const updates: [Named, number, State][] = [
      [OTHER, 5, State.Alive],
      [update, 0, State.Alive],
    ];
    for (const [cut, count] of [
      [0, 2],
      [1, 1],
      [2, 1],
      [5, 1],
    ]) {
      expect(stage().passed(updates, cut)).toBe(count);
    }
  }
});

test("an-update-at-a-late-incarnation-is-taken-whole-whoever-it-is-about", () => {
  const updates = Array.from({ length: 24 }, (_, i) => `Alive ${i + 2}.1@300`);
  const solo = new Solo({ knows: updates });
  for (const update of updates)
    expect(solo.hear("Gossip", "2.1", { incarnation: 300, updates: [update, "Alive 99.1@0"] })).toBe("Ok");
  expect([solo.swim.numMembers, solo.swim.updatesBacklog]).toEqual([25, 1]);
});
