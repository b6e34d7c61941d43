import type { PeriodicParams } from "./config.js";
import { Deadline, type Deadlines } from "./deadlines.js";
import type { Knowledge } from "./knowledge.js";

// The states of our connection: we know nobody active; we do, and probe; we were declared Down, or left; we have taken
// another identity, or ours again, and nobody has spoken to us since.
const DISCONNECTED = 0;
const CONNECTED = 1;
const DEFUNCT = 2;
const RENEWED = 3;

/** Rejoins that may follow each other at once, and the milliseconds after which there is one more. */
const REJOINS_AT_ONCE = 8;
const REJOIN_MS = 1000;
/** An incident is over when no ration was used up for so many milliseconds. */
const SAME_INCIDENT_MS = 10_000;
/** How many times larger each step of our renewals is than the one before, while one death follows the other. */
const STEP_GROWTH = 16;
/** No step is larger than this; docs/WIRE.md says why. */
const LARGEST_STEP = 2 ** 44;

/** Who hears nobody for so many times the time of a suspicion judges all the same. */
export const DEAF_AT_MOST = 10;

/** No timer of a platform runs for longer. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The pause after a death before Down members are announced to; each further one is twice as long. */
const FIRST_PAUSE_MS = 5000;

/**
 * Whether we are in the cluster, which periodic tasks that brings, and how soon we may come back after being declared
 * Down.
 */
export class Connection<T> {
  private state = DISCONNECTED;
  /** When the ration that our rejoins used up is whole again: a second later with each. */
  private spentUntilMs = -Infinity;
  /** Deaths of this incident. */
  private deaths = 0;
  /** The pause until Down members are announced to once more, unless the settings have a shorter one. */
  private pauseMs = Infinity;
  /** When we took another identity. */
  private renewedMs = 0;
  readonly knowledge: Knowledge<T>;
  readonly deadlines: Deadlines;

  constructor(knowledge: Knowledge<T>, deadlines: Deadlines) {
    this.knowledge = knowledge;
    this.deadlines = deadlines;
  }

  get isConnected(): boolean {
    return this.state === CONNECTED;
  }

  get isDefunct(): boolean {
    return this.state === DEFUNCT;
  }

  /** Whether we are defunct, or were, and nobody has spoken to us since. */
  get isAway(): boolean {
    return this.state >= DEFUNCT;
  }

  /** Whether a call was broken off before it could `follow` a change. */
  get isBehind(): boolean {
    const isAlone = this.knowledge.members.order.numActive === 0;
    return this.state === (isAlone ? CONNECTED : DISCONNECTED);
  }

  /**
   * Connects us when there is an active member, and disconnects us when none is left. Returns whether we are connected then.
   * When the runtime's clock throws, nothing has changed.
   */
  follow(): boolean {
    const state = this.state;
    const hasDied = this.knowledge.hasDied;
    if (hasDied) {
      this.knowledge.hasDied = false;
      this.pauseMs = FIRST_PAUSE_MS;
    }
    if (this.knowledge.members.order.numActive > 0) {
      if (state === CONNECTED) {
        if (hasDied && this.knowledge.env.config.seekDown) this.seekSoon(this.knowledge.readClock());
        return true;
      }
      if (state === DEFUNCT) return false;
      this.connect();
      return true;
    }
    if (state === DEFUNCT) return false;
    const wasConnected = this.state === CONNECTED;
    const nowMs = this.knowledge.readClock();
    this.state = DISCONNECTED;
    if (wasConnected) this.voidDeadlines();
    this.planWhenAlone(nowMs);
    if (wasConnected && this.knowledge.env.runtime.idle) this.knowledge.env.runtime.idle();
    return false;
  }

  private connect(): void {
    const config = this.knowledge.env.config;
    const runtime = this.knowledge.env.runtime;
    const nowMs = this.knowledge.readClock() + config.quietStartMs;
    const wasRenewed = this.state === RENEWED;
    this.state = CONNECTED;
    this.deadlines.set(Deadline.Probe, nowMs + config.probePeriodMs);
    this.plan(Deadline.PeriodicAnnounce, config.periodicAnnounce, nowMs);
    // What was told while our address was another is lost to us.
    if (wasRenewed && config.seekDown && config.periodicAnnounce !== null)
      this.deadlines.set(Deadline.PeriodicAnnounce, nowMs + 2 * config.probePeriodMs);
    this.plan(Deadline.PeriodicGossip, config.periodicGossip, nowMs);
    if (!this.deadlines.has(Deadline.PeriodicAnnounceToDown))
      this.planForDown(config.periodicAnnounceToDownMembers, nowMs);
    const keeper = this.knowledge.env.keeper;
    if (keeper !== undefined) keeper.joined();
    if (runtime.active) runtime.active();
  }

