// Sealed frames: true ones, forged ones, true ones again and late, under keys and modes that change.
import { BlockCcm, type BlockCipher } from "../../../platform/shared/ccm.js";
import type { ClusterKey } from "../../../platform/shared/cluster-keys.js";
import {
  SEAL_HEADROOM,
  SEAL_OVERHEAD,
  SEAL_TAILROOM,
  Seal,
  type Sealing,
} from "../../../platform/shared/seal.js";
import { KEY, OTHER, WRONG } from "../../support/keys.js";
import { mark } from "../engine/counters.js";
import { Dice } from "../engine/dice.js";
import { Image } from "../engine/image.js";
import { must, type Input, type Target } from "../engine/target.js";

const MODES: readonly Sealing[] = ["require", "accept", "send", "off"];
const KEY_SETS: readonly (readonly ClusterKey[])[] = [[KEY, OTHER], [KEY], [OTHER, KEY], [WRONG, OTHER]];
const SENDERS = 5;
const FRAMES = 24;
const LONGEST = 200;
/** A frame that is no further than that behind the newest of its sender is taken if it did not come before. */
const WINDOW = 15;

/** Mixes a block under a key: no cipher to rely on, but a wrong tag is as unlikely, and it is fast. */
class Mixer implements BlockCipher {
  private readonly key: Uint32Array;
  constructor(secret: Uint8Array) {
    this.key = new Uint32Array(secret.slice().buffer);
  }
  encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
    const from = new Uint32Array(block);
    let [a, b, c, d] = [
      from[0] ^ this.key[0],
      from[1] ^ this.key[1],
      from[2] ^ this.key[2],
      from[3] ^ this.key[3],
    ];
    for (let i = 0; i < 6; i++) {
      a = (Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) + b) | 0;
      b = (Math.imul(b ^ (b >>> 13), 0x297a2d39) + c) | 0;
      c = (Math.imul(c ^ (c >>> 16), 0x85ebca6b) + d) | 0;
      d = (Math.imul(d ^ (d >>> 14), 0x27d4eb2f) + a + i) | 0;
    }
    new Uint32Array(result).set([a, b, c, d]);
  }
}

let device = 0;

function makeSeal(keys: readonly ClusterKey[], maxSenders: number): Seal {
  const own = ++device;
  return new Seal(
    { keys, maxSenders },
    {
      makeCcm: (secret) => new BlockCcm(new Mixer(secret)),
      fillUnique: (bytes) => {
        bytes.fill(own);
        return true;
      },
      failed: (error) => {
        throw error;
      },
    },
  );
}

interface Frame {
  readonly bytes: Uint8Array;
  readonly text: Uint8Array;
  readonly key: ClusterKey;
  readonly sender: number;
  readonly sequence: number;
}

const NOTHING: ReadonlySet<string> = new Set();
/** What a refusal may change: counters, what was asked for last, and what a mode works in. */
const TOUCHED: ReadonlySet<string> = new Set(["metrics", "start", "end", "asked", "ccms", "last"]);

class Seals implements Target {
  readonly name = "seals";
  readonly about =
    "Seal.open and Seal.seal: frames that are true, forged, late, replayed, under changing keys and modes";
  readonly covers = [
    "platform/shared/seal.ts",
    "platform/shared/ccm.ts",
    "platform/shared/replays.ts",
    "platform/shared/nonces.ts",
    "platform/shared/cluster-keys.ts",
  ];
  readonly maxRecords = 40;
  readonly maxLength = LONGEST;
  readonly tally = { frames: 0 };
  /** More senders than the receiver remembers. */
  private readonly senders = Array.from({ length: SENDERS }, () => makeSeal([KEY, OTHER], 4));
  /** One remembers all senders, and one has to forget some, whose frames it may take twice. */
  private readonly receivers = [makeSeal([KEY, OTHER], 16), makeSeal([KEY, OTHER], 3)];
  private receiver = this.receivers[0];
  private readonly image = new Image([...this.receivers, ...this.senders], NOTHING, TOUCHED);
  private keys: readonly ClusterKey[] = KEY_SETS[0];
  private frames: Frame[] = [];
  private readonly taken = new Set<Frame>();
  private readonly sequences = new Int32Array(SENDERS);

  seeds(): Input[] {
    const dice = new Dice(2);
    return Array.from({ length: 12 }, () => Array.from({ length: 8 }, () => this.make(dice)));
  }

  make(dice: Dice): Uint8Array {
    const kind = dice.below(8);
    const length = dice.oneIn(4) ? dice.below(60) : dice.below(6);
    return Uint8Array.from({ length: 4 + length }, (_, i) => (i === 0 ? kind : dice.below(256)));
  }

  run(input: Input): void {
    this.image.restore();
    this.receiver = this.receivers[input[0].length % 2];
    this.keys = KEY_SETS[0];
    this.frames = [];
    this.taken.clear();
    this.sequences.fill(0);
    for (const record of input) if (record.length > 0) this.play(record);
  }

