/**
 * What became of a datagram: `"delivered"` when a socket took it; `"loss"` when chance lost it, by the fault of that name;
 * `"partition"` when its hosts are cut off from each other; `"nobody"` when no host has the address, or none listens at
 * the port; `"asleep"` when the host slept; `"overflow"` when the host stalls, and too many wait there already.
 */
export type Fate = "delivered" | "loss" | "partition" | "nobody" | "asleep" | "overflow";

/** A datagram whose fate is known. */
export interface DatagramEvent {
  /** The address and port that it came from, such as `10.0.0.1:7946`. */
  from: string;
  /** The address and port that it was sent to. */
  to: string;
  /** A copy of its bytes as they arrived: with `corruption`, not always as they were sent. */
  bytes: Uint8Array;
  /** When it was sent, in milliseconds of the virtual clock. */
  sentMs: number;
  /** When it arrived or was lost. */
  nowMs: number;
  /** What became of it. */
  fate: Fate;
  /** Whether it is the second copy of a datagram, which the fault `duplication` made. */
  isDuplicate: boolean;
  /** Whether the fault `corruption` inverted bits of it. */
  isCorrupted: boolean;
}

/** What went from some hosts to others. */
export interface Traffic {
  /** Datagrams that were sent. */
  datagrams: number;
  /** Their bytes. */
  bytes: number;
  /** Those that a socket took; of one that was duplicated, each copy that arrived. */
  delivered: number;
  /** Those that did not arrive, for whatever reason. What is still on its way is in neither. */
  lost: number;
  /** `lost` by reason. */
  lostBy: Record<Exclude<Fate, "delivered">, number>;
  /** How many were duplicated. */
  duplicated: number;
  /** Of how many the fault `corruption` inverted bits; of one that was duplicated, each copy counts. */
  corrupted: number;
}

/** No traffic. */
export function noTraffic(): Traffic {
  return {
    datagrams: 0,
    bytes: 0,
    delivered: 0,
    lost: 0,
    lostBy: { loss: 0, partition: 0, nobody: 0, asleep: 0, overflow: 0 },
    duplicated: 0,
    corrupted: 0,
  };
}

function add(sum: Traffic, other: Traffic): void {
  for (const name of ["datagrams", "bytes", "delivered", "lost", "duplicated", "corrupted"] as const)
    sum[name] += other[name];
  for (const name of Object.keys(sum.lostBy) as (keyof Traffic["lostBy"])[])
    sum.lostBy[name] += other.lostBy[name];
}

/**
 * Counts of all links between hosts of type `H`, by sender and receiver; the receiver is undefined for addresses that no
 * host had.
 */
export class TrafficCounts<H> {
  private readonly links = new Map<H, Map<H | undefined, Traffic>>();

  /** The counts of one link, to add to. */
  link(from: H, to: H | undefined): Traffic {
    let links = this.links.get(from);
    if (links === undefined) this.links.set(from, (links = new Map()));
    let counts = links.get(to);
    if (counts === undefined) links.set(to, (counts = noTraffic()));
    return counts;
  }

  /** Returns the sum over all links from `from` to `to`; undefined stands for everybody. */
  sum(from: H | undefined, to: H | undefined): Traffic {
    const sum = noTraffic();
    for (const [sender, links] of this.links) {
      if (from !== undefined && sender !== from) continue;
      for (const [receiver, counts] of links) if (to === undefined || receiver === to) add(sum, counts);
    }
    return sum;
  }
}

/** Counts what became of a datagram. */
export function countFate(counts: Traffic, fate: Fate): void {
  if (fate === "delivered") {
    counts.delivered++;
    return;
  }
  counts.lost++;
  counts.lostBy[fate]++;
}
