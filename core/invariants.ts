// What is true of a node between any two calls of `Swim`, also after a call that a runtime method or a handler ended by an
// exception. Only a debug build has this module; see `DEBUG`.
import { State } from "./codec.js";
import { Deadline } from "./deadlines.js";
import type { Knowledge } from "./knowledge.js";
import { bucketOf } from "./lookup.js";
import { MAX_INCARNATION } from "./member.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import { entryAt, MOST, QUEUED } from "./passing.js";
import type { Protocol } from "./protocol.js";
import { SCRATCH } from "./table.js";
import type { Updates } from "./updates.js";

// Words of a slot: see `Table.words`.
const WORDS = 8;
const CHAIN = 3;
const NEXT = 4;
const PREVIOUS = 5;
const POSITION = 6;
const MOST_FAREWELLS = 4;

/**
 * Checks all that must be true of a node when none of its calls is running.
 *
 * A call that was ended by an exception may leave two things behind that the next call makes up for: we may not have
 * followed whether anybody is active, and the wake-up may not have been asked for. `Order.hasNewDeadline` is set then.
 * @throws Error that names what is broken, and the slot, position or number that it is about
 */
export function checkInvariants<T>(protocol: Protocol<T>): void {
  const knowledge = protocol.knowledge;
  const members = knowledge.members;
  checkSections(members);
  checkHeap(members, false);
  checkHeap(members, true);
  checkChains(members);
  checkRows(knowledge);
  checkQueue(members, knowledge.updates);
  checkSelf(knowledge);
  checkProbe(knowledge);
  checkFarewells(protocol);
  checkPassing(knowledge);
  checkBroadcasts(knowledge);
  checkConnection(protocol);
  checkWakeUp(protocol);
}

function must(holds: boolean, what: string, about: number): void {
  if (!holds) throw new Error("Broken invariant: " + what + " (" + about + ")");
}

/** Whether a slot is that of a member, active or Down. */
function isKnown<T>(members: Members<T>, slot: number): boolean {
  if (!(slot >= 0 && slot < members.capacity)) return false;
  const order = members.order;
  if (order.isActive(slot)) return true;
  const index = members.capacity - 1 - members.words[slot * WORDS + POSITION];
  return index >= 0 && index < order.numDown && order.downAt(index) === slot;
}

/** Every member is in one section, by its state, and knows its position. */
function checkSections<T>(members: Members<T>): void {
  const order = members.order;
  const words = members.words;
  const capacity = members.capacity;
  const unprobedEnd = order["unprobedEnd"];
  must(
    order["words"] === words && order["capacity"] === capacity,
    "the order has the table's words",
    capacity,
  );
  must(order["deadlines"].buffer === words.buffer, "deadlines are a view of the words", capacity);
  must(order.numActive + order.numDown === members.length, "all members are in a section", members.length);
  must(members.length <= capacity, "there is a slot for each member", members.length);
  must(unprobedEnd >= order.numSuspect, "the unprobed come behind the suspects", unprobedEnd);
  must(unprobedEnd <= order.numActive, "the unprobed are active", unprobedEnd);
  let unprobedSuspects = 0;
  let numHeard = 0;
  for (let i = 0; i < order.numActive; i++) {
    const slot = order.activeAt(i);
    const isSuspect = i < order.numSuspect;
    must(slot < capacity && words[slot * WORDS + POSITION] === i, "an active slot knows its position", slot);
    must(
      members.state(slot) === (isSuspect ? State.Suspect : State.Alive),
      "an active slot has its state",
      slot,
    );
    if (isSuspect && !order["wasProbed"](slot)) unprobedSuspects++;
    if (members.wasHeard(slot)) numHeard++;
  }
  for (let i = 0; i < order.numDown; i++) {
    const slot = order.downAt(i);
    const position = capacity - 1 - i;
    must(
      slot < capacity && words[slot * WORDS + POSITION] === position,
      "a Down slot knows its position",
      slot,
    );
    must(members.state(slot) === State.Down, "a Down slot has its state", slot);
    must(!members.wasHeard(slot), "a Down slot does not count as heard", slot);
  }
  must(order.numHeard === numHeard, "those that were heard are counted", order.numHeard);
  must(order["unprobedSuspects"] === unprobedSuspects, "the unprobed suspects are counted", unprobedSuspects);
}

/** Deadlines are in the order of a heap, but for the lowest bit, which is the mark of the round. */
function checkHeap<T>(members: Members<T>, isDown: boolean): void {
  const order = members.order;
  const deadlines = order["deadlines"];
  const size = isDown ? order.numDown : order.numSuspect;
  for (let i = 1; i < size; i++) {
    const parent = (i - 1) >> 1;
    const slot = isDown ? order.downAt(i) : order.activeAt(i);
    const parentSlot = isDown ? order.downAt(parent) : order.activeAt(parent);
    const deadline = deadlines[(slot * WORDS) / 2] >> 1;
    must(deadlines[(parentSlot * WORDS) / 2] >> 1 <= deadline, "deadlines are in the order of a heap", slot);
  }
}

