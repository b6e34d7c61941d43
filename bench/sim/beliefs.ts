import type { Members } from "../../core/members.js";
import { State, type Swim } from "../../core/index.js";
import type { Naming } from "./identities.js";

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
  readonly lifeOf: Uint32Array;
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
    this.lifeOf = new Uint32Array(numHosts * numHosts);
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

  /** A host lost its memory. */
  forgetAll(observer: number): void {
    const from = observer * this.numHosts;
    this.stateOf.fill(UNKNOWN, from, from + this.numHosts);
    this.numHeld[observer] = 0;
  }
}

/** Who is told of a table's changes: slot and the state it has now, or UNKNOWN when it is about to be removed. */
export interface Tap {
  changed(host: number, members: Members<unknown>, slot: number, isRemoved: boolean): void;
}

interface TappedMembers extends Members<unknown> {
  tap: Tap;
  tapHost: number;
  isReplacing: boolean;
  untapped: Pick<Members<unknown>, "insert" | "change" | "replace" | "remove">;
}

/** Has every change of a core's table told to `tap`. */
export function tapMembers(members: Members<unknown>, host: number, tap: Tap): void {
  const { insert, change, replace, remove } = members;
  const untapped = { insert, change, replace, remove };
  const methods = {
    insert: tappedInsert,
    change: tappedChange,
    replace: tappedReplace,
    remove: tappedRemove,
  };
  Object.assign(members, { tap, tapHost: host, isReplacing: false, untapped }, methods);
}

const tappedInsert: Members<unknown>["insert"] = function (this: TappedMembers, ref, incarnation, state) {
  const slot = this.untapped.insert.call(this, ref, incarnation, state);
  this.tap.changed(this.tapHost, this, slot, false);
  return slot;
};

const tappedChange: Members<unknown>["change"] = function (this: TappedMembers, slot, incarnation, state) {
  this.untapped.change.call(this, slot, incarnation, state);
  // A replacement changes the state before the identity: only the whole of it is told.
  if (!this.isReplacing) this.tap.changed(this.tapHost, this, slot, false);
};

const tappedReplace: Members<unknown>["replace"] = function (
  this: TappedMembers,
  slot,
  ref,
  incarnation,
  state,
) {
  this.isReplacing = true;
  this.untapped.replace.call(this, slot, ref, incarnation, state);
  this.isReplacing = false;
  this.tap.changed(this.tapHost, this, slot, false);
};

const tappedRemove: Members<unknown>["remove"] = function (this: TappedMembers, slot) {
  this.tap.changed(this.tapHost, this, slot, true);
  this.untapped.remove.call(this, slot);
};

/** Who is told what a core hears of itself, and whether it let that stand. */
export interface SelfTap {
  heardOfSelf(host: number, incarnation: number, state: State, isAnswered: boolean): void;
}

/** Has all that a core hears of itself told to `tap`: answered by a higher incarnation, another identity, or its end. */
export function tapSelf(swim: Swim<unknown>, host: number, tap: SelfTap): void {
  const cluster = swim["cluster"];
  const untapped = cluster["learnOfSelf"];
  const tapped = (incarnation: number, state: State): void => {
    const before = cluster.self.bytes.slice();
    untapped.call(cluster, incarnation, state);
    const isSame = cluster.self.bytes.every((byte, at) => byte === before[at]);
    tap.heardOfSelf(host, incarnation, state, !isSame || swim.isDefunct || swim.incarnation > incarnation);
  };
  Object.assign(cluster, { learnOfSelf: tapped });
}

/** The host that a slot's identity names; -1 for none of ours. */
export function subjectOf(members: Members<unknown>, slot: number, naming: Naming): number {
  return naming.hostOf(members.rows, members.identityAt(slot));
}
