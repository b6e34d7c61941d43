import { State, STATE_NAMES } from "./codec.js";
import { requireInteger } from "./schema.js";

/**
 * A member as a plain value. `JSON.stringify` can write it, and `Swim.applyMany` takes it back after `JSON.parse`.
 * foca: `Member`.
 */
export interface Member<T> {
  /** The member's identity. */
  identity: T;
  /** A number from 0 to 65535 that only the member itself raises, to refute a suspicion. */
  incarnation: number;
  /** How the member is seen: `"Alive"`, `"Suspect"` or `"Down"`. */
  state: keyof typeof State;
}

/** A member that said that it takes a nap. */
export interface Sleeper<T> {
  /** The identity that it had. It comes back under a renewed one. */
  identity: T;
  /** For how many milliseconds it promised to sleep at most. */
  napMs: number;
}

/** The largest incarnation. A member that is suspected at it cannot refute, and must rejoin with a new identity. */
export const MAX_INCARNATION = 0xffff;

/**
 * Whether news about a member takes the place of what is known of the same identity (SWIM section 4.2): Down
 * overrides all and yields to nothing, Suspect overrides Alive of the same incarnation, else the higher one wins.
 */
export function overrides(
  newState: State,
  newIncarnation: number,
  state: State,
  incarnation: number,
): boolean {
  if (state === State.Down) return false;
  if (newState === State.Down) return true;
  if (newState === State.Suspect && state === State.Alive) return newIncarnation >= incarnation;
  return newIncarnation > incarnation;
}

/**
 * The state of that name.
 * @throws TypeError when there is none, or the incarnation is no integer; RangeError when that has more than 16 bits.
 */
export function checkMember(member: Member<unknown>): State {
  if (member === null || typeof member !== "object")
    throw new TypeError("expected a member, got " + String(member));
  requireInteger(member.incarnation, 0, MAX_INCARNATION);
  const state = STATE_NAMES.indexOf(member.state);
  if (state < 0)
    throw new TypeError('expected the state "Alive", "Suspect" or "Down", got ' + String(member.state));
  return state as State;
}
