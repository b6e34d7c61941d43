// What the explorer reads off a core between two events, beside what the core's state means.
import type { Renewable, Swim } from "../../core/index.js";
import { NONE } from "../../core/order.js";
import type { Held } from "./local.js";
import type { Message } from "./messages.js";
import type { Naming } from "./naming.js";

/** Turns that are counted at most. */
const MOST_WAITS = 15;

/** How many turns of others each host has waited for. */
export function waitsAfter(
  naming: Naming,
  swim: Swim<Renewable>,
  before: readonly number[],
  turns: readonly number[],
  heard: number,
): number[] {
  const { members } = swim["protocol"].knowledge;
  const { order } = members;
  const waits: number[] = new Array<number>(naming.numHosts).fill(0);
  for (let i = 0; i < order.numActive; i++) {
    const host = naming.hostAt(members.bytes, members.identityAt(order.activeAt(i)));
    if (host >= naming.numHosts) continue;
    let wait = before[host] ?? 0;
    for (const turn of turns) wait = turn === host ? 0 : wait + 1;
    waits[host] = host === heard ? 0 : Math.min(wait, MOST_WAITS);
  }
  return waits;
}

/** How a core holds each host; undefined for one that it does not know. */
export function heldBy(naming: Naming, swim: Swim<Renewable>): (Held | undefined)[] {
  const { members } = swim["protocol"].knowledge;
  const { order } = members;
  const held: (Held | undefined)[] = new Array<undefined>(naming.numHosts).fill(undefined);
  const note = (slot: number): void => {
    const at = members.identityAt(slot);
    const host = naming.hostAt(members.bytes, at);
    if (host >= naming.numHosts) return;
    const incarnation = members.isAsleep(slot) ? 0 : members.incarnation(slot);
    held[host] = { life: naming.lifeAt(members.bytes, at), incarnation, state: members.state(slot) };
  };
  for (let i = 0; i < order.numActive; i++) note(order.activeAt(i));
  for (let i = 0; i < order.numDown; i++) note(order.downAt(i));
  return held;
}

/** When the next deadline of a core comes due. */
export function nextDeadline(swim: Swim<Renewable>): number {
  const { deadlines } = swim["protocol"].connection;
  deadlines.next();
  return deadlines.nextMs;
}

/** The number of the probe whose target has not answered yet; -1 when there is none. */
export function openProbe(swim: Swim<Renewable>): number {
  const { probe } = swim["protocol"].knowledge;
  return probe.target === NONE || probe.succeeded ? -1 : probe.number;
}

/** Helpers that were asked for the probe that runs after so much was sent. */
export function askedAfter(asked: number, sent: readonly Message[]): number {
  let isProbing = false;
  for (const { to, datagram } of sent) {
    // A probe begins with a Ping, and asks its helpers later; those are pinged, too, but after they are asked.
    if (datagram.kind === "PingReq") {
      asked = isProbing ? asked | (1 << to) : 1 << to;
      isProbing = true;
    } else if (datagram.kind === "Ping" && !isProbing) asked = 0;
  }
  return asked;
}
