import type { Config, Renewable, State } from "../../core/index.js";
import { buildFoca } from "../sim/foca-crate.js";
import { FocaProcess, Operation, Record } from "../sim/foca-process.js";
import type { Call, FocaHistory } from "./history.js";
import type { Held } from "./local.js";
import type { Message, Messages } from "./messages.js";
import { bytesOf, type Naming } from "./naming.js";

/** The state in a record of who was forgotten. */
const FORGOTTEN = 3;
/** Where its random source begins. */
const SEED = 1;

/**
 * The published foca in the place of our core. It cannot be saved and restored, so each of its states is its history, told to a new one
 * from the beginning. Histories that differ are never taken for the same.
 */
export class FocaBench {
  life = 0;
  incarnation = 0;
  isConnected = false;
  isDefunct = false;
  dueMs = Infinity;
  held: (Held | undefined)[] = [];
  private calls: Call[] = [];
  private firstLife = 0;
  private host = 0;
  private readonly process: FocaProcess;
  private readonly naming: Naming;
  private readonly settings: Uint8Array;
  private readonly messages: Messages;
  /** Where the datagrams go that it sends. */
  private send: (message: Message) => void = () => undefined;

  constructor(naming: Naming, config: Config, messages: Messages) {
    buildFoca();
    this.naming = naming;
    this.messages = messages;
    this.settings = new TextEncoder().encode(JSON.stringify(config));
    this.process = FocaProcess.get();
    this.process.begin("renewableV4", "bincode");
  }

  /** What was asked since it began. */
  get history(): FocaHistory {
    return { firstLife: this.firstLife, calls: this.calls, dueMs: this.dueMs };
  }

  /** Begins a life, and forgets what was. */
  begin(host: number, life: number, nowMs: number): void {
    const identity = bytesOf(this.naming.make(host, life));
    const payload = new Uint8Array(4 + identity.length + this.settings.length);
    new DataView(payload.buffer).setUint32(0, SEED, true);
    payload.set(identity, 4);
    payload.set(this.settings, 4 + identity.length);
    this.reset(host, life);
    this.call({ operation: Operation.Start, nowMs, payload });
  }

  /** Comes to where a history ended; it sends nothing of it again. */
  restore(host: number, history: FocaHistory): void {
    this.reset(host, history.firstLife);
    for (const call of history.calls) this.call(call);
  }

  private reset(host: number, life: number): void {
    this.host = host;
    this.life = life;
    this.firstLife = life;
    this.incarnation = 0;
    this.isConnected = false;
    this.isDefunct = false;
    this.dueMs = Infinity;
    this.held = new Array<undefined>(this.naming.numHosts).fill(undefined);
    this.calls = [];
    this.send = () => undefined;
  }

  /** Where the datagrams go that it sends from now on. */
  sendTo(send: (message: Message) => void): void {
    this.send = send;
  }

  handleData(bytes: Uint8Array, nowMs: number): void {
    this.call({ operation: Operation.Datagram, nowMs, payload: bytes });
  }

  handleTimer(nowMs: number): void {
    this.call({ operation: Operation.Wake, nowMs, payload: new Uint8Array(0) });
  }

  announce(to: Renewable, nowMs: number): void {
    this.call({ operation: Operation.Announce, nowMs, payload: bytesOf(to) });
  }

  know(members: readonly Renewable[], nowMs: number): void {
    const payload = Uint8Array.from(members.flatMap((member) => [...bytesOf(member)]));
    this.call({ operation: Operation.Know, nowMs, payload });
  }

  private call(call: Call): void {
    const { process } = this;
    this.calls = [...this.calls, call];
    process.call(call.operation, call.nowMs, this.host, call.payload);
    for (let at = process.start; at < process.end;) at = this.take(process.bytes[at], at + 1);
  }

  /** Notes what a record says; returns where it ends. */
  private take(record: number, at: number): number {
    const { bytes, view } = this.process;
    switch (record) {
      case Record.Due:
        this.dueMs = view.getFloat64(at, true);
        return at + 8;
      case Record.Sent:
        return this.sent(at);
      case Record.Changed: {
        const host = this.naming.hostAt(bytes, at + 4);
        const held: Held = {
          life: this.naming.lifeAt(bytes, at + 4),
          incarnation: view.getUint16(at + 1, true),
          state: bytes[at] as State,
        };
        if (host < this.held.length) this.held[host] = bytes[at] === FORGOTTEN ? undefined : held;
        return at + 4 + bytes[at + 3];
      }
      case Record.Refused:
        return at + 1 + bytes[at];
      case Record.Rejoin:
        this.life = this.naming.lifeAt(bytes, at + 1);
        this.incarnation = 0;
        return at + 1 + bytes[at];
      default:
        this.isConnected = record === Record.Active;
        this.isDefunct = record === Record.Defunct;
        return at;
    }
  }

  /** A datagram: destination, length, bytes. */
  private sent(at: number): number {
    const { bytes, view } = this.process;
    const to = this.naming.hostAt(bytes, at + 1);
    const lengthAt = at + 1 + bytes[at];
    const end = lengthAt + 4 + view.getUint32(lengthAt, true);
    const message = this.messages.intern(to, bytes.subarray(lengthAt + 4, end));
    if (message !== undefined) {
      this.incarnation = Math.max(this.incarnation, message.datagram.incarnation);
      this.send(message);
    }
    return end;
  }
}
