import { decode, type Datagram } from "../../host-tests/support/wire.js";
import { Hash } from "./hash.js";
import type { Naming } from "./naming.js";

/** A datagram on its way: to which host, and its bytes. Those that are alike are one. */
export interface Message {
  readonly id: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  /** For each way to turn the circle, a hash of 64 bits in two halves. */
  readonly hashes: Int32Array;
  readonly datagram: Datagram;
}

/** All datagrams that were ever sent, by number. */
export class Messages {
  private readonly all: Message[] = [];
  private readonly byText = new Map<string, Message>();
  private readonly naming: Naming;
  private readonly hash = new Hash();

  constructor(naming: Naming) {
    this.naming = naming;
  }

  get(id: number): Message {
    return this.all[id];
  }

  get length(): number {
    return this.all.length;
  }

  /** The message with these bytes, which are copied when it is new; undefined when it goes to nobody's address. */
  intern(to: number, bytes: Uint8Array): Message | undefined {
    if (to >= this.naming.numHosts) return undefined;
    const text = to + String.fromCharCode(...bytes);
    let message = this.byText.get(text);
    if (message === undefined) {
      const copy = bytes.slice();
      const hashes = this.hashesOf(to, copy);
      message = { id: this.all.length, to, bytes: copy, hashes, datagram: decode(copy) };
      this.all.push(message);
      this.byText.set(text, message);
    }
    return message;
  }

  private hashesOf(to: number, bytes: Uint8Array): Int32Array {
    const { naming, hash } = this;
    const { turns } = naming;
    const hashes = new Int32Array(turns.length * 2);
    turns.forEach((names, turn) => {
      hash.start().add(names[to] + 0x6d657373);
      let next = naming.nextAddress(bytes, 0);
      for (let at = 0; at < bytes.length; at++) {
        if (at !== next) {
          hash.add(bytes[at]);
          continue;
        }
        hash.add(0x686f7374 + (names[naming.hostAt(bytes, at)] ?? 255));
        at += 6;
        next = naming.nextAddress(bytes, at + 1);
      }
      hash.finish();
      hashes[turn * 2] = hash.left;
      hashes[turn * 2 + 1] = hash.right;
    });
    return hashes;
  }
}
