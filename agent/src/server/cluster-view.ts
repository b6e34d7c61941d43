import { renewableAddr, type Codec, type Renewable } from "xswim";
import { circlePoint, type SwimNode } from "xswim/node";
import { SeenMember, type MemberJson, type SeenState } from "./seen-member.js";

/** For how long members that are gone are shown, and how many of them. */
const GONE_MS = 600_000;
const MOST_GONE = 2048;
/** How often a member counts as changed at most, because a datagram of it came. */
const HEARD_MS = 2000;
/** Who comes back from Down within that time has flapped, as in serf. */
const SERF_FLAP_MS = 60_000;

/** The node that the agent runs. */
export type AgentNode = SwimNode<Renewable, string, "text">;

/** What happened to members so far, in numbers. */
export interface ViewCounts {
  up: number;
  suspected: number;
  refuted: number;
  down: number;
  left: number;
  /** Came back within a minute after they were declared Down. */
  flapped: number;
}

/** What changed since it was asked last. */
export interface Changes {
  changed: MemberJson[];
  removed: string[];
}

/** The cluster as the agent sees it, and what it saw of members that are gone. A node's callbacks feed it. */
export class ClusterView {
  readonly counts: ViewCounts = { up: 0, suspected: 0, refuted: 0, down: 0, left: 0, flapped: 0 };
  /** Is called when something changed after `takeChanges`. */
  onChange: () => void = () => undefined;
  private readonly codec: Codec;
  private readonly members = new Map<string, SeenMember>();
  /** Those that are gone, the longest gone first. */
  private readonly gone = new Map<string, SeenMember>();
  private readonly changed = new Set<SeenMember>();
  private readonly removed = new Set<string>();
  private isCircleStale = true;
  private node!: AgentNode;
  private self!: SeenMember;

  constructor(codec: Codec) {
    this.codec = codec;
  }

  /** Before all else: the node whose callbacks feed the view. */
  attach(node: AgentNode): void {
    this.node = node;
    this.self = this.make(node.identity, Date.now());
  }

  /** How many members are in that state. */
  count(state: SeenState): number {
    let count = 0;
    for (const member of this.members.values()) if (member.state === state) count++;
    return count;
  }

  /** Calls back with each member that is not gone, without the agent itself. */
  forEachPresent(visit: (member: SeenMember) => void): void {
    for (const member of this.members.values()) if (!member.isGone) visit(member);
  }

  up(identity: Renewable): void {
    const nowMs = Date.now();
    const known = this.members.get(identity.addr);
    const member = known ?? this.member(identity, nowMs);
    if (known?.state === "Down") {
      member.flapped(nowMs);
      if (nowMs - known.sinceMs < SERF_FLAP_MS) this.counts.flapped++;
    }
    this.counts.up++;
    this.findValue(member, identity);
    member.upSinceMs = nowMs;
    this.move(member, identity, "Alive", nowMs);
  }

  down(identity: Renewable): void {
    this.counts.down++;
    this.move(this.member(identity, Date.now()), identity, "Down", Date.now());
  }

  left(identity: Renewable): void {
    this.counts.left++;
    this.move(this.member(identity, Date.now()), identity, "Left", Date.now());
  }

  nap(identity: Renewable, ms: number): void {
    const member = this.member(identity, Date.now());
    this.move(member, identity, "Asleep", Date.now());
    member.napUntilMs = Date.now() + ms;
  }

  suspect(identity: Renewable, by: Renewable | undefined): void {
    this.counts.suspected++;
    const member = this.member(identity, Date.now());
    this.move(member, identity, "Suspect", Date.now());
    member.suspectedBy = by?.addr;
  }

  refuted(identity: Renewable): void {
    this.counts.refuted++;
    const member = this.member(identity, Date.now());
    member.flapped(Date.now());
    this.move(member, identity, "Alive", Date.now());
  }

  renamed(after: Renewable): void {
    const member = this.members.get(after.addr);
    if (member === undefined) return;
    member.bump = after.bump;
    this.mark(member);
  }

  /** The agent has another identity, or is back under it. */
  becameSelf(identity: Renewable): void {
    const nowMs = Date.now();
    if (identity.addr !== this.self.addr) {
      this.removed.add(this.self.addr);
      this.self = this.make(identity, nowMs);
      this.isCircleStale = true;
    }
    this.self.bump = identity.bump;
    this.self.upSinceMs = nowMs;
    this.self.become("Alive", nowMs);
    this.mark(this.self);
  }

  answered(identity: Renewable, rttMs: number): void {
    const member = this.members.get(identity.addr);
    if (member === undefined) return;
    member.rttMs = rttMs;
    this.mark(member);
  }

  heard({ addr }: Renewable): void {
    const member = this.members.get(addr);
    if (member === undefined) return;
    const nowMs = Date.now();
    const isNews = nowMs - (member.lastHeardMs ?? 0) >= HEARD_MS;
    member.lastHeardMs = nowMs;
    if (isNews) this.mark(member);
  }

