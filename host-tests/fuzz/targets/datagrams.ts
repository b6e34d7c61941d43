// Datagrams from anybody, one after another, while time passes and the program acts.
import { SwimError } from "../../../core/status.js";
import type { Dialect } from "../../../core/dialect.js";
import { hash } from "../../../core/record-items.js";
import { mark } from "../engine/counters.js";
import { Dice } from "../engine/dice.js";
import type { Input, Target } from "../engine/target.js";
import { hasProbe, hasSubject, putTogether, takeApart, type DatagramParts } from "./datagram-parts.js";
import { setups, Subject } from "./subject.js";

// The first byte of a record, modulo 16. The record of number 0 says which setup.
const PART_OF_LARGER = 11;
const PASS = 12;
const ACT = 14;

const PASS_MS = [0, 1, 7, 50, 200, 500, 1000, 1500, 4000, 10_000, 40_000, 90_000];
const INCARNATIONS = [0, 0, 1, 2, 3, 127, 128, 250, 251, 61_440, 62_421, 65_534, 65_535];
const ANNOUNCE = 6;

const subjects = setups().map((setup) => new Subject(setup));

function subjectOf(input: Input): Subject {
  return subjects[(input[0].length > 0 ? input[0][0] : 0) % subjects.length];
}

class Datagrams implements Target {
  readonly name = "datagrams";
  readonly about = "handleData of a core with members: both codecs, broadcasts, values, records, digests";
  readonly covers = ["core/", "platform/shared/value-format.ts"];
  readonly maxRecords = 24;
  readonly maxLength = 400;
  readonly tally = { datagrams: 0 };
  private readonly statuses = new Uint8Array(1);

  seeds(): Input[] {
    const dice = new Dice(1);
    return subjects.flatMap((subject, number) =>
      Array.from({ length: 4 }, () => {
        const input: Uint8Array[] = [Uint8Array.of(number)];
        for (let i = 0; i < 5; i++) input.push(this.fresh(subject, dice));
        return input;
      }),
    );
  }

  run(input: Input): void {
    const subject = subjectOf(input);
    subject.reset();
    // By the input alone, so that it fails again when it is run again.
    const last = input[input.length - 1];
    const sum = last.length === 0 ? 0 : last[last.length - 1] + last[last.length >> 1] * 3 + last.length;
    subject.isThorough = sum % 16 === 0;
    for (let i = 1; i < input.length; i++) this.play(subject, input[i]);
    subject.check();
  }

  mutate(record: Uint8Array, index: number, dice: Dice, input: Input): Uint8Array | undefined {
    if (index === 0) return dice.oneIn(4) ? Uint8Array.of(dice.below(subjects.length)) : undefined;
    if (record.length === 0 || record[0] % 16 >= PASS) return undefined;
    const subject = subjectOf(input);
    const { type, codec } = subject.setup;
    const parts = takeApart(type, codec.dialect, record, 1);
    if (parts === undefined) return undefined;
    const times = 1 + dice.below(3);
    for (let i = 0; i < times; i++) this.change(parts, subject, dice);
    return putTogether(codec.dialect, record.subarray(0, 1), parts, dice);
  }

  make(dice: Dice, input: Input): Uint8Array {
    if (dice.oneIn(5)) return Uint8Array.of(PASS, dice.below(256));
    if (dice.oneIn(6)) return Uint8Array.of(ACT, dice.below(256), dice.below(256));
    return this.fresh(subjectOf(input), dice);
  }

