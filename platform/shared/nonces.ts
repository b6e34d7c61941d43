import { DOMAIN, type Store } from "./bump.js";
import { half, word } from "./words.js";

const DEVICE_SIZE = 6;
/** Boots and sequences have three bytes. */
const LIMIT = 0x1000000;
/** As the bump, what must not be lost is written to two keys in turn. */
const FIRST = "seal";
const SECOND = "seal2";

/** What nonces need of a platform. */
export interface UniqueSource {
  /**
   * Fills an array with bytes that no other device has. `isKept` says that they stay in the store, beside a number that grows;
   * otherwise they must be other ones after each start. Returns false when the platform has none.
   */
  fillUnique(bytes: Uint8Array, isKept: boolean): boolean;
  /** Is told what the store throws. */
  failed(error: unknown): void;
}

/** What a key of the store holds: a device and a boot. */
interface Stored {
  device: string;
  boot: number;
}

/**
 * Makes nonces, of which no two are the same under one key: `device`, `boot` and `sequence` of three bytes each but the device,
 * which has six. The device is random and stays; the boot is counted up at each start, and stored before the first datagram;
 * the sequence is counted up with each datagram, and when it is spent the next boot begins.
 *
 * Without a store, or with one that fails, the device and the first boot are random at each start.
 */
export class Nonces {
  // The six bytes of the device.
  private first = 0;
  private second = 0;
  private boot = 0;
  private sequence = 0;
  private readonly store: Store | undefined;
  private readonly source: UniqueSource;

  /** @throws Error when there is neither a store that works nor a source of random bytes */
  constructor(store: Store | undefined, source: UniqueSource) {
    this.store = store;
    this.source = source;
    this.begin();
  }

  /** Writes the next twelve bytes of a nonce, those behind the key's number, to `bytes[at..at + 12]`. */
  next(bytes: Uint8Array, at: number): void {
    if (this.sequence === LIMIT) this.begin();
    const { first, second, boot } = this;
    const sequence = this.sequence++;
    bytes[at] = first >> 24;
    bytes[at + 1] = first >> 16;
    bytes[at + 2] = first >> 8;
    bytes[at + 3] = first;
    bytes[at + 4] = second >> 8;
    bytes[at + 5] = second;
    bytes[at + 6] = boot >> 16;
    bytes[at + 7] = boot >> 8;
    bytes[at + 8] = boot;
    bytes[at + 9] = sequence >> 16;
    bytes[at + 10] = sequence >> 8;
    bytes[at + 11] = sequence;
  }

  /** Whether the six bytes at a place are our device. */
  isOurs(bytes: Uint8Array, at: number): boolean {
    return word(bytes, at) === this.first && half(bytes, at + 4) === this.second;
  }

  /** Begins the next boot. @throws Error when there is none; then no nonce can be made any more. */
  private begin(): void {
    if (this.store !== undefined && this.beginStored(this.store)) return;
    const random = new Uint8Array(DEVICE_SIZE + 3);
    if (!this.source.fillUnique(random, false))
      throw new Error(
        "sealing needs a store that works, because this platform has no hardware random numbers",
      );
    this.first = word(random, 0);
    this.second = half(random, 4);
    this.boot = (random[6] << 16) | half(random, 7);
    this.sequence = 0;
  }

  /** The same from the store; returns false when it cannot be relied on. */
  private beginStored(store: Store): boolean {
    try {
      const first = read(store, FIRST);
      const second = read(store, SECOND);
      const isSecond = first !== undefined && (second === undefined || second.boot < first.boot);
      const latest = isSecond ? first : second;
      // When one of the two is lost, it may have been the larger by one.
      let boot = latest === undefined ? LIMIT : latest.boot + (first && second ? 1 : 2);
      let device = latest === undefined ? "" : latest.device;
      if (boot >= LIMIT || (first && second && first.device !== second.device)) {
        boot = 0;
        device = this.newDevice(device);
        // Both, so that none of the former device is left to be mistaken for the latest.
        write(store, isSecond ? FIRST : SECOND, device, boot);
        boot = 1;
      }
      write(store, isSecond ? SECOND : FIRST, device, boot);
      this.first = parseInt(device.slice(0, 8), 16) | 0;
      this.second = parseInt(device.slice(8), 16);
      this.boot = boot;
      this.sequence = 0;
      return true;
    } catch (error) {
      this.source.failed(error);
      return false;
    }
  }

  /** Returns the digits of a device that was none so far. */
  private newDevice(former: string): string {
    const bytes = new Uint8Array(DEVICE_SIZE);
    const isFilled = this.source.fillUnique(bytes, true);
    let text = "";
    for (let i = 0; i < DEVICE_SIZE; i++) text += (bytes[i] + 256).toString(16).slice(1);
    if (isFilled && text !== former) return text;
    throw new Error("this platform has no number that no other device has");
  }
}

/** Returns what a key holds; undefined when it holds nothing of ours. */
function read(store: Store, key: string): Stored | undefined {
  const text = String(store.get(DOMAIN, key));
  if (!/^[0-9a-f]{12} [0-9]{1,8}$/.test(text)) return undefined;
  const boot = Number(text.slice(13));
  return boot < LIMIT ? { device: text.slice(0, 12), boot } : undefined;
}

/** Writes it, and looks whether it is there. A store that loses what it was given would make the same nonces twice. */
function write(store: Store, key: string, device: string, boot: number): void {
  const text = device + " " + boot;
  store.set(DOMAIN, key, text);
  if (String(store.get(DOMAIN, key)) !== text) throw new Error("the store did not keep what it was given");
}
