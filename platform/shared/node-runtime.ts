import type { HeaderValue, IdentityRef, Runtime } from "../../core/index.js";
import type { AnyNodeOptions, SwimNodeOptions } from "./options.js";

/** What the core's runtime hands on to its node. */
export interface RuntimeNode<T> {
  now(): number;
  send(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void;
  submitAfter(ms: number): void;
  connectionChanged(isConnected: boolean): void;
  identityChanged(hasRenewed: boolean): void;
  event(name: keyof SwimNodeOptions<T>, first?: unknown, second?: unknown): void;
}

/** The core's view of a node. A class of its own, so that a notification nobody wants stays away from the core. */
export class NodeRuntime<T> implements Runtime<T> {
  protected readonly node: RuntimeNode<T>;
  // Those that follow are there where the user wants to know; elsewhere the core makes nothing for them.
  declare probeAnswered?: (identity: T, rttMs: number) => void;
  declare probeFailed?: (probeNumber: number, identity: T, asked: number, answered: number) => void;
  declare memberLeft?: (identity: T) => void;
  declare memberSuspected?: (identity: T, by: T | undefined) => void;
  declare memberRefuted?: (identity: T) => void;
  declare memberRefused?: (identity: T) => void;
  constructor(node: RuntimeNode<T>) {
    this.node = node;
  }
  now(): number {
    return this.node.now();
  }
  sendTo(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void {
    this.node.send(to, data, start, end);
  }
  submitAfter(ms: number): void {
    this.node.submitAfter(ms);
  }
  memberUp(identity: T): void {
    this.node.event("onMemberUp", identity);
  }
  memberDown(identity: T): void {
    this.node.event("onMemberDown", identity);
  }
  memberNap(identity: T, ms: number): void {
    this.node.event("onMemberNap", identity, ms);
  }
  memberOverdue(identity: T): void {
    this.node.event("onMemberOverdue", identity);
  }
  rename(before: T, after: T): void {
    this.node.event("onRename", before, after);
  }
  active(): void {
    this.node.connectionChanged(true);
    this.node.event("onActive");
  }
  idle(): void {
    this.node.connectionChanged(false);
    this.node.event("onIdle");
  }
  defunct(): void {
    this.node.event("onDefunct");
  }
  rejoin(identity: T): void {
    this.node.identityChanged(true);
    this.node.event("onRejoin", identity);
  }
  roundTrip(identity: T, rttMs: number): void {
    this.node.event("onRoundTrip", identity, rttMs);
  }
  failure(_probeNumber: number, identity: T, asked: number, answered: number): void {
    this.node.event("onProbeFailed", identity, { asked, answered });
  }
  farewell(identity: T): void {
    this.node.event("onMemberLeft", identity);
  }
  suspicion(identity: T, by: T | undefined): void {
    this.node.event("onSuspect", identity, by);
  }
  refutation(identity: T): void {
    this.node.event("onRefuted", identity);
  }
  refusal(identity: T): void {
    this.node.event("onMemberRefused", identity);
  }
}

/** The same for a node whose user wants to see the datagrams. */
export class InspectedRuntime<T> extends NodeRuntime<T> {
  dataSent(header: HeaderValue<T>): void {
    this.node.event("onDatagramSent", header);
  }
  dataReceived(header: HeaderValue<T>): void {
    this.node.event("onDatagramReceived", header);
  }
}

/** Makes the runtime that tells a node what its options ask for, and no more. */
export function runtimeOf<T, A>(node: RuntimeNode<T>, options: AnyNodeOptions<T, A>): NodeRuntime<T> {
  const { onDatagramSent, onDatagramReceived } = options;
  const isInspected = onDatagramSent !== undefined || onDatagramReceived !== undefined;
  const runtime = isInspected ? new InspectedRuntime(node) : new NodeRuntime(node);
  if (options.onRoundTrip !== undefined) runtime.probeAnswered = runtime.roundTrip;
  if (options.onProbeFailed !== undefined) runtime.probeFailed = runtime.failure;
  if (options.onMemberLeft !== undefined) runtime.memberLeft = runtime.farewell;
  if (options.onSuspect !== undefined) runtime.memberSuspected = runtime.suspicion;
  if (options.onRefuted !== undefined) runtime.memberRefuted = runtime.refutation;
  if (options.onMemberRefused !== undefined) runtime.memberRefused = runtime.refusal;
  return runtime;
}