  private play(subject: Subject, record: Uint8Array): void {
    if (record.length === 0) return;
    const kind = record[0] % 16;
    if (kind >= ACT) act(subject, record);
    else if (kind >= PASS) subject.pass(PASS_MS[(record.length > 1 ? record[1] : 0) % PASS_MS.length]);
    else {
      this.tally.datagrams++;
      const isPart = kind === PART_OF_LARGER;
      const status = isPart
        ? subject.hear(record, 1, record.length)
        : subject.hear(record.slice(1), 0, record.length - 1);
      this.statuses[0] = status;
      const { swim } = subject;
      mark(
        status * 64 + (swim.isConnected ? 32 : 0) + (swim.isDefunct ? 16 : 0) + Math.min(15, swim.numMembers),
      );
      const kept = subject.values?.records.numKept ?? 0;
      mark(640 + Math.min(15, kept) * 8 + Math.min(7, swim.customBroadcastBacklog));
    }
  }

  private fresh(subject: Subject, dice: Dice): Uint8Array {
    const kind = dice.below(11);
    const parts: DatagramParts = {
      source: subject.pool[4 + dice.below(subject.pool.length - 4)],
      incarnation: dice.of(INCARNATIONS),
      destination: subject.pool[0],
      kind,
      subject: hasSubject(kind) ? dice.of(subject.pool) : undefined,
      probe: hasProbe(kind) ? dice.below(4) : undefined,
      updates: kind === ANNOUNCE ? undefined : [],
      items: [],
    };
    const updates = kind === ANNOUNCE ? 0 : dice.below(4);
    for (let i = 0; i < updates; i++) parts.updates?.push(update(subject, dice));
    if (kind !== ANNOUNCE && dice.oneIn(2)) parts.items.push(item(subject, dice));
    return putTogether(subject.setup.codec.dialect, Uint8Array.of(dice.below(PASS)), parts, dice);
  }

  /** Changes one part. */
  private change(parts: DatagramParts, subject: Subject, dice: Dice): void {
    const { pool } = subject;
    const { updates, items } = parts;
    switch (dice.below(14)) {
      case 0:
        parts.source = dice.of(pool);
        break;
      case 1:
        parts.incarnation = dice.of(INCARNATIONS);
        break;
      case 2:
        parts.destination = pool[dice.below(4)];
        break;
      case 3:
        parts.kind = dice.below(11);
        if (parts.kind === ANNOUNCE && dice.below(8) > 0) {
          parts.updates = undefined;
          parts.items = [];
        }
        break;
      case 4:
        parts.subject = dice.of(pool);
        break;
      case 5:
        parts.probe = dice.oneIn(3) ? dice.below(256) : dice.below(8);
        break;
      case 6:
        (parts.updates ??= []).push(update(subject, dice));
        break;
      case 7:
        updates?.splice(dice.below(updates.length + 1), 1);
        break;
      case 8:
        if (updates !== undefined && updates.length > 0) dice.of(updates).incarnation = dice.of(INCARNATIONS);
        break;
      case 9:
        if (updates !== undefined && updates.length > 0)
          dice.of(updates).state = dice.below(dice.oneIn(20) ? 5 : 3);
        break;
      case 10:
        if (updates !== undefined && updates.length > 0) dice.of(updates).identity = dice.of(pool);
        break;
      case 11:
        items.splice(dice.below(items.length + 1), 1);
        break;
      case 12:
        if (items.length > 0) {
          const index = dice.below(items.length);
          const changed = items[index].slice();
          if (changed.length > 0) changed[dice.below(changed.length)] = dice.below(256);
          items[index] = changed;
        }
        break;
      default:
        items.push(item(subject, dice));
    }
  }
}

function update(subject: Subject, dice: Dice): { identity: Uint8Array; incarnation: number; state: number } {
  const identity = dice.oneIn(6) ? subject.pool[dice.below(4)] : dice.of(subject.pool);
  return { identity, incarnation: dice.of(INCARNATIONS), state: dice.below(3) };
}

