import { Pulse, Topic } from "./pulse.js";
import { Row } from "./row.js";
import type { AgentEvent, Changes, Info, Member, Members, Second } from "./wire.js";
import type { Census } from "./words.js";

/** How many events and seconds are kept. */
const MOST_EVENTS = 300;
const MOST_SECONDS = 600;
/** How old the answer of /api/members may be when it comes: what the stream told since then is newer. */
const STALE_MS = 1000;

/** How the page stands to its agent. */
export type Link =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "gone"; sinceMs: number; retryAtMs: number; reason: string }
  | { kind: "locked"; reason: string };

/** An event with a number of this page. */
export interface ListedEvent {
  readonly key: number;
  /** "gap" stands where events are missing. */
  readonly event: AgentEvent;
}

/** All that the page knows. Changes reach the screen with the next pulse. */
export class Store {
  readonly membersTopic = new Topic();
  readonly eventsTopic = new Topic();
  readonly trafficTopic = new Topic();
  readonly infoTopic = new Topic();
  readonly linkTopic = new Topic();
  /** A second has passed. */
  readonly clockTopic = new Topic();

  link: Link = { kind: "connecting" };
  info: Info | undefined;
  self: Row | undefined;
  /** Everybody by address, with the agent itself. */
  readonly rows = new Map<string, Row>();
  /** The newest first. */
  events: ListedEvent[] = [];
  readonly seconds: Second[] = [];
  private readonly pulse = new Pulse();
  private nextKey = 0;
  private offsetMs = 0;

  /** The time on the agent's clock, by what it told last. */
  get nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  get census(): Census {
    const census: Census = { Alive: 0, Suspect: 0, Asleep: 0, Down: 0, Left: 0 };
    for (const { member } of this.rows.values()) census[member.state]++;
    return census;
  }

  setLink(link: Link): void {
    this.link = link;
    this.pulse.mark(this.linkTopic);
  }

  setInfo(info: Info): void {
    this.info = info;
    this.pulse.mark(this.infoTopic);
  }

  /** @param askedMs when it was asked for, by `performance.now()` */
  setMembers({ self, members }: Members, askedMs: number): void {
    const isNewer = (row: Row | undefined): boolean => row !== undefined && row.toldMs > askedMs - STALE_MS;
    const named = new Set<string>([self.addr]);
    for (const member of members) {
      named.add(member.addr);
      if (!isNewer(this.rows.get(member.addr))) this.take(member, false);
    }
    if (!isNewer(this.self)) this.take(self, true);
    for (const [addr, row] of this.rows) if (!named.has(addr) && !isNewer(row)) this.rows.delete(addr);
    this.pulse.mark(this.membersTopic);
  }

  change({ changed, removed }: Changes): void {
    for (const addr of removed) this.rows.delete(addr);
    for (const member of changed) {
      // Of a member with the agent's own address only the agent can tell.
      this.take(member, this.self?.member.addr === member.addr).toldMs = performance.now();
    }
    this.pulse.mark(this.membersTopic);
  }

  addEvents(events: readonly AgentEvent[]): void {
    if (events.length === 0) return;
    const listed = events.map((event) => ({ key: this.nextKey++, event }));
    this.events = [...listed.reverse(), ...this.events].slice(0, MOST_EVENTS);
    this.pulse.mark(this.eventsTopic);
  }

  setSeconds(seconds: readonly Second[]): void {
    this.seconds.splice(0, this.seconds.length, ...seconds.slice(-MOST_SECONDS));
    this.pulse.mark(this.trafficTopic);
  }

  addSecond(second: Second): void {
    const atMs = Date.parse(second.at);
    if (Number.isFinite(atMs)) this.offsetMs = atMs - Date.now();
    this.seconds.push(second);
    if (this.seconds.length > MOST_SECONDS) this.seconds.shift();
    this.pulse.mark(this.trafficTopic);
  }

  tick(): void {
    this.pulse.mark(this.clockTopic);
  }

  private take(member: Member, isSelf: boolean): Row {
    let row = this.rows.get(member.addr);
    if (row === undefined || row.isSelf !== isSelf) {
      row = new Row(member, isSelf);
      this.rows.set(member.addr, row);
    } else row.take(member, this.nowMs);
    if (isSelf && this.self !== row) {
      if (this.self !== undefined && this.self.member.addr !== member.addr)
        this.rows.delete(this.self.member.addr);
      this.self = row;
    }
    return row;
  }
}