  valueCame(text: string, identity: Renewable): void {
    const member = this.member(identity, Date.now());
    this.noteValue(member, text, identity);
    this.mark(member);
  }

  /** The agent itself published something. */
  published(text: string): void {
    this.self.tookValue(text, Date.now());
    this.mark(this.self);
  }

  /** Forgets who has been gone for long. */
  prune(): void {
    const nowMs = Date.now();
    for (const member of this.gone.values()) {
      if (nowMs - member.sinceMs < GONE_MS && this.gone.size <= MOST_GONE) return;
      this.gone.delete(member.addr);
      this.members.delete(member.addr);
      this.changed.delete(member);
      this.removed.add(member.addr);
      this.onChange();
    }
  }

  /** Everybody, as it is now. */
  json(): { self: MemberJson; members: MemberJson[] } {
    const nowMs = Date.now();
    this.node.swim.forEachMember(({ identity, incarnation }) => {
      const member = this.members.get(identity.addr);
      if (member !== undefined) member.incarnation = incarnation;
    });
    this.followCircle();
    return {
      self: this.selfJson(nowMs),
      members: Array.from(this.members.values(), (member) => member.json(nowMs)),
    };
  }

  /** What changed since the last call, up to about so many characters; the rest is for the next call. */
  takeChanges(mostCharacters: number): Changes {
    this.followCircle();
    const nowMs = Date.now();
    const changes: Changes = { changed: [], removed: [...this.removed] };
    this.removed.clear();
    let length = 0;
    for (const member of this.changed) {
      if (length > mostCharacters) break;
      this.changed.delete(member);
      const json = member === this.self ? this.selfJson(nowMs) : this.refreshed(member).json(nowMs);
      changes.changed.push(json);
      length += JSON.stringify(json).length;
    }
    return changes;
  }

  /** Whether `takeChanges` has something. */
  get hasChanges(): boolean {
    return this.changed.size + this.removed.size > 0;
  }

  /** Forgets what changed, because nobody asks for it. */
  dropChanges(): void {
    this.changed.clear();
    this.removed.clear();
  }

  private noteValue(member: SeenMember, text: string, identity: Renewable): void {
    const ageMs = this.node.valueAgeMs(identity);
    member.tookValue(text, Date.now() - (ageMs > 0 ? ageMs : 0));
  }

  /** Takes a value that came before the view, from a file. */
  private findValue(member: SeenMember, identity: Renewable): void {
    const text = member.hasValue ? undefined : this.node.value(identity);
    if (text !== undefined) this.noteValue(member, text, identity);
  }

  private selfJson(nowMs: number): MemberJson {
    const { node, self } = this;
    this.findValue(self, node.identity);
    self.incarnation = node.swim.incarnation;
    const rttMs = node.rttMs;
    self.rttMs = rttMs >= 0 ? rttMs : undefined;
    return self.json(nowMs);
  }

  private refreshed(member: SeenMember): SeenMember {
    const known = this.node.swim.find({ addr: member.addr, bump: member.bump });
    if (known !== undefined) member.incarnation = known.incarnation;
    return member;
  }

  private member(identity: Renewable, nowMs: number): SeenMember {
    let member = this.members.get(identity.addr);
    if (member === undefined) {
      member = this.make(identity, nowMs);
      this.members.set(identity.addr, member);
      this.removed.delete(identity.addr);
    }
    return member;
  }

  private make(identity: Renewable, nowMs: number): SeenMember {
    const point = circlePoint(renewableAddr, this.codec, identity);
    return new SeenMember(identity.addr, identity.bump, point, nowMs);
  }

  private move(member: SeenMember, identity: Renewable, state: SeenState, nowMs: number): void {
    member.bump = identity.bump;
    member.become(state, nowMs);
    this.gone.delete(member.addr);
    if (member.isGone) this.gone.set(member.addr, member);
    this.isCircleStale = true;
    this.mark(member);
    this.prune();
  }

  private mark(member: SeenMember): void {
    this.changed.add(member);
    this.onChange();
  }

  /** Finds everybody's successor anew, when somebody came or went. */
  private followCircle(): void {
    if (!this.isCircleStale) return;
    this.isCircleStale = false;
    const all = [this.self, ...this.members.values()];
    const active = all.filter((member) => member.isActive).sort((a, b) => a.point - b.point);
    for (const member of all) if (!member.isActive) this.setSuccessor(member, undefined);
    for (const [index, member] of active.entries()) {
      const next = active[(index + 1) % active.length];
      this.setSuccessor(member, next === member ? undefined : next.addr);
    }
  }

  private setSuccessor(member: SeenMember, successor: string | undefined): void {
    if (member.successor === successor) return;
    member.successor = successor;
    this.changed.add(member);
  }
}
