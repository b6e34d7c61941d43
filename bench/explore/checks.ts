// What must hold of each step of one host, whatever the others do, and of each moment of all of them.
import { State, Status, statusName } from "../../core/index.js";
import { Event, messageOf } from "./events.js";
import { isActive, type Held, type Local } from "./local.js";
import { isTransportError, type Machine, type Step } from "./machine.js";
import type { Messages } from "./messages.js";

/** More datagrams than one event may cause: a few for each other host. */
const MOST_SENT_EACH = 4;

/** What no node may say of what another sent. */
const UNREADABLE: ReadonlySet<Status | undefined> = new Set([
  Status.DataTooBig,
  Status.Decode,
  Status.MalformedPacket,
]);

/** What is wrong with a step, each by the name of its rule; empty for nothing. */
export function wrongStep(
  before: Local,
  event: number,
  step: Step,
  machine: Machine,
  messages: Messages,
): string[] {
  const { next, sent, error, status } = step;
  const wrong: string[] = [];
  // What foca does is its own affair; what all of them come to is not.
  if (before.foca !== undefined || next.foca !== undefined) return wrong;
  const { numHosts } = machine.naming;
  if (error !== undefined && !isTransportError(error)) wrong.push("throws: " + String(error));
  if (UNREADABLE.has(status)) wrong.push("refusal: says " + statusName(status as Status));
  if (sent.length > MOST_SENT_EACH * numHosts) wrong.push("burst: sends " + sent.length + " datagrams");
  const isNewLife = next.life !== before.life;
  const isSetBack = event === Event.StartBack;
  if (!isSetBack && next.life < before.life) wrong.push("life: goes back");
  // To take back that it left has a life begin anew, as in foca.
  const beginsAnew = isNewLife || isSetBack || event === Event.Start || event === Event.Reuse;
  if (!beginsAnew && next.incarnation < before.incarnation) wrong.push("incarnation: goes back");
  if (event !== Event.Crash && event !== Event.Start && !isSetBack)
    for (let host = 0; host < numHosts; host++)
      if (goesBack(before.held[host], next.held[host])) wrong.push("order: holds an older state of " + host);
  // Of N members, all others but one have two turns at most between two of a member: 2 N - 2 turns.
  const mostWaits = 2 * (numHosts - 1) - 2;
  next.waits.forEach((wait, host) => {
    if (wait > mostWaits) wrong.push("round: " + host + " has no turn in " + wait + " turns");
  });
  wrong.push(...wrongSent(step, machine));
  const message = messageOf(event);
  if (message >= 0) wrong.push(...wrongAnswer(before, step, machine, messages, message));
  if (next.isOn && !next.isDefunct && !next.hasDeadline && next.held.some(isActive))
    wrong.push("wake-up: is connected and has no deadline");
  return wrong;
}

/** Whether what is held of a host has become older; to forget it is no going back. */
function goesBack(before: Held | undefined, next: Held | undefined): boolean {
  if (before === undefined || next === undefined) return false;
  if (next.life !== before.life) return next.life < before.life;
  if (before.state === State.Down) return next.state !== State.Down;
  if (next.state === State.Down) return false;
  if (next.incarnation !== before.incarnation) return next.incarnation < before.incarnation;
  return next.state < before.state;
}

function wrongSent(step: Step, machine: Machine): string[] {
  const { next, sent } = step;
  const wrong: string[] = [];
  for (const { datagram } of sent) {
    // Who is here does not say that it is gone.
    const death = "Down " + datagram.from + "@";
    if (
      !next.isDefunct &&
      datagram.updates.some((update) => update.startsWith(death)) &&
      isLifeOf(datagram.from, next.life)
    )
      wrong.push("farewell: tells its own death and is there");
    if (datagram.kind !== "Feed") continue;
    // All are told, but who asks.
    const asker = machine.naming.hostNamed(datagram.to);
    const active = next.held.filter((held, host) => isActive(held) && host !== asker && host !== next.host);
    const named = new Set(datagram.updates.map((update) => update.split(/[ @]/)[1]));
    if (named.size !== active.length) wrong.push("feed: names " + named.size + " of " + active.length);
  }
  return wrong;
}

/** Whether a name such as `"2.7"` names that life. */
function isLifeOf(name: string, life: number | undefined): boolean {
  return Number(name.split(".")[1]) === life;
}

function wrongAnswer(before: Local, step: Step, machine: Machine, messages: Messages, id: number): string[] {
  const { next } = step;
  const { datagram } = messages.get(id);
  const wrong: string[] = [];
  if (step.status !== Status.Ok || step.error !== undefined) return wrong;
  const sender = machine.naming.hostNamed(datagram.from);
  const helper = before.held[sender];
  const isHelper =
    ((before.asked >> sender) & 1) === 1 && isActive(helper) && isLifeOf(datagram.from, helper?.life);
  if (datagram.kind === "ForwardedAck" && isHelper && datagram.n === before.openProbe)
    if (next.openProbe === datagram.n) wrong.push("helpers: an answer does not count");
  for (const update of datagram.updates) {
    const [state, name, incarnation] = update.split(/[ @]/);
    if (machine.naming.hostNamed(name) !== next.host || !isLifeOf(name, before.life) || before.isDefunct)
      continue;
    // A suspicion is refuted, a death ends in another life, or none.
    if (state === "Suspect" && next.life === before.life && next.incarnation <= Number(incarnation))
      if (!next.isDefunct) wrong.push("refutation: lets a suspicion stand");
  }
  return wrong;
}

/** What is wrong with all hosts at one moment: nobody holds what never was. */
export function wrongMoment(locals: readonly Local[]): string | undefined {
  for (const observer of locals) {
    if (!observer.isOn) continue;
    for (let host = 0; host < locals.length; host++) {
      const held = observer.held[host];
      if (held === undefined || host === observer.host) continue;
      const { life, topLife, incarnation } = locals[host];
      if (held.life > topLife) return `truth: ${observer.host} holds a life of ${host} that never was`;
      if (
        held.life === life &&
        life === topLife &&
        held.incarnation > incarnation &&
        held.state !== State.Down
      )
        return `truth: ${observer.host} holds an incarnation of ${host} that never was`;
    }
  }
  return undefined;
}
