/**
 * What keeps a node from getting on, for people to read:
 *
 * - `seedsSilent`: it is alone, and no seed has answered for a while.
 * - `otherCodec`: datagrams come in foca's other wire format.
 * - `otherKey`: sealed datagrams come under another key, or unsealed ones where all must be sealed.
 * - `notForUs`: somebody calls this node by an address that it does not tell the others.
 * - `sameAddress`: another member has the address of this node.
 * - `nobodyFound`: it has looked for others nearby for ten seconds, and found nobody.
 * - `unreachableAddress`: the others are told an address at which they cannot reach this node.
 */
export type TroubleKind =
  | "seedsSilent"
  | "otherCodec"
  | "otherKey"
  | "notForUs"
  | "sameAddress"
  | "nobodyFound"
  | "unreachableAddress";

/** Something that keeps a node from getting on. */
export interface Trouble {
  /** Which of them it is. */
  readonly kind: TroubleKind;
  /** A sentence that says what it is, and what to do. */
  readonly text: string;
  /** Where a datagram came from, such as `192.168.1.10:7946`, where it is about one. */
  readonly from?: string;
  /** The addresses of the seeds, where it is about them. */
  readonly seeds?: readonly string[];
}

/** How often a kind is told at most: half a minute apart, then twice as long each time. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** How long a kind must have been away to be told as if it were new. */
const OVER_MS = 2 * LONGEST_PAUSE_MS;

/** Tells troubles, each kind seldom, because some come with every datagram. */
export class Troubles {
  private readonly tell: (trouble: Trouble) => void;
  private readonly told = new Map<TroubleKind, { nextMs: number; pauseMs: number }>();

  constructor(tell: (trouble: Trouble) => void) {
    this.tell = tell;
  }

  /** Tells a trouble, if its kind is due. */
  add(trouble: Trouble, nowMs: number): void {
    const earlier = this.told.get(trouble.kind);
    if (earlier !== undefined && nowMs < earlier.nextMs) return;
    const isNew = earlier === undefined || nowMs > earlier.nextMs + OVER_MS;
    const pauseMs = isNew ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, earlier.pauseMs * 2);
    this.told.set(trouble.kind, { nextMs: nowMs + pauseMs, pauseMs });
    this.tell(trouble);
  }
}
