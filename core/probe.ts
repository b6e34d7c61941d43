import { NONE } from "./order.js";

// The stages of a probe: the target was pinged; helpers were asked.
export const DIRECT = 0;
export const INDIRECT = 1;

/**
 * The one probe that runs at a time (SWIM section 3.1): the member that was pinged, the helpers, and the answers.
 * Members are slots. Call `forget` when a slot gets another identity or is removed.
 */
export class Probe {
  /** Sent with every probe message, so that late answers are told apart; grows by one a probe, wraps at 256. */
  number = 0;
  /** The slot that is probed, or NONE. */
  target = NONE;
  /** The incarnation the target had when the probe began. */
  incarnation = 0;
  /** `DIRECT`, `INDIRECT`, or that plus how many helpers answered our own Ping, so that we hear. */
  stage = DIRECT;
  /** Whether the target answered, or a helper for it. */
  succeeded = false;
  /** Whom we asked to ping: the first `numHelpers`. It keeps its length, so that no probe allocates. */
  readonly helpers: number[] = [];
  numHelpers = 0;
  /** For how many milliseconds of probes that failed we have heard nobody at all; see `Config.holdWhenDeaf`. */
  deafMs = 0;
  /** When the target was pinged, in the runtime's milliseconds. */
  pingedMs = 0;
  /** The smoothed round trip time of our probes in milliseconds, NaN while none was answered, and its spread (RFC 6298). */
  smoothedRttMs = NaN;
  private rttSpreadMs = 0;

  /** Begins a probe of `slot`; what ran before is void. */
  start(slot: number, incarnation: number, nowMs: number): void {
    this.clear();
    this.pingedMs = nowMs;
    this.target = slot;
    this.incarnation = incarnation;
    this.number = (this.number + 1) & 255;
  }

  /** How many helpers answered our own Ping. One that went meanwhile counts as before. */
  get numAnswered(): number {
    return Math.max(0, this.stage - INDIRECT);
  }

  /** Ends the probe, whatever its state. */
  clear(): void {
    this.target = NONE;
    this.numHelpers = 0;
    this.stage = DIRECT;
    this.succeeded = false;
  }

  /** Ends the probe and returns the slot that did not answer, or NONE. */
  takeFailed(): number {
    if (this.succeeded) return NONE;
    const failed = this.target;
    this.target = NONE;
    return failed;
  }

  /** Takes an Ack of the target, or of a helper, which shows that we hear; false when it does not belong to this probe. */
  receiveAck(slot: number, number: number): boolean {
    if (number !== this.number || slot === NONE) return false;
    if (slot === this.target) {
      this.succeeded = true;
      return true;
    }
    const at = this.helperAt(slot);
    if (at < 0) return false;
    // Those that answered come first, so that each counts once.
    const numAnswered = this.numAnswered;
    if (at < numAnswered) return true;
    this.helpers[at] = this.helpers[numAnswered];
    this.helpers[numAnswered] = slot;
    this.stage++;
    return true;
  }

  /** Notes that the target's Ack came after so many milliseconds (RFC 6298 section 2, with its factors). */
  noteRtt(ms: number): void {
    const smoothed = this.smoothedRttMs;
    if (smoothed !== smoothed) {
      this.smoothedRttMs = ms;
      this.rttSpreadMs = ms / 2;
      return;
    }
    this.rttSpreadMs += (Math.abs(smoothed - ms) - this.rttSpreadMs) / 4;
    this.smoothedRttMs = smoothed + (ms - smoothed) / 8;
  }

  /** How long an answer may take, as the earlier ones did: from `least` to `most` milliseconds. */
  expectedRttMs(least: number, most: number): number {
    const expected = this.smoothedRttMs + 4 * this.rttSpreadMs;
    return expected > least ? Math.min(expected, most) : least;
  }

  /** Takes a ForwardedAck; each helper counts once. False when it does not belong to this probe. */
  receiveIndirectAck(slot: number, number: number): boolean {
    if (number !== this.number || !this.removeHelper(slot)) return false;
    this.succeeded = true;
    return true;
  }

  /** Forgets a slot whose identity was replaced or removed: it can neither fail nor answer any more. */
  forget(slot: number): void {
    if (slot === this.target) this.target = NONE;
    this.removeHelper(slot);
  }

  private removeHelper(slot: number): boolean {
    const at = this.helperAt(slot);
    if (at >= 0) this.helpers[at] = this.helpers[--this.numHelpers];
    return at >= 0;
  }

  private helperAt(slot: number): number {
    let at = this.numHelpers - 1;
    while (at >= 0 && this.helpers[at] !== slot) at--;
    return at;
  }
}
