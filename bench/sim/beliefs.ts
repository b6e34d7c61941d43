import { State } from "../../core/index.js";

/** What a host holds of one that it does not know. */
export const UNKNOWN = 3;
export type Belief = State | typeof UNKNOWN;

/** One change in what a host holds of another. The same object every time. */
export interface Transition {
  atMs: number;
  observer: number;
  subject: number;
  life: number;
  incarnation: number;
  state: Belief;
  lifeBefore: number;
  incarnationBefore: number;
  stateBefore: Belief;
}

/**
 * What every host holds of every other, as it was told transition by transition: a second book beside the core's
 * tables. Row by row: `at = observer * numHosts + subject`.
 */
export class Beliefs {
  readonly numHosts: number;
  readonly stateOf: Uint8Array;
  readonly incarnationOf: Uint16Array;
  /** Some lives are numbered with more than 32 bits. */
  readonly lifeOf: Float64Array;
  /** When it came to that, in whole milliseconds. */
  readonly sinceMsOf: Int32Array;
  /** Members that a host holds, Down ones included. */
  readonly numHeld: Int32Array;
  private readonly transition: Transition = {
    atMs: 0,
    observer: 0,
    subject: 0,
    life: 0,
    incarnation: 0,
    state: UNKNOWN,
    lifeBefore: 0,
    incarnationBefore: 0,
    stateBefore: UNKNOWN,
  };

  constructor(numHosts: number) {
    this.numHosts = numHosts;
    this.stateOf = new Uint8Array(numHosts * numHosts).fill(UNKNOWN);
    this.incarnationOf = new Uint16Array(numHosts * numHosts);
    this.lifeOf = new Float64Array(numHosts * numHosts);
    this.sinceMsOf = new Int32Array(numHosts * numHosts);
    this.numHeld = new Int32Array(numHosts);
  }

  /** Enters what a host holds now; returns what changed. */
  enter(
    atMs: number,
    observer: number,
    subject: number,
    life: number,
    incarnation: number,
    state: Belief,
  ): Transition {
    const at = observer * this.numHosts + subject;
    const transition = this.transition;
    transition.atMs = atMs;
    transition.observer = observer;
    transition.subject = subject;
    transition.life = life;
    transition.incarnation = incarnation;
    transition.state = state;
    transition.lifeBefore = this.lifeOf[at];
    transition.incarnationBefore = this.incarnationOf[at];
    transition.stateBefore = this.stateOf[at] as Belief;
    if (transition.stateBefore === UNKNOWN) this.numHeld[observer]++;
    if (state === UNKNOWN) this.numHeld[observer]--;
    this.stateOf[at] = state;
    this.incarnationOf[at] = incarnation;
    this.lifeOf[at] = life;
    this.sinceMsOf[at] = atMs;
    return transition;
  }

  /** Whether a host holds another as Alive or Suspect. */
  isActive(observer: number, subject: number): boolean {
    const state = this.stateOf[observer * this.numHosts + subject];
    return state !== UNKNOWN && state !== State.Down;
  }

  /** Two hosts have each other's number now: what they hold goes with them, what is held of them does not. */
  swapObservers(a: number, b: number): void {
    const { numHosts } = this;
    for (const columns of [this.stateOf, this.incarnationOf, this.lifeOf, this.sinceMsOf]) {
      const row = columns.slice(a * numHosts, (a + 1) * numHosts);
      columns.copyWithin(a * numHosts, b * numHosts, (b + 1) * numHosts);
      columns.set(row, b * numHosts);
    }
    const held = this.numHeld[a];
    this.numHeld[a] = this.numHeld[b];
    this.numHeld[b] = held;
  }

  /** A host lost its memory. */
  forgetAll(observer: number): void {
    const from = observer * this.numHosts;
    this.stateOf.fill(UNKNOWN, from, from + this.numHosts);
    this.numHeld[observer] = 0;
  }
}
