import type { Config } from "../../core/index.js";
import type { Belief } from "./beliefs.js";
import type { Environment } from "./environment.js";
import { FocaProcess, Operation, Record } from "./foca-process.js";
import type { Node } from "./node.js";

/** A host that was healthy for so many probing periods has nothing to excuse that foca's timers come late. */
const EXCUSED_PERIODS = 3;

/** What foca needs of the host that it is on. */
export interface FocaHost {
  readonly index: number;
  readonly config: Config;
  /** Sends a datagram to a host. */
  send(to: number, data: Uint8Array, length: number): void;
  /** Asks for the one wake-up. */
  dueAt(ms: number): void;
  /** It speaks under that life and incarnation. */
  spoke(life: number, incarnation: number): void;
  /** It took its renewed identity. */
  renewed(life: number): void;
  active(): void;
  idle(): void;
  defunct(): void;
}

/** The published foca on a host, in a process of its own. It is told of time and datagrams as our core is. */
export class FocaNode implements Node {
  isConnected = false;
  isDefunct = false;
  private readonly process = FocaProcess.get();
  private readonly world: Environment;
  private readonly host: FocaHost;
  /** Of what it publishes next. With 0, foca's example agent says hello when it starts, before anybody can know of it. */
  private version = 1n;

  constructor(world: Environment, host: FocaHost, identity: unknown, random: number) {
    this.world = world;
    this.host = host;
    const settings = new TextEncoder().encode(JSON.stringify(host.config));
    const bytes = world.encode(identity);
    const payload = new Uint8Array(4 + bytes.length + settings.length);
    new DataView(payload.buffer).setUint32(0, random >>> 0, true);
    payload.set(bytes, 4);
    payload.set(settings, 4 + bytes.length);
    this.call(Operation.Start, payload);
  }

  get numMembers(): number {
    const { beliefs } = this.world.books;
    let count = 0;
    for (let other = 0; other < beliefs.numHosts; other++)
      if (beliefs.isActive(this.host.index, other)) count++;
    return count;
  }

  handleData(data: Uint8Array, start: number, end: number): undefined {
    this.call(Operation.Datagram, start === 0 ? data : data.subarray(start), end - start);
  }

  handleTimer(): void {
    this.call(Operation.Wake);
  }

  announce(to: unknown): void {
    this.call(Operation.Announce, this.world.encode(to));
  }

  /** Knows members from the start: their identities, one after another. */
  know(identities: Uint8Array): void {
    this.call(Operation.Know, identities);
  }

  knows(identity: unknown): boolean {
    return this.world.books.beliefs.isActive(this.host.index, this.world.hostOf(identity));
  }

  leaveCluster(): void {
    this.isConnected = false;
    this.isDefunct = true;
    this.call(Operation.Leave);
  }

  /** Publishes as foca's example agent does: the address, a version, and the bytes behind their number. */
  publish(bytes: Uint8Array): void {
    const payload = new Uint8Array(8 + bytes.length);
    new DataView(payload.buffer).setBigUint64(0, this.version++, true);
    payload.set(bytes, 8);
    this.call(Operation.Publish, payload);
  }

  /** It is no more. */
  crash(): void {
    this.process.call(Operation.Crash, this.world.nowMs, this.host.index);
  }

  private call(operation: number, payload?: Uint8Array, length?: number): void {
    const { process } = this;
    process.call(operation, this.world.nowMs, this.host.index, payload, length);
    for (let at = process.start; at < process.end;) at = this.take(operation, process.bytes[at], at + 1);
  }

  /** Does what a record says; returns where it ends. */
  private take(operation: number, record: number, at: number): number {
    const { host, process } = this;
    const { bytes, view } = process;
    if (record === Record.Due) {
      host.dueAt(view.getFloat64(at, true));
      return at + 8;
    }
    if (record === Record.Sent) return this.sent(at);
    if (record === Record.Changed) return this.changed(at);
    if (record === Record.Refused) return this.refused(operation, at);
    if (record === Record.Active) {
      this.isConnected = true;
      this.isDefunct = false;
      host.active();
      return at;
    }
    this.isConnected = false;
    if (record === Record.Idle) {
      host.idle();
      return at;
    }
    this.isDefunct = record === Record.Defunct;
    if (record === Record.Defunct) {
      host.defunct();
      return at;
    }
    if (record !== Record.Rejoin) throw new Error("foca's process: no record " + record);
    host.renewed(this.lifeAt(at + 1));
    return at + 1 + bytes[at];
  }

  /** A datagram: destination, length, bytes. */
  private sent(at: number): number {
    const { world, host } = this;
    const { bytes, view } = this.process;
    const to = world.naming.hostOf(bytes, at + 1);
    const lengthAt = at + 1 + bytes[at];
    const length = view.getUint32(lengthAt, true);
    const data = bytes.subarray(lengthAt + 4, lengthAt + 4 + length);
    // Its header begins with its identity and its incarnation.
    const { dialect } = world.codec;
    const identityEnd = world.naming.type.schema.skip(dialect, data, 0, length);
    host.spoke(world.naming.lifeOf(dialect, data, 0), dialect.readUint(data, identityEnd));
    host.send(to, data, length);
    return lengthAt + 4 + length;
  }

  /** Another state of a member: state, incarnation, identity. */
  private changed(at: number): number {
    const { world, host } = this;
    const { bytes, view } = this.process;
    const incarnation = view.getUint16(at + 1, true);
    const subject = world.naming.hostOf(bytes, at + 4);
    const state = bytes[at] as Belief;
    world.books.believes(host.index, subject, this.lifeAt(at + 4), incarnation, state);
    return at + 4 + bytes[at + 3];
  }

  /** An error. What foca sends to itself it must refuse, and what it is late for it cannot do. */
  private refused(operation: number, at: number): number {
    const { world, host } = this;
    const { bytes } = this.process;
    const end = at + 1 + bytes[at];
    const name = new TextDecoder().decode(bytes.subarray(at + 1, end));
    const sinceMs = world.nowMs - EXCUSED_PERIODS * host.config.probePeriodMs;
    const isLate = operation === Operation.Wake && !world.books.truth.isHealthy(host.index, sinceMs);
    const isCorrupt = world.network.everCorrupts;
    if (!isLate && !isCorrupt && name !== "DataFromOurselves")
      world.books.violate("refusal", `foca on host ${host.index} says ${name}`);
    return end;
  }

  private lifeAt(at: number): number {
    return this.world.naming.lifeOf(this.world.codec.dialect, this.process.bytes, at);
  }
}