  private play(record: Uint8Array): void {
    const [kind, first = 0, second = 0, third = 0] = record;
    const { receiver, frames } = this;
    switch (kind % 8) {
      case 0:
      case 1:
        this.seal(first % SENDERS, second % 2, record.subarray(4));
        if (kind % 8 === 1) this.deliver(frames[frames.length - 1], undefined);
        break;
      case 2:
        if (frames.length > 0) this.deliver(frames[first % frames.length], undefined);
        break;
      case 3:
        if (frames.length > 0) this.deliver(frames[first % frames.length], record.subarray(2));
        break;
      case 4:
        this.open(record.slice(1), undefined);
        break;
      case 5:
        if (first % 3 === 0) receiver.setSealing(MODES[second % MODES.length]);
        else {
          this.keys = KEY_SETS[second % KEY_SETS.length];
          receiver.setKeys(this.keys, third % 2 === 0 ? undefined : this.keys[this.keys.length - 1].id);
        }
        break;
      case 6:
        if (second % 4 > 0) receiver.prove();
        else this.reflect(record.subarray(2));
        break;
      default: {
        // Some of a sender's datagrams are lost.
        const sender = first % SENDERS;
        const lost = third % 4 === 0 ? second : second % 40;
        this.senders[sender]["nonces"]["sequence"] += lost;
        this.sequences[sender] += lost;
      }
    }
  }

  private seal(sender: number, key: number, text: Uint8Array): void {
    const seal = this.senders[sender];
    const keys = key === 0 ? [KEY, OTHER] : [OTHER, KEY];
    seal.setKeys(keys);
    const bytes = new Uint8Array(SEAL_OVERHEAD + text.length);
    bytes.set(text, SEAL_HEADROOM);
    seal.seal(bytes, SEAL_HEADROOM, SEAL_HEADROOM + text.length);
    must(seal.start === 0 && seal.end === bytes.length, "a seal takes SEAL_OVERHEAD bytes");
    if (this.frames.length >= FRAMES) this.frames.shift();
    const sequence = this.sequences[sender]++;
    this.frames.push({ bytes, text: text.slice(), key: keys[0], sender, sequence });
  }

  /** The receiver hears what it sent itself. */
  private reflect(text: Uint8Array): void {
    const bytes = new Uint8Array(SEAL_OVERHEAD + text.length);
    bytes.set(text, SEAL_HEADROOM);
    this.receiver.seal(bytes, SEAL_HEADROOM, bytes.length - SEAL_TAILROOM);
    this.open(bytes.slice(this.receiver.start, this.receiver.end), undefined);
  }

  /** Hands a frame over, with bytes changed as `mutation` says: places, and what is added there. */
  private deliver(frame: Frame, mutation: Uint8Array | undefined): void {
    const bytes = frame.bytes.slice();
    for (let i = 0; mutation !== undefined && i + 1 < mutation.length && i < 8; i += 2)
      bytes[mutation[i] % bytes.length] += mutation[i + 1];
    this.open(bytes, Buffer.compare(bytes, frame.bytes) === 0 ? frame : undefined);
  }

  /** Hands bytes over. @param frame of which they are a copy, if any */
  private open(bytes: Uint8Array, frame: Frame | undefined): void {
    const { receiver, image } = this;
    this.tally.frames++;
    const given = bytes.slice();
    image.note();
    const isTaken = receiver.open(bytes, 0, bytes.length);
    const isOpened = isTaken && receiver.start > 0;
    mark(
      MODES.indexOf(receiver.sealing) * 8 +
        (isTaken ? 4 : 0) +
        (isOpened ? 2 : 0) +
        (frame === undefined ? 0 : 1),
    );
    if (!isOpened) {
      const path = image.changed(() => undefined);
      must(path === undefined, "what was not opened changed " + path);
      must(receiver.start === 0 && receiver.end === bytes.length, "it stays where it stands");
      if (receiver.sealing !== "require") must(Buffer.compare(bytes, given) === 0, "it stays as it was");
      must(!isTaken || receiver.sealing !== "require", "what is plain is not taken where all must be sealed");
      if (frame !== undefined && !isTaken && receiver.sealing !== "off") this.mustBeRefused(frame);
      return;
    }
    must(frame !== undefined, "a forged frame was opened");
    if (frame === undefined) return;
    must(!this.taken.has(frame) || this.receiver !== this.receivers[0], "a frame was opened twice");
    this.taken.add(frame);
    const text = bytes.subarray(receiver.start, receiver.end);
    must(Buffer.compare(text, frame.text) === 0, "a frame has another text");
    must(this.isKeyKnown(frame), "a frame was opened without its key");
  }

  /** A true frame is refused only for want of its key, or when it came before, or as one that is far behind. */
  private mustBeRefused(frame: Frame): void {
    if (!this.isKeyKnown(frame) || this.taken.has(frame)) return;
    let newest = -1;
    for (const { sender, sequence } of this.taken)
      if (sender === frame.sender) newest = Math.max(newest, sequence);
    must(newest - frame.sequence > WINDOW, "a frame was refused that never came");
  }

  private isKeyKnown({ key }: Frame): boolean {
    return this.keys.some(({ id, secret }) => id === key.id && secret === key.secret);
  }
}

export const seals: Target = new Seals();