  private plan(deadline: number, task: PeriodicParams | null, nowMs: number): void {
    if (task !== null) this.deadlines.set(deadline, nowMs + task.frequencyMs);
  }

  /** Announces to Down members when alone too, because nobody else may be there to begin. */
  private planWhenAlone(nowMs: number): void {
    if (this.knowledge.members.order.numDown === 0 || this.deadlines.has(Deadline.PeriodicAnnounceToDown))
      return;
    this.planForDown(this.knowledge.env.config.periodicAnnounceToDownMembers, nowMs);
  }

  /** Plans when to announce to Down members next, or not any more. */
  planForDown(task: PeriodicParams | null, nowMs: number): void {
    let waitMs = task === null ? Infinity : task.frequencyMs;
    if (task !== null && this.knowledge.env.config.seekDown) {
      waitMs = Math.min(waitMs, this.pauseMs);
      this.pauseMs = waitMs * 2;
      waitMs *= 0.5 + (this.knowledge.env.random() >>> 0) / 0x100000000;
    }
    this.deadlines.set(Deadline.PeriodicAnnounceToDown, nowMs + waitMs);
  }

  /** Has Down members announced to soon: a suspicion ended in a death, or the network is back. */
  seekSoon(nowMs: number): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.planForDown(this.knowledge.env.config.periodicAnnounceToDownMembers, nowMs);
  }

  /** Makes us defunct; returns whether we were not before. */
  end(): boolean {
    const wasDefunct = this.state === DEFUNCT;
    this.state = DEFUNCT;
    this.voidDeadlines();
    this.deadlines.set(Deadline.Rejoin, Infinity);
    return !wasDefunct;
  }

  /** Starts over under the identity we have: nothing is pending, and the next news connects us again. */
  reset(nowMs: number): void {
    this.state = RENEWED;
    this.renewedMs = nowMs;
    this.knowledge.self.incarnation = 0;
    this.voidDeadlines();
    this.deadlines.set(Deadline.Rejoin, Infinity);
    this.planWhenAlone(nowMs);
    // Should nobody have heard of our new identity, we must be the one to speak.
    const config = this.knowledge.env.config;
    if (this.knowledge.members.order.numActive > 0) {
      this.plan(Deadline.PeriodicAnnounce, config.periodicAnnounce, nowMs);
      // Should none of them be there any more, only probes find out.
      const waitMs = Math.min(DEAF_AT_MOST * config.suspectToDownAfterMs, LONGEST_TIMER_MS);
      this.deadlines.set(Deadline.Probe, nowMs + waitMs);
    }
    this.announceSoon(nowMs);
  }

  /**
   * Has the next Announce sent sooner when nobody has spoken to us since we renewed our identity: after a probe period, and
   * then after pauses that double.
   */
  announceSoon(nowMs: number): void {
    const config = this.knowledge.env.config;
    const task = config.periodicAnnounce;
    if (!config.seekDown || this.state !== RENEWED || !this.deadlines.has(Deadline.PeriodicAnnounce)) return;
    const pauseMs = Math.max(config.probePeriodMs, nowMs - this.renewedMs);
    if (task !== null && pauseMs < task.frequencyMs)
      this.deadlines.set(Deadline.PeriodicAnnounce, nowMs + pauseMs);
  }

  private voidDeadlines(): void {
    this.knowledge.probe.clear();
    this.deadlines.clear();
    this.knowledge.members.order.clearSuspicions();
  }

  /**
   * Notes a death of ours. Returns how many milliseconds to wait before we come back: a few times at once, then once a
   * second, because who tells us that we are Down may answer every rejoin by the same.
   */
  noteDeath(nowMs: number): number {
    if (nowMs > this.spentUntilMs + SAME_INCIDENT_MS) this.deaths = 0;
    this.deaths++;
    return Math.max(0, this.spentUntilMs - nowMs - (REJOINS_AT_ONCE - 1) * REJOIN_MS);
  }

  /** Notes that we come back. Returns how far ahead to renew when nobody said past whom: farther with every further death. */
  noteRejoin(nowMs: number): number {
    this.spentUntilMs = Math.max(this.spentUntilMs, nowMs) + REJOIN_MS;
    return Math.min(STEP_GROWTH ** (this.deaths - 1), LARGEST_STEP);
  }
}
