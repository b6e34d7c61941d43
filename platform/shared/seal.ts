import type { Store } from "./bump.js";
import { NONCE_BYTES, TAG_BYTES, type Ccm } from "./ccm.js";
import { checkKeys, placeOfSender, type ClusterKey } from "./cluster-keys.js";
import { Nonces, type UniqueSource } from "./nonces.js";
import { Replays } from "./replays.js";
import { SEAL_METRIC_COUNT, SealMetric } from "./seal-metrics.js";

/** Bytes that a seal puts before a datagram: the nonce, of the number of the key, the device, the boot and the sequence. */
export const SEAL_HEADROOM = NONCE_BYTES;
/** Bytes that it puts behind: the tag. */
export const SEAL_TAILROOM = TAG_BYTES;
/** Bytes that a sealed datagram is longer by. */
export const SEAL_OVERHEAD = SEAL_HEADROOM + SEAL_TAILROOM;

/** The upper four bits of a sealed datagram's first byte: version 1 of the frame. The lower four are the key's id. */
const VERSION = 0xe0;

/**
 * What a node does with its keys. From one to the next a running cluster goes node by node, and loses nobody.
 * - `off`: nothing. Sealed datagrams are refused, as what they are not.
 * - `accept`: opens what is sealed, and takes what is not. Sends nothing sealed.
 * - `send`: the same, and seals what it sends.
 * - `require`: seals what it sends, and takes nothing else.
 */
export type Sealing = "off" | "accept" | "send" | "require";
const MODES: readonly Sealing[] = /* @__PURE__ */ Object.freeze([
  "off",
  "accept",
  "send",
  "require",
] as const);
const ACCEPT = 1;
const SEND = 2;
const REQUIRE = 3;

/** The options of a `Seal`. */
export interface SealOptions {
  /** One to four keys. */
  keys: readonly ClusterKey[];
  /** The id of the key that seals; the first one when left out. */
  sendWith?: number;
  /** What to do with them; `require` when left out. */
  sealing?: Sealing;
  /**
   * Keeps the number that makes each start another, so that no nonce is used twice: as the option `store` of a node. Two nodes
   * must not have the same.
   */
  store?: Store;
  /** How many senders are remembered, 16 bytes each, so that no datagram is taken twice; 256 when left out. */
  maxSenders?: number;
  /** Is told what the store throws. */
  onError?(error: unknown): void;
}

/** What a platform gives. */
export interface SealPrimitives extends UniqueSource {
  /** Makes AES-128-CCM under a key of 16 bytes. */
  makeCcm(secret: Uint8Array): Ccm;
}

/**
 * Seals datagrams under the key of a cluster, and opens those of others, where they stand. It allocates nothing for a datagram.
 * `SwimNode` has one where it is given `keys`. Around a bare core, give the core the `headroom` and `tailroom` that a seal
 * takes, and a `maxPacketSize` that is smaller by both, and call `seal` in `sendTo` and `open` before `handleData`.
 *
 * The frame is in `docs/WIRE.md`, what it protects in `docs/SECURITY.md`.
 */
export class Seal {
  /** Where the last datagram that was sealed or opened begins. */
  start = 0;
  /** Where it ends. */
  end = 0;
  /** Counters, at the places that `SealMetric` names. */
  readonly metrics = new Uint32Array(SEAL_METRIC_COUNT);
  private readonly primitives: SealPrimitives;
  private readonly nonces: Nonces;
  private readonly replays: Replays;
  private ids: number[] = [];
  private ccms: Ccm[] = [];
  /** The place of the key that seals. */
  private sender = 0;
  /** A place in `MODES`. */
  private mode = REQUIRE;

  /** @throws TypeError or RangeError for a wrong option, Error when there is neither a store nor a source of random bytes */
  constructor(options: SealOptions, primitives: SealPrimitives) {
    const { store, maxSenders = 256 } = options;
    if (!(Number.isInteger(maxSenders) && maxSenders >= 1 && maxSenders <= 65535))
      throw new RangeError("maxSenders must be a whole number from 1 to 65535, got " + String(maxSenders));
    this.primitives = primitives;
    this.setKeys(options.keys, options.sendWith);
    this.setSealing(options.sealing ?? "require");
    this.replays = new Replays(maxSenders);
    this.nonces = new Nonces(store, primitives);
  }

  /** What is done with the keys. */
  get sealing(): Sealing {
    return MODES[this.mode];
  }

