/** What can happen to a host besides a datagram. */
export const Event = Object.freeze({
  /** Its next deadline comes due, at just that time. */
  Timer: 0,
  /** The same, but chance decides all the other way. */
  OtherTimer: 1,
  /** It stalls: its next deadline is noticed late. */
  Stall: 2,
  /** A datagram that it sends for its next deadline cannot be sent: the transport throws. */
  ThrowingTimer: 3,
  Crash: 4,
  /** It starts again under its next life, and announces itself to the next host of the circle. */
  Start: 5,
  /** It starts again with a clock or store that was set back: under its first life. */
  StartBack: 6,
  Leave: 7,
  /** It takes back that it left. */
  Reuse: 8,
  /** Its program gives it another identity at its address. */
  ChangeIdentity: 9,
  Nap: 10,
  WakeUp: 11,
  NetworkChanged: 12,
  /** Its settings have it ask one helper only from now on. */
  LowerHelpers: 13,
});
export type Event = (typeof Event)[keyof typeof Event];
export const EVENT_NAMES = Object.keys(Event);

/** Events from here on are datagrams: two numbers for each, the second when what is sent for it cannot be sent. */
const FIRST_DATAGRAM = 16;

/** The event that a message is delivered. */
export function delivery(message: number, isThrowing = false): number {
  return FIRST_DATAGRAM + message * 2 + (isThrowing ? 1 : 0);
}

/** The message that an event delivers; -1 for others. */
export function messageOf(event: number): number {
  return event < FIRST_DATAGRAM ? -1 : (event - FIRST_DATAGRAM) >> 1;
}

/** Whether the transport throws in an event, at the first datagram. */
export function isThrowing(event: number): boolean {
  return event === Event.ThrowingTimer || (event >= FIRST_DATAGRAM && (event & 1) === 1);
}