/** Every member hangs in the hash chain of its address, and every other slot in the list of the free. */
function checkChains<T>(members: Members<T>): void {
  const words = members.words;
  let chained = 0;
  for (let bucket = members["bucketsAt"]; bucket < members.endsAt; bucket++) {
    for (let slot = words[bucket]; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
      must(isKnown(members, slot), "who hangs in a hash chain is a member", slot);
      const start = members.type.addressStart(members.dialect, members.bytes, members.identityAt(slot));
      const length = members.type.addressEnd(members.dialect, members.bytes, start) - start;
      must(
        bucketOf(members, members.bytes, start, length) === bucket,
        "a member hangs in the chain of its address",
        slot,
      );
      chained++;
      must(chained <= members.length, "a hash chain ends", slot);
    }
  }
  must(chained === members.length, "every member hangs in a hash chain", chained);
  let free = 0;
  for (let slot = members["freeSlot"]; slot !== NONE && free < members.capacity; free++) {
    if (members.length + free === members.capacity) break;
    must(!isKnown(members, slot), "a free slot is no member", slot);
    slot = words[slot * WORDS + CHAIN];
  }
  must(members.length + free === members.capacity, "every slot is a member's or free", free);
}

/** Rows are as wide as the settings allow, and identities fit them. */
function checkRows<T>(knowledge: Knowledge<T>): void {
  const members = knowledge.members;
  const order = members.order;
  const config = knowledge.env.config;
  const longest = members.longestIdentity;
  must(members.maxMembers === config.maxMembers, "maxMembers is in force", members.maxMembers);
  must(longest <= config.maxIdentityLength, "no row is wider than maxIdentityLength", longest);
  const ownAt = members.ownAt;
  const rowsEnd = members.rowsAt + members.capacity * members.rowSize;
  must(ownAt - SCRATCH >= rowsEnd && ownAt % 4 === 0, "there is a row for each slot", ownAt);
  must(members.bytes.buffer === members.words.buffer, "bytes and words are of one buffer", ownAt);
  const ref = knowledge.self.ref;
  must(ref.bytes === members.bytes && ref.at === ownAt, "our identity stands in the table's buffer", ref.at);
  for (let i = 0; i < members.length; i++) {
    const slot = i < order.numActive ? order.activeAt(i) : order.downAt(i - order.numActive);
    const length = members.identityLength(slot);
    const at = members.identityAt(slot);
    const tailEnd = members.codec.tailEnd(members.bytes, at + length);
    must(length > 0 && tailEnd <= at + members.rowSize, "a member fits its row", slot);
    must(members.bytes[tailEnd - 1] === members.state(slot), "a row has the member's state", slot);
  }
}

/** The lists of the queue are whole: linked both ways, of members with that number, as many as there should be. */
function checkQueue<T>(members: Members<T>, updates: Updates): void {
  const words = members.words;
  const endsAt = members.endsAt;
  const numLists = (members.rowsAt / 2 - endsAt) / 2;
  let queued = 0;
  must(updates["most"] < numLists, "there is a list for the most transmissions", updates["most"]);
  for (let remaining = 0; remaining < numLists; remaining++) {
    let previous = NONE;
    for (let slot = words[endsAt + remaining * 2]; slot !== NONE; slot = words[slot * WORDS + NEXT]) {
      must(isKnown(members, slot), "who is in the queue is a member", slot);
      must(words[slot * WORDS + PREVIOUS] === previous, "the queue is linked both ways", slot);
      must(members.remaining(slot) === remaining, "a queued update is in the list of its number", slot);
      must(remaining > 0 && remaining <= updates["most"], "a queued update may still be sent", slot);
      previous = slot;
      queued++;
      must(queued <= updates.length, "the queue has no more updates than were counted", queued);
    }
    must(words[endsAt + remaining * 2 + 1] === previous, "a list of the queue ends with its last", remaining);
  }
  must(queued === updates.length, "the queue has all the updates that were counted", queued);
  const order = members.order;
  for (let i = 0; i < members.length; i++) {
    const slot = i < order.numActive ? order.activeAt(i) : order.downAt(i - order.numActive);
    if (members.remaining(slot) > 0) queued--;
  }
  must(queued === 0, "every member with transmissions left is in the queue", queued);
}

/** We are no member of our own table, and nobody active has our address. */
function checkSelf<T>(knowledge: Knowledge<T>): void {
  const self = knowledge.self;
  const members = knowledge.members;
  const incarnation = self.incarnation;
  must(incarnation >= 0 && incarnation <= MAX_INCARNATION, "our incarnation has 16 bits", incarnation);
  must(
    self.ref.length <= knowledge.env.config.maxIdentityLength,
    "our identity is not too long",
    self.ref.length,
  );
  const slot = members.find(self.ref);
  if (slot === NONE) return;
  must(!members.isIdentity(slot, self.ref), "our identity is not in the table", slot);
  must(!members.isActive(slot), "nobody active has our address", slot);
}

