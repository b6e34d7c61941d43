import { DOMAIN, type Store } from "./bump.js";

/** Bytes of a nonce: the key's number, the device, the boot, the sequence. */
export const NONCE_SIZE = 13;
const DEVICE_SIZE = 6;
/** Boots and sequences have three bytes. */
const LIMIT = 0x1000000;
/** As the bump, what must not be lost is written to two keys in turn. */
const KEYS = ["seal", "seal2"];

/** Fills an array with random bytes that nobody can foresee. Returns false when the platform has no source of such. */
export type FillRandom = (bytes: Uint8Array) => boolean;

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
  /** The six bytes that say which device sealed a datagram. */
  readonly device = new Uint8Array(DEVICE_SIZE);
  private boot = 0;
  private sequence = 0;
  private readonly store: Store | undefined;
  private readonly fillRandom: FillRandom;
  private readonly failed: (error: unknown) => void;

  /**
   * @param failed is told what the store throws
   * @throws Error when there is neither a store nor a source of random bytes
   */
  constructor(store: Store | undefined, fillRandom: FillRandom, failed: (error: unknown) => void) {
    this.store = store;
    this.fillRandom = fillRandom;
    this.failed = failed;
    this.begin();
  }

  /** Writes the next twelve bytes of a nonce, those behind the key's number, to `bytes[at..at + 12]`. */
  next(bytes: Uint8Array, at: number): void {
    if (this.sequence === LIMIT) this.begin();
    const { device, boot } = this;
    const sequence = this.sequence++;
    for (let i = 0; i < DEVICE_SIZE; i++) bytes[at + i] = device[i];
    bytes[at + 6] = boot >> 16;
    bytes[at + 7] = boot >> 8;
    bytes[at + 8] = boot;
    bytes[at + 9] = sequence >> 16;
    bytes[at + 10] = sequence >> 8;
    bytes[at + 11] = sequence;
  }

  /** Whether the six bytes at a place are our device. */
  isOurs(bytes: Uint8Array, at: number): boolean {
    const { device } = this;
    for (let i = 0; i < DEVICE_SIZE; i++) if (bytes[at + i] !== device[i]) return false;
    return true;
  }

  /** Begins the next boot. @throws Error when there is none; then no nonce can be made any more. */
  private begin(): void {
    if (this.store !== undefined && this.beginStored(this.store)) return;
    const random = new Uint8Array(DEVICE_SIZE + 3);
    if (!this.fillRandom(random))
      throw new Error("sealing needs a store that works, because this platform has no secure random numbers");
    for (let i = 0; i < DEVICE_SIZE; i++) this.device[i] = random[i];
    this.boot = (random[6] << 16) | (random[7] << 8) | random[8];
    this.sequence = 0;
  }

  /** The same from the store; returns false when it cannot be relied on. */
  private beginStored(store: Store): boolean {
    try {
      const first = read(store, KEYS[0]);
      const second = read(store, KEYS[1]);
      const isSecond = first !== undefined && (second === undefined || second.boot < first.boot);
      const latest = isSecond ? first : second;
      // When one of the two is lost, it may have been the larger by one.
      let boot = latest === undefined ? LIMIT : latest.boot + (first && second ? 1 : 2);
      let device = latest === undefined ? "" : latest.device;
      if (boot >= LIMIT || (first && second && first.device !== second.device)) {
        boot = 0;
        device = this.newDevice();
        // Both, so that none of the former device is left to be mistaken for the latest.
        write(store, KEYS[isSecond ? 0 : 1], device, boot);
        boot = 1;
      }
      write(store, KEYS[isSecond ? 1 : 0], device, boot);
      for (let i = 0; i < DEVICE_SIZE; i++) this.device[i] = parseInt(device.slice(2 * i, 2 * i + 2), 16);
      this.boot = boot;
      this.sequence = 0;
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  private newDevice(): string {
    const random = new Uint8Array(DEVICE_SIZE);
    if (!this.fillRandom(random)) throw new Error("this platform has no secure random numbers");
    let text = "";
    for (let i = 0; i < DEVICE_SIZE; i++) text += (random[i] + 256).toString(16).slice(1);
    return text;
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
