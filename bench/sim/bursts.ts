import type { Chance } from "./random.js";

/** How long links are good and bad in turn, on average, and what a link loses meanwhile; parts are from 0 to 1. */
export interface BurstFaults {
  goodMeanMs: number;
  badMeanMs: number;
  lossWhileGood: number;
  lossWhileBad: number;
}

/**
 * Gilbert and Elliott's model of a link that loses datagrams in bursts: it is good and bad in turn, each for a time that
 * is exponentially distributed. Every host has a link of its own, which all that it sends and all that it is sent
 * passes; links are independent of each other.
 */
export class Bursts {
  private readonly faults: BurstFaults;
  private readonly chance: Chance;
  private readonly isBadOf: Uint8Array;
  /** When a link changes next. */
  private readonly untilMsOf: Float64Array;

  constructor(numHosts: number, faults: BurstFaults, chance: Chance, nowMs: number) {
    this.faults = faults;
    this.chance = chance;
    this.isBadOf = new Uint8Array(numHosts);
    this.untilMsOf = new Float64Array(numHosts);
    const { goodMeanMs, badMeanMs } = faults;
    // As long as they last is how often they are met: the links do not all begin in the same state.
    const badPart = badMeanMs / (goodMeanMs + badMeanMs);
    for (let host = 0; host < numHosts; host++) {
      this.isBadOf[host] = chance.is(badPart) ? 1 : 0;
      this.untilMsOf[host] = nowMs + this.lasting(host);
    }
  }

  /** Whether a host's link is bad; the time must not go back. */
  isBad(host: number, nowMs: number): boolean {
    while (this.untilMsOf[host] <= nowMs) {
      this.isBadOf[host] ^= 1;
      this.untilMsOf[host] += this.lasting(host);
    }
    return this.isBadOf[host] === 1;
  }

  /** Whether a host's link loses a datagram that passes it now. */
  loses(host: number, nowMs: number): boolean {
    const { lossWhileBad, lossWhileGood } = this.faults;
    return this.chance.is(this.isBad(host, nowMs) ? lossWhileBad : lossWhileGood);
  }

  private lasting(host: number): number {
    const { badMeanMs, goodMeanMs } = this.faults;
    return this.chance.exponential(this.isBadOf[host] === 1 ? badMeanMs : goodMeanMs);
  }
}
