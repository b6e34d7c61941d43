import { NONE } from "./order.js";

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
  /** Whether the time for indirect probes has come. */
  reachedIndirectStage = false;
  /** Whether the target answered, or a helper for it. */
  succeeded = false;
  /** Whom we asked to ping: the first `numHelpers`. It keeps its length, so that no probe allocates. */
  readonly helpers: number[] = [];
  numHelpers = 0;

  /** Begins a probe of `slot`; what ran before is void. */
  start(slot: number, incarnation: number): void {
    this.clear();
    this.target = slot;
    this.incarnation = incarnation;
    this.number = (this.number + 1) & 255;
  }

  /** Ends the probe, whatever its state. */
  clear(): void {
    this.target = NONE;
    this.numHelpers = 0;
    this.reachedIndirectStage = false;
    this.succeeded = false;
  }

  /** Ends the probe and returns the slot that did not answer, or NONE. */
  takeFailed(): number {
    if (this.succeeded) return NONE;
    const failed = this.target;
    this.target = NONE;
    return failed;
  }

  /** Takes an Ack; false when it does not belong to this probe. */
  receiveAck(slot: number, number: number): boolean {
    if (number !== this.number || slot !== this.target || slot === NONE) return false;
    this.succeeded = true;
    return true;
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
    const helpers = this.helpers;
    for (let i = 0; i < this.numHelpers; i++) {
      if (helpers[i] !== slot) continue;
      helpers[i] = helpers[--this.numHelpers];
      return true;
    }
    return false;
  }
}