/** A custom broadcast: where there are values, an item of theirs. */
function item(subject: Subject, dice: Dice): Uint8Array {
  const { type, codec, values } = subject.setup;
  if (values === undefined || dice.oneIn(12))
    return Uint8Array.from({ length: 1 + dice.below(6) }, () => dice.below(dice.oneIn(2) ? 4 : 256));
  const { dialect } = codec;
  const isMessage = dice.oneIn(2);
  const owner = isMessage ? subject.pool[0] : dice.of(subject.pool);
  const start = type.addressStart(dialect, owner, 0);
  const out = [...owner.subarray(start, type.addressEnd(dialect, owner, start))];
  pushVersion(dialect, isMessage ? 0n : versionOf(dice), out);
  const mark = isMessage ? 3 + dice.below(4) : dice.below(4);
  const texts = ["", "1", "[1]", "ab", '{"a":2}', "\u00e4", "\x05\x01x"];
  const value = isMessage ? Buffer.alloc(0) : Buffer.from(dice.of(texts));
  out.push(value.length, ...value);
  if (mark > 0) out.push(mark);
  if (mark === 2) out.push(dice.below(256), dice.below(3), 0);
  if (mark === 3 && dice.below(4) > 0) for (let i = 0; i < 4; i++) out.push(dice.below(256));
  if (mark === 4 || mark === 5) pushList(subject, dice, out);
  return Uint8Array.from(out);
}

function versionOf(dice: Dice): bigint {
  const life = BigInt(dice.of([1, 1, 1, 2, 3, 300]));
  const small = BigInt(dice.of([0, 1, 2, 3, 9, 0x3fffffff, 0x40000000]));
  return dice.oneIn(16) ? dice.of([0n, 1n, (1n << 53n) + 1n, (1n << 64n) - 1n]) : (life << 20n) + small;
}

function pushVersion(dialect: Dialect, version: bigint, out: number[]): void {
  const bytes = new Uint8Array(10);
  out.push(...bytes.slice(0, dialect.writeBigUint(version, bytes, 0)));
}

/** A range of hashes, and pairs in it: some of members that there are. */
function pushList(subject: Subject, dice: Dice, out: number[]): void {
  const { type, codec } = subject.setup;
  const salt = dice.below(256);
  const width = dice.oneIn(2) ? 0 : dice.below(0x10000);
  const low = dice.below(0x10000);
  out.push(salt, low & 255, low >> 8, width & 255, width >> 8);
  for (let i = dice.below(6); i > 0; i--) {
    const owner = dice.of(subject.pool);
    const start = type.addressStart(codec.dialect, owner, 0);
    const short = hash(salt, owner, start, type.addressEnd(codec.dialect, owner, start)) >>> 16;
    out.push(short & 255, short >> 8, dice.below(256), dice.below(256));
  }
}

/** The program does something; what it may not do now is refused by a `SwimError`. */
function act(subject: Subject, record: Uint8Array): void {
  const { swim, pool, setup } = subject;
  const what = record.length > 1 ? record[1] : 0;
  const about = record.length > 2 ? record[2] : 0;
  const other = setup.names[about % pool.length];
  try {
    switch (what % 14) {
      case 0:
        swim.gossip();
        break;
      case 1:
        swim.broadcast();
        break;
      case 2:
        if (!swim.isSelf(other)) swim.announce(other);
        break;
      case 3:
      case 4:
        subject.publish(about % 60, what % 2 === 0);
        break;
      case 5:
        swim.networkChanged();
        break;
      case 6:
        swim.nap(1 + about * 400);
        break;
      case 7:
        swim.wake();
        break;
      case 8:
        swim.leaveCluster();
        break;
      case 9:
        swim.changeIdentity(setup.names[about % 4]);
        subject.values?.setLife(subject.ownLife(), false);
        break;
      case 10:
        swim.reuseDownIdentity();
        break;
      case 11:
        swim.applyMany(
          [
            {
              identity: other,
              incarnation: about,
              state: (["Alive", "Suspect", "Down"] as const)[about % 3],
            },
          ],
          about > 127,
        );
        break;
      case 12:
        swim.handleTimer();
        break;
      default:
        swim.membershipState();
    }
  } catch (error) {
    if (!(error instanceof SwimError)) throw error;
  }
}

export const datagrams: Target = new Datagrams();
