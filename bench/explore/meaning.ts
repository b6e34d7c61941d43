// What of a core's state makes a difference to what it does from now on. Two states that mean the same are one to the
// explorer; `host-tests/explore` holds it to that, by following two such states side by side.
import type { Renewable, Swim } from "../../core/index.js";
import { NONE } from "../../core/order.js";
import type { Members } from "../../core/members.js";
import type { Hash } from "./hash.js";
import type { Naming } from "./naming.js";

/** Longer ago than this is long ago, whatever it is: no core remembers anything for longer that is not a deadline. */
const LONG_AGO_MS = 60_000;
/** Turns without news after which more of them make no difference. */
const QUIET = 10;
const NOBODY = 255;
/** When a member was heard that never was, as `Order` keeps it. */
const NEVER_HEARD = -0x80000000;
const RENEWED = 3;

/** Feeds `hash` what a core's state means, with the hosts called as `names` has it. */
export class Meaning {
  private readonly naming: Naming;
  private hash!: Hash;
  private names: readonly number[] = [];
  private members!: Members<Renewable>;
  private isListing = false;

  constructor(naming: Naming) {
    this.naming = naming;
  }

  tell(swim: Swim<Renewable>, nowMs: number, names: readonly number[], hash: Hash): void {
    const { knowledge, outbox } = swim["protocol"];
    this.hash = hash;
    this.names = names;
    this.members = knowledge.members;
    this.isListing = knowledge.env.config.listToSuccessor;
    this.tellSelf(swim, nowMs);
    this.tellMembers(nowMs);
    this.tellQueues(swim);
    this.tellProbe(swim, nowMs);
    this.tellTimes(swim, nowMs);
    hash.add(outbox.feedsDue);
    hash.add(outbox.heldBack);
    hash.add(knowledge.env.config.numIndirectProbes);
  }

  private name(host: number): void {
    this.hash.add(this.names[host] ?? NOBODY);
  }

  /** Who is at a slot, and which of those that were there. */
  private slot(slot: number): void {
    const { naming, members, hash } = this;
    if (slot < 0 || slot >= members.capacity) return hash.add(NOBODY);
    this.name(naming.hostAt(members.bytes, members.identityAt(slot)));
    hash.addNumber(naming.lifeAt(members.bytes, members.identityAt(slot)));
  }

  private tellSelf(swim: Swim<Renewable>, nowMs: number): void {
    const { hash, naming } = this;
    const { knowledge, connection, spreader } = swim["protocol"];
    const { self, ring } = knowledge;
    this.name(naming.hostAt(self.ref.bytes, self.ref.at));
    hash.addNumber(naming.lifeAt(self.ref.bytes, self.ref.at));
    hash.add(self.incarnation);
    hash.add(connection["state"]);
    const spentMs = nowMs - connection["spentUntilMs"];
    const isLongAgo = spentMs > LONG_AGO_MS;
    hash.addNumber(isLongAgo ? LONG_AGO_MS : spentMs);
    hash.add(isLongAgo ? 0 : connection["deaths"]);
    hash.addNumber(connection["pauseMs"]);
    hash.addNumber(connection["state"] === RENEWED ? nowMs - connection["renewedMs"] : 0);
    hash.add((knowledge.hasDied ? 1 : 0) | (knowledge.owesSuccessor ? 2 : 0));
    this.slot(knowledge.lastHeard);
    hash.add(ring["slot"] < 0 ? 0 : 1);
    if (ring["slot"] >= 0) this.slot(ring["slot"]);
    hash.add(ring["heardSlot"] < 0 ? 0 : 1);
    if (ring["heardSlot"] >= 0) this.slot(ring["heardSlot"]);
    hash.add(Math.min(spreader.quietTurns, QUIET));
    hash.add(knowledge.numJoined - spreader["joinedAtList"]);
    hash.add(knowledge.numJoined === spreader.joinedAtFeed ? 1 : 0);
    hash.add(spreader["wantsList"] ? 1 : 0);
    const list = spreader["list"];
    hash.add(list.left);
    if (list.left > 0) for (const key of ["position", "stride", "count"] as const) hash.add(list[key]);
  }