/** Those whom the probe waits for are members, and so is our successor. */
function checkProbe<T>(knowledge: Knowledge<T>): void {
  const members = knowledge.members;
  const probe = knowledge.probe;
  const target = probe.target;
  const helpers = probe["helpers"];
  must(target === NONE || isKnown(members, target), "the probe's target is a member", target);
  must(probe["numHelpers"] <= helpers.length, "the probe's helpers are there", probe["numHelpers"]);
  for (let i = 0; i < probe["numHelpers"]; i++) {
    must(isKnown(members, helpers[i]), "a helper is a member", helpers[i]);
    must(helpers[i] !== target, "the target is not its own helper", target);
    must(helpers.indexOf(helpers[i]) === i, "a helper is asked once", helpers[i]);
  }
  checkSuccessor(members, knowledge.ring["slot"], members.order.numActive);
  checkSuccessor(members, knowledge.ring["heardSlot"], members.order.numHeard);
}

/** A successor is active, and there is one where there are members to choose from. */
function checkSuccessor<T>(members: Members<T>, successor: number, numMembers: number): void {
  if (successor === NONE) must(numMembers === 0, "we have a successor", numMembers);
  else must(successor < 0 || members.order.isActive(successor), "our successor is active", successor);
}

/** Farewells are few, are still to be sent, and are of what we are no longer. */
function checkFarewells<T>(protocol: Protocol<T>): void {
  const farewells = protocol.knowledge.farewells;
  const entries = farewells["entries"];
  if (entries === undefined) return;
  must(entries.length <= MOST_FAREWELLS, "there are few farewells", entries.length);
  for (let i = 0; i < entries.length; i++) {
    const bytes = entries[i].bytes;
    must(entries[i].remaining > 0, "a farewell is still to be sent", i);
    const isOurs = protocol.knowledge.self.ref.equals(bytes, 0, bytes.length);
    must(!isOurs || protocol.connection.isDefunct, "what we are is not declared Down", i);
  }
}

/** What is passed on is counted. */
function checkPassing<T>(knowledge: Knowledge<T>): void {
  const list = knowledge.passing;
  if (list === undefined) return;
  let queued = 0;
  for (let i = 0; i < MOST; i++) if (list[entryAt(list, i)] > 0) queued++;
  must(list[QUEUED] === queued, "what is to be passed on is counted", queued);
}

/** Custom broadcasts are counted, and the least-sent comes first, of equals the longer. */
function checkBroadcasts<T>(knowledge: Knowledge<T>): void {
  const entries = knowledge.broadcasts["entries"];
  for (let i = 0; i < entries.length; i++) {
    must(entries[i].remaining > 0, "a custom broadcast is still to be sent", i);
    if (i === 0) continue;
    const less = entries[i - 1].remaining - entries[i].remaining;
    const shorter = entries[i - 1].bytes.length - entries[i].bytes.length;
    must(less > 0 || (less === 0 && shorter >= 0), "custom broadcasts are in their order", i);
  }
}

/** We are connected while anybody is active, and only who is connected probes, gossips and declares Down. */
function checkConnection<T>(protocol: Protocol<T>): void {
  const connection = protocol.connection;
  const deadlines = protocol.connection.deadlines;
  const order = protocol.knowledge.members.order;
  const isConnected = connection.isConnected;
  if (!order.hasNewDeadline)
    must(!connection.isBehind, "we follow whether anybody is active", order.numActive);
  // Who has renewed its identity begins to probe in a while; see `Connection.reset`.
  const probes = deadlines.has(Deadline.Probe);
  must(probes || !isConnected, "who is connected probes", order.numActive);
  if (connection.isDefunct) {
    must(!probes, "who is defunct does not probe", 0);
    must(!deadlines.has(Deadline.Rejoin), "who is defunct does not rejoin", 0);
  }
  if (isConnected) return;
  must(protocol.knowledge.probe.target === NONE, "who is not connected waits for no answer", 0);
  must(!deadlines.has(Deadline.IndirectProbe), "who is not connected asks no helpers", 0);
  must(!deadlines.has(Deadline.PeriodicGossip), "who is not connected does not gossip", 0);
  must(order.firstSuspicionMs === Infinity, "who is not connected declares nobody Down", order.numSuspect);
}

/** The runtime was asked to wake us by the next deadline. */
function checkWakeUp<T>(protocol: Protocol<T>): void {
  const deadlines = protocol.connection.deadlines;
  if (protocol.knowledge.members.order.hasNewDeadline) return;
  deadlines.next();
  must(deadlines.wakeMs <= deadlines.nextMs, "the wake-up was asked for", deadlines.nextMs);
}