  /**
   * Does something else with the keys from now on.
   * @throws TypeError when there is no such way; then nothing has changed.
   */
  setSealing(sealing: Sealing): void {
    const mode = MODES.indexOf(sealing);
    if (mode < 0) throw new TypeError("sealing must be off, accept, send or require, got " + String(sealing));
    this.mode = mode;
  }

  /**
   * Takes other keys in the place of all that there are. To change the key of a cluster, give each node the new one beside the
   * old one, then let each send with the new one, then take the old one away.
   * @param sendWith the id of the key that seals; the first one when left out
   * @throws TypeError or RangeError that says what is wrong; then nothing has changed.
   */
  setKeys(keys: readonly ClusterKey[], sendWith?: number): void {
    const secrets = checkKeys(keys);
    const sender = placeOfSender(keys, sendWith);
    const ids: number[] = [];
    const ccms: Ccm[] = [];
    for (let i = 0; i < secrets.length; i++) {
      ids.push(keys[i].id);
      ccms.push(this.primitives.makeCcm(secrets[i]));
      secrets[i].fill(0);
    }
    this.ids = ids;
    this.ccms = ccms;
    this.sender = sender;
  }

  /**
   * Seals `bytes[start..end]`, which must have `SEAL_HEADROOM` bytes before it and `SEAL_TAILROOM` behind. Then `this.start` and
   * `this.end` say where the datagram stands, sealed or not.
   * @throws RangeError when there is no such room, Error when there is no nonce left and the store failed; then nothing was
   *   sealed, and nothing must be sent.
   */
  seal(bytes: Uint8Array, start: number, end: number): void {
    if (start < SEAL_HEADROOM || end + SEAL_TAILROOM > bytes.length)
      throw new RangeError("Seal: give the core the headroom SEAL_HEADROOM and the tailroom SEAL_TAILROOM");
    this.start = start;
    this.end = end;
    if (this.mode < SEND) return;
    const at = start - SEAL_HEADROOM;
    bytes[at] = VERSION | this.ids[this.sender];
    this.nonces.next(bytes, at + 1);
    this.ccms[this.sender].seal(bytes, at, at, start, end);
    this.start = at;
    this.end = end + SEAL_TAILROOM;
    this.metrics[SealMetric.Sealed]++;
  }

  /**
   * Opens the datagram `bytes[start..end]` that came in, where it stands. Returns whether it is to be taken; then
   * `this.start` and `this.end` say where. What is refused has changed nothing but a counter.
   */
  open(bytes: Uint8Array, start: number, end: number): boolean {
    this.start = start;
    this.end = end;
    const { mode } = this;
    if (mode < ACCEPT) return this.takePlain();
    const isSealed = end - start >= SEAL_OVERHEAD && (bytes[start] & 0xf0) === VERSION;
    const result = isSealed ? this.openSealed(bytes, start, end) : SealMetric.RefusedPlain;
    if (isSealed || mode === REQUIRE) this.metrics[result]++;
    if (result === SealMetric.Opened) return true;
    // What looks sealed and is not may be plain, for those who take that.
    const isPlain = result !== SealMetric.Reflected && result !== SealMetric.Replayed;
    return mode < REQUIRE && isPlain && this.takePlain();
  }

  /**
   * Says that the last datagram that was opened answers a question that this node asked just now, so that its sender is there.
   * Where more senders than `maxSenders` seal, those of whom that was never said are forgotten first.
   */
  prove(): void {
    this.replays.prove();
  }

  /** What may be shown. */
  toJSON(): object {
    return { sealing: this.sealing };
  }

  private openSealed(bytes: Uint8Array, start: number, end: number): number {
    const place = this.ids.indexOf(bytes[start] & 15);
    if (place < 0) return SealMetric.UnknownKey;
    if (this.nonces.isOurs(bytes, start + 1)) return SealMetric.Reflected;
    if (this.replays.isKnown(bytes, start + 1)) return SealMetric.Replayed;
    const from = start + SEAL_HEADROOM;
    const to = end - SEAL_TAILROOM;
    // Where it may be plain after all, it must be what it was.
    const restores = this.mode < REQUIRE;
    if (!this.ccms[place].open(bytes, start, start, from, to, restores)) return SealMetric.Forged;
    this.replays.note(bytes, start + 1);
    this.start = from;
    this.end = to;
    return SealMetric.Opened;
  }

  private takePlain(): boolean {
    // What it answers proves nobody who sealed a datagram before.
    this.replays.noteNobody();
    this.metrics[SealMetric.TakenPlain]++;
    return true;
  }
}
