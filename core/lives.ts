// Our lives, one after the other: how we leave, are declared Down, and come back under another identity. A function takes the
// parts that it acts on; `Protocol` has them.
import type { IdentityRef } from "./codec.js";
import type { Connection } from "./connection.js";
import { Deadline } from "./deadlines.js";
import type { Knowledge } from "./knowledge.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import type { Spreader } from "./spreader.js";
import { forgetAllHeard } from "./strangers.js";

/** Down cannot be refuted: we come back under a renewed identity, or are defunct. */
export function die<T>(connection: Connection<T>, spreader: Spreader<T>): void {
  const deadlines = connection.deadlines;
  // Who left hears of it once more from the others, and stays away.
  if (connection.isDefunct || deadlines.has(Deadline.Rejoin)) return;
  const nowMs = connection.knowledge.readClock();
  const waitMs = connection.noteDeath(nowMs);
  if (waitMs === 0) rejoin(connection, spreader, nowMs);
  else deadlines.set(Deadline.Rejoin, nowMs + waitMs);
}

/** Comes back after we were declared Down, or is defunct when our identity cannot be renewed. */
export function rejoin<T>(connection: Connection<T>, spreader: Spreader<T>, nowMs: number): void {
  const knowledge = connection.knowledge;
  const env = knowledge.env;
  const self = knowledge.self;
  const members = knowledge.members;
  const slot = members.find(self.ref);
  // Who holds our address under an identity that wins against ours.
  const past = slot !== NONE && members.wins(slot, self.ref) ? members.value(slot) : undefined;
  const type = members.type;
  const step = connection.noteRejoin(nowMs);
  const renewed = type.renew(self.ref.value, step, past);
  if (renewed !== undefined) {
    const ref = knowledge.encode(renewed);
    if (!self.is(ref) && type.wins(self.dialect, ref.bytes, ref.at, self.ref.bytes, self.ref.at)) {
      env.metrics[Metric.Rejoins]++;
      try {
        changeIdentity(connection, spreader, ref, nowMs);
      } finally {
        if (env.runtime.rejoin) env.runtime.rejoin(self.ref.value);
      }
      return;
    }
  }
  if (connection.end() && env.runtime.defunct) env.runtime.defunct();
}

/** Takes another identity at `nowMs`, just read; the previous one is declared Down unless it is already. */
export function changeIdentity<T>(
  connection: Connection<T>,
  spreader: Spreader<T>,
  ref: IdentityRef<T>,
  nowMs: number,
): void {
  if (!connection.isDefunct) sayFarewell(connection.knowledge, 0);
  become(connection, ref, nowMs);
  spreader.gossip();
}

/**
 * Comes back under a renewed identity after `leave`, quietly: two members are told, of whom one may be away. False when the
 * identity cannot be renewed.
 */
export function wake<T>(connection: Connection<T>, spreader: Spreader<T>): boolean {
  const knowledge = connection.knowledge;
  const self = knowledge.self;
  const runtime = knowledge.env.runtime;
  const renewed = knowledge.members.type.renew(self.ref.value);
  if (renewed === undefined) return false;
  const nowMs = knowledge.readClock();
  takeBackFarewell(knowledge);
  become(connection, knowledge.encode(renewed), nowMs);
  // Who answers is there, and is told of the next nap first.
  forgetAllHeard(knowledge.members);
  try {
    spreader.announce(2);
  } finally {
    if (runtime.rejoin) runtime.rejoin(self.ref.value);
  }
  return true;
}

/** Declares ourselves Down, tells the cluster, and is defunct. `promise` is 0, or says when we are back (promise.ts). */
export function leave<T>(connection: Connection<T>, spreader: Spreader<T>, promise: number): void {
  const runtime = connection.knowledge.env.runtime;
  sayFarewell(connection.knowledge, promise);
  const isNew = connection.end();
  try {
    if (promise === 0) spreader.gossip();
    else spreader.sayNap();
  } finally {
    if (isNew && promise === 0 && runtime.defunct) runtime.defunct();
  }
}

/** Takes back that we left: we are here under the identity that we had. */
export function reuseIdentity<T>(connection: Connection<T>): void {
  const nowMs = connection.knowledge.readClock();
  takeBackFarewell(connection.knowledge);
  connection.reset(nowMs);
}

/** Does not declare our present identity Down any more. */
function takeBackFarewell<T>(knowledge: Knowledge<T>): void {
  const ref = knowledge.self.ref;
  knowledge.farewells.remove(ref.bytes, ref.at, ref.length);
}

/** Queues our present identity to be declared Down; `incarnation` is 0, or a promise to be back. */
export function sayFarewell<T>(knowledge: Knowledge<T>, incarnation: number): void {
  const self = knowledge.self;
  const ref = self.ref;
  const start = self.addressStart;
  const end = start + self.addressLength;
  const transmissions = knowledge.env.config.maxTransmissions;
  knowledge.farewells.add(ref.bytes, ref.at, ref.length, start, end, transmissions, incarnation);
}

/** Becomes another identity. Whoever had our address before us is declared Down: it is not there any more. */
function become<T>(connection: Connection<T>, ref: IdentityRef<T>, nowMs: number): void {
  const knowledge = connection.knowledge;
  const members = knowledge.members;
  const self = knowledge.self;
  self.become(ref);
  knowledge.ring.forget();
  takeBackFarewell(knowledge);
  connection.reset(nowMs);
  const slot = members.find(self.ref);
  if (slot === NONE) return;
  const isSame = members.isIdentity(slot, self.ref);
  try {
    if (members.isActive(slot)) knowledge.declareDown(slot, false);
  } finally {
    if (isSame) knowledge.forget(slot);
  }
}
