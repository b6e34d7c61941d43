// The global object `host` as a script inside a machine sees it: `declare const host: XsHost`. Nothing here runs on Node.

type Bytes = ArrayBuffer | Uint8Array | DataView;

export interface XsHost {
  /** Called for each message, with its length; `receive` gives the bytes, during this call only. */
  onMessage: ((length: number) => void) | undefined;
  /** Called once after each `arm`, unless armed again or disarmed first. */
  onTimer: (() => void) | undefined;
  /** Copies the message, no more than fits, and returns the message's length. */
  receive(into: Bytes): number;
  /**
   * Sends a message: these bytes, after those that were appended.
   * @throws RangeError when they are not in the buffer; nothing is sent
   */
  send(bytes: Bytes, offset?: number, length?: number): void;
  /** Puts bytes before those of the next `send`. */
  append(bytes: Bytes, offset?: number, length?: number): void;
  /** Monotonic milliseconds, as the call that runs began. */
  now(): number;
  /** Sets the one timer, to so many milliseconds from now. */
  arm(ms: number): void;
  disarm(): void;
  print(text: string): void;
  /** Collects and compacts. */
  gc(): void;
  /** Writes the counters as doubles, in the order of `counterNames`. */
  sample(into: ArrayBuffer): void;
  /** Bounds the live heap, slots and chunks together, in bytes; 0 for no bound. */
  limit(bytes: number): void;
  /**
   * AES-128 in C, as a device has it.
   * @param secret 16 bytes
   */
  aes(secret: ArrayBuffer): { encrypt(block: ArrayBuffer, result: ArrayBuffer): void };
  /** Bytes of a slot: 16, or 32 on `x64`. */
  readonly slotSize: number;
}
