import type { HeaderValue, Swim } from "../../core/index.js";

/** How many pings may wait for their answers at once. */
const MOST = 16;

/** A ping that waits for its answer. */
interface Pending {
  readonly number: number;
  /** The address of the member that is asked about. */
  readonly member: string;
  /** The address of the member that asks for us, if one does. */
  readonly via: string | undefined;
  readonly sentMs: number;
  readonly end: (rttMs: number | undefined) => void;
  readonly cancel: () => void;
}

/** What pings need of their node. */
export interface PingingNode<T> {
  readonly swim: Swim<T>;
  now(): number;
  /** Calls `callback` in `ms` milliseconds, unless what it returns is called before. */
  later(ms: number, callback: () => void): () => void;
  /** Has `Pinger.received` called for each datagram while pings wait, and not afterwards. */
  listen(isWaiting: boolean): void;
  /** A text that is the same for identities of one address. */
  addressOf(identity: T): string;
}

/** Pings members when the program asks for it, beside the probes. */
export class Pinger<T> {
  private readonly node: PingingNode<T>;
  private pending: Pending[] = [];
  private turn = 0;

  constructor(node: PingingNode<T>) {
    this.node = node;
  }

  /** @throws what `Swim.ping` throws, and RangeError for too many at once; then nothing was sent. */
  ping(member: T, via: T | undefined, timeoutMs: number): Promise<number | undefined> {
    const { node } = this;
    if (this.pending.length >= MOST)
      throw new RangeError("ping: " + MOST + " pings wait for their answers; wait for one of them");
    const turn = this.turn++;
    return new Promise((resolve, reject) => {
      const entry: Pending = {
        number: node.swim.pingNumber(turn),
        member: node.addressOf(member),
        via: via === undefined ? undefined : node.addressOf(via),
        sentMs: node.now(),
        end: (rttMs) => {
          this.pending = this.pending.filter((other) => other !== entry);
          if (this.pending.length === 0) node.listen(false);
          entry.cancel();
          resolve(rttMs);
        },
        cancel: node.later(timeoutMs, () => entry.end(undefined)),
      };
      this.pending.push(entry);
      node.listen(true);
      try {
        node.swim.ping(member, entry.number, via);
      } catch (error) {
        entry.end(undefined);
        reject(error as Error);
      }
    });
  }

  /** Takes in the header of a datagram that came. */
  received({ source, message }: HeaderValue<T>): void {
    const { kind, probeNumber, origin } = message;
    if (kind !== "Ack" && kind !== "ForwardedAck") return;
    const from = this.node.addressOf(source);
    const about = kind === "Ack" ? from : this.node.addressOf(origin as T);
    const via = kind === "Ack" ? undefined : from;
    const found = this.pending.find(
      (each) => each.number === probeNumber && each.member === about && each.via === via,
    );
    found?.end(this.node.now() - found.sentMs);
  }

  /** Ends all without an answer. */
  close(): void {
    for (const each of this.pending) each.end(undefined);
  }
}
