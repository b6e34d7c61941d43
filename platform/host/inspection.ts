import type { Codec, HeaderValue, IdentityType, LeanSwim, Status } from "../../core/index.js";
import { hostPort } from "../shared/addresses.js";
import { otherCodec, peek, sealRefusal, statusRefusal, type RefusalReason } from "./refusals.js";
import type { Seal } from "../shared/seal.js";
import type { Trouble } from "./troubles.js";

/** How many refused datagrams of a second are looked at. */
const LOOKS_PER_SECOND = 20;

/** The node whose datagrams are looked at. */
export interface InspectedNode<T> {
  readonly swim: LeanSwim<T>;
  readonly seal: Seal | undefined;
  readonly codec: Codec;
  readonly type: IdentityType<T>;
  /** Where the others are told to send. */
  address(): string;
  now(): number;
  refused(reason: RefusalReason, from: string): void;
  trouble(trouble: Trouble): void;
}

/** Finds out why datagrams are refused, and what that says about the cluster. */
export class Inspection<T> {
  private readonly node: InspectedNode<T>;
  private readonly sealMetrics: Uint32Array | undefined;
  private secondMs = -Infinity;
  private looks = 0;

  constructor(node: InspectedNode<T>) {
    this.node = node;
    this.sealMetrics = node.seal?.metrics.slice();
  }

  /** A datagram comes. */
  begin(): void {
    const { seal } = this.node;
    if (seal !== undefined) this.sealMetrics?.set(seal.metrics);
  }

  /** What became of the datagram that came: `status` of the core, or undefined when it did not get that far. */
  end(status: Status | undefined, bytes: Uint8Array, address: string, port: number): void {
    const { node } = this;
    // Before anything is decoded once more: a flood must cost no more than that.
    if ((status !== undefined && statusRefusal(status) === undefined) || !this.maySpend()) return;
    const reason = this.reasonOf(status, bytes);
    if (reason === undefined) return;
    const from = hostPort(address, port);
    node.refused(reason, from);
    const trouble = this.troubleOf(reason, bytes, from);
    if (trouble !== undefined) node.trouble(trouble);
  }

  private reasonOf(status: Status | undefined, bytes: Uint8Array): RefusalReason | undefined {
    const { node, sealMetrics } = this;
    if (status === undefined)
      return node.seal === undefined || sealMetrics === undefined
        ? undefined
        : sealRefusal(sealMetrics, node.seal.metrics);
    const reason = statusRefusal(status);
    // By chance, the bytes of one format can be read in the other: then they name some other identity.
    const isStrange = reason === "malformed" || reason === "notForUs";
    return isStrange && this.isInOtherCodec(bytes) ? "otherCodec" : reason;
  }

  private isInOtherCodec(bytes: Uint8Array): boolean {
    const header = this.peek(bytes, otherCodec(this.node.codec));
    return header !== undefined && this.isOurs(header);
  }

  private isOurs({ destination }: HeaderValue<T>): boolean {
    try {
      return this.node.swim.isSelf(destination);
    } catch {
      return false;
    }
  }

  /** The header of the datagram, which lies within a sealed one where there are keys. */
  private peek(bytes: Uint8Array, codec: Codec): HeaderValue<T> | undefined {
    const { seal, type } = this.node;
    return peek(codec, type, bytes, seal?.start ?? 0, seal?.end ?? bytes.length);
  }

  private troubleOf(reason: RefusalReason, bytes: Uint8Array, from: string): Trouble | undefined {
    const { node } = this;
    if (reason === "otherCodec") {
      const text =
        "datagrams of " + from + " are in foca's other wire format; give all members the same codec";
      return { kind: "otherCodec", text, from };
    }
    if (reason === "unknownKey" || reason === "forged" || reason === "plain") {
      const what = reason === "plain" ? "not sealed" : "sealed under another key";
      return { kind: "otherKey", text: "datagrams of " + from + " are " + what, from };
    }
    if (reason === "ourOwn") {
      const text = "a member at " + from + " has the address of this node, " + node.address();
      return { kind: "sameAddress", text: text + "; give each its own", from };
    }
    const header = reason === "notForUs" ? this.peek(bytes, node.codec) : undefined;
    // Not one for a former life of ours.
    if (header === undefined || this.isOurs(header)) return undefined;
    const called = this.endpointOf(header.destination);
    const text = from + " calls this node " + called + ", but its address is " + node.address();
    return {
      kind: "notForUs",
      text: text + "; advertise what the others can reach, and call it by that",
      from,
    };
  }

  private endpointOf(identity: T): string {
    try {
      const endpoint = this.node.type.endpoint(identity);
      return endpoint === undefined ? "otherwise" : hostPort(endpoint.address, endpoint.port);
    } catch {
      return "otherwise";
    }
  }

  private maySpend(): boolean {
    const nowMs = this.node.now();
    if (nowMs - this.secondMs >= 1000) {
      this.secondMs = nowMs;
      this.looks = 0;
    }
    return this.looks++ < LOOKS_PER_SECOND;
  }
}