  private tellMembers(nowMs: number): void {
    const { members, hash } = this;
    const { order } = members;
    hash.add(order.numActive);
    hash.add(order.numSuspect);
    hash.add(order["unprobedEnd"]);
    hash.add(order["turns"]);
    for (let position = 0; position < order.numActive; position++) {
      const slot = order.activeAt(position);
      this.tellMember(slot);
      hash.add(members.wasHeard(slot) ? 1 : 0);
      if (position >= order.numSuspect) hash.add(this.rankOfHearing(position, nowMs));
      else {
        hash.add(order["wasProbed"](slot) ? 1 : 0);
        hash.addNumber(order["deadlineMs"](slot) - nowMs);
      }
    }
    hash.add(order.numDown);
    for (let index = 0; index < order.numDown; index++) {
      const slot = order.downAt(index);
      this.tellMember(slot);
      hash.addNumber(order["deadlineMs"](slot) - nowMs);
    }
  }

  private tellMember(slot: number): void {
    const { members, hash } = this;
    this.slot(slot);
    hash.add(members.incarnation(slot));
    hash.add(members.state(slot));
    hash.add(members.remaining(slot));
    // A list for the successor goes by slot.
    if (this.isListing) hash.add(slot);
  }

  /**
   * When an Alive member was heard counts only against when others were, or will be: how many were heard before it, whether it
   * was heard at all, and whether just now.
   */
  private rankOfHearing(position: number, nowMs: number): number {
    const { order } = this.members;
    const heardAt = order["heardAt"](position);
    let rank = 0;
    for (let other = order.numSuspect; other < order.numActive; other++)
      if (order["heardAt"](other) < heardAt) rank++;
    const isNow = heardAt === NEVER_HEARD + 1 + Math.floor((nowMs - order.epochMs) * 2);
    return rank * 4 + (heardAt === NEVER_HEARD ? 0 : 1) + (isNow ? 2 : 0);
  }

  private tellQueues(swim: Swim<Renewable>): void {
    const { members, hash } = this;
    const { farewells, updates } = swim["protocol"].knowledge;
    const { words, endsAt } = members;
    hash.add(updates["most"]);
    for (let remaining = 1; (endsAt + remaining * 2) * 2 < members.rowsAt; remaining++) {
      let slot = words[endsAt + remaining * 2];
      for (; slot !== NONE; slot = words[slot * 8 + 4]) this.slot(slot);
      hash.add(-1);
    }
    for (const { bytes, incarnation, remaining } of farewells["entries"] ?? []) {
      this.name(this.naming.hostAt(bytes, 0));
      hash.addNumber(this.naming.lifeAt(bytes, 0));
      hash.add(incarnation);
      hash.add(remaining);
    }
  }

  private tellProbe(swim: Swim<Renewable>, nowMs: number): void {
    const { hash } = this;
    const { probe, env } = swim["protocol"].knowledge;
    hash.add(probe.number);
    this.slot(probe.target);
    hash.add(probe.target === NONE ? 0 : probe.incarnation);
    hash.add(probe.stage | (probe.succeeded ? 64 : 0));
    hash.add(probe.numHelpers);
    for (let i = 0; i < probe.numHelpers; i++) this.slot(probe.helpers[i]);
    hash.addNumber(probe.deafMs);
    if (!env.config.fitRtt) return;
    hash.addNumber(probe.target === NONE || probe.succeeded ? 0 : nowMs - probe.pingedMs);
    hash.addNumber(Number.isNaN(probe.smoothedRttMs) ? -1 : probe.smoothedRttMs);
    hash.addNumber(probe["rttSpreadMs"]);
  }

  private tellTimes(swim: Swim<Renewable>, nowMs: number): void {
    const { hash } = this;
    const { deadlines } = swim["protocol"].connection;
    for (const atMs of deadlines["at"]) hash.addNumber(atMs - nowMs);
    hash.addNumber(Math.min(nowMs - deadlines["graceMs"], LONG_AGO_MS));
    hash.add(this.members.order.hasNewDeadline ? 1 : 0);
    hash.addNumber(deadlines.wakeMs - nowMs);
  }
}
