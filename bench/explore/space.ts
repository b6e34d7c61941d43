import { wrongMoment, wrongStep } from "./checks.js";
import { delivery, Event, EVENT_NAMES, messageOf, isThrowing } from "./events.js";
import { Hash, SeenHashes } from "./hash.js";
import { Machine } from "./machine.js";
import { Messages, type Message } from "./messages.js";
import { Naming } from "./naming.js";
import type { Scenario } from "./scenarios.js";
import { Suffix } from "./suffix.js";
import { describe } from "../../host-tests/support/wire.js";
import type { IdentityType, Renewable } from "../../core/index.js";

/** Datagrams underway at most; what is sent beyond is lost. */
const MOST_UNDERWAY = 8;
/** Bits of a count of faults that are left. */
const FAULT_BITS = 2;
const DROP = 0;
const DUPLICATE = 1;
const THROWING = 2;
const FIRST_EVENT = 3;
/** Violations of different rules that are told. */
const MOST_VIOLATIONS = 20;
/** Beyond this many, a message's way of happening: it is lost, or comes and stays underway. */
const LOST = 1 << 28;
const TWICE = 1 << 29;

/** Something that must not be, and how it came to that. */
export interface Violation {
  readonly scenario: string;
  readonly rule: string;
  /** One line for each event. */
  readonly trace: readonly string[];
}

/** What was seen of a scenario. */
export interface Findings {
  readonly scenario: string;
  /** Moments that differ. */
  readonly states: number;
  /** Events from the beginning to which all orders were followed. */
  readonly depth: number;
  /** Events that were followed. */
  readonly transitions: number;
  /** Whether there was nothing left to follow. */
  readonly isWhole: boolean;
  /** Different states of single hosts, and different datagrams. */
  readonly locals: number;
  readonly messages: number;
  /** Moments from which the faults ended, and the longest time until all agreed, in virtual milliseconds. */
  readonly suffixes: number;
  readonly slowestMs: number;
  readonly violations: readonly Violation[];
}

/** When to stop, whatever comes first. */
export interface Limits {
  readonly seconds: number;
  readonly states: number;
  /** One moment in so many is followed to the end of its faults. */
  readonly suffixEvery: number;
  /** Rules that were broken. */
  readonly violations: number;
}

/** What a host becomes by an event: known once it was tried. */
interface Known {
  readonly next: number;
  readonly sent: readonly Message[];
  readonly wrong: readonly string[];
}

/** All moments of a scenario, breadth first: the shortest way to what is wrong is found. */
export class Space {
  private readonly scenario: Scenario;
  readonly machine: Machine;
  private readonly messages: Messages;
  private readonly suffix: Suffix;
  private readonly seen = new SeenHashes();
  private readonly known = new Map<number, Known | null>();
  private readonly hash = new Hash();
  private readonly width: number;
  private readonly numHosts: number;
  private readonly numTurns: number;
  /** The events that may happen, each with its place among the faults; -1 for no fault. */
  private readonly events: readonly (readonly [number, number])[];
  private frontier: number[][] = [];
  private next: number[][] = [];
  /** By moment, in the order of their discovery: the one before it, and the event. */
  private readonly parents: number[] = [];
  private readonly causes: number[] = [];
  private readonly violations = new Map<string, Violation>();
  private transitions = 0;
  private suffixes = 0;
  private slowestMs = 0;
  private limits: Limits = {
    seconds: Infinity,
    states: Infinity,
    suffixEvery: Infinity,
    violations: Infinity,
  };

  /** @param type how identities win and renew; a defect may have it do so otherwise */
  constructor(scenario: Scenario, type?: IdentityType<Renewable>) {
    const naming = new Naming(scenario.numHosts, type);
    this.scenario = scenario;
    this.messages = new Messages(naming);
    this.machine = new Machine(naming, scenario.config, this.messages, scenario.focaHosts);
    this.suffix = new Suffix(this.machine, scenario.limitMs);
    this.numHosts = scenario.numHosts;
    this.numTurns = naming.turns.length;
    this.width = this.numHosts + 1;
    const faults = Object.keys(scenario.faults.events ?? {}) as (keyof typeof Event)[];
    this.events = [[Event.Timer, -1], ...faults.map((name, i) => [Event[name], FIRST_EVENT + i] as const)];
  }

  /** The datagrams that were ever sent to a host. */
  mailFor(host: number): number[] {
    const all = Array.from({ length: this.messages.length }, (_, id) => id);
    return all.filter((id) => this.messages.get(id).to === host);
  }

  run(limits: Limits): Findings {
    this.limits = limits;
    const endMs = performance.now() + limits.seconds * 1000;
    this.begin();
    let depth = 0;
    let isWhole = false;
    search: while (!isWhole) {
      this.next = [];
      const first = this.parents.length - this.frontier.length;
      for (let i = 0; i < this.frontier.length; i++) {
        if ((i & 255) === 0 && performance.now() > endMs) break search;
        if (this.seen.size >= limits.states || this.violations.size >= limits.violations) break search;
        this.expand(this.frontier[i], first + i);
      }
      this.frontier = this.next;
      isWhole = this.frontier.length === 0;
      if (!isWhole) depth++;
    }
    return {
      scenario: this.scenario.name,
      states: this.seen.size,
      depth,
      transitions: this.transitions,
      isWhole,
      locals: this.machine.numLocals,
      messages: this.messages.length,
      suffixes: this.suffixes,
      slowestMs: this.slowestMs,
      violations: [...this.violations.values()],
    };
  }

  private begin(): void {
    const steps = this.scenario.begin(this.machine);
    const { faults } = this.scenario;
    let left =
      ((faults.drop ?? 0) << (DROP * FAULT_BITS)) | ((faults.duplicate ?? 0) << (DUPLICATE * FAULT_BITS));
    left |= (faults.throwing ?? 0) << (THROWING * FAULT_BITS);
    Object.values(faults.events ?? {}).forEach(
      (count, i) => (left |= count << ((FIRST_EVENT + i) * FAULT_BITS)),
    );
    const state = [...steps.map((step) => step.next.id), left];
    for (const step of steps) for (const message of step.sent) state.push(message.id);
    this.discover(sorted(state, this.width), -1, -1);
    this.frontier = this.next;
  }

  private left(state: readonly number[], fault: number): number {
    return (state[this.numHosts] >>> (fault * FAULT_BITS)) & 3;
  }

  private hasTimer(host: number): boolean {
    return this.scenario.timersOf?.includes(host) ?? true;
  }

  /** Follows all that can happen at a moment. */
  private expand(state: number[], index: number): void {
    for (let host = 0; host < this.numHosts; host++)
      for (const [event, fault] of this.events)
        if (fault < 0 ? this.hasTimer(host) : this.left(state, fault) > 0)
          this.happen(state, index, host, event, fault, -1);
    for (let i = this.width; i < state.length; i++) {
      if (i > this.width && state[i] === state[i - 1]) continue;
      const message = state[i];
      const { to } = this.messages.get(message);
      this.happen(state, index, to, delivery(message), -1, i);
      if (this.left(state, DROP) > 0) this.lose(state, index, i);
      if (this.left(state, DUPLICATE) > 0) this.happen(state, index, to, delivery(message), DUPLICATE, -1);
      if (this.left(state, THROWING) > 0) this.happen(state, index, to, delivery(message, true), THROWING, i);
    }
  }

  private lose(state: readonly number[], index: number, i: number): void {
    const next = state.filter((_, at) => at !== i);
    next[this.numHosts] -= 1 << (DROP * FAULT_BITS);
    this.transitions++;
    this.discover(next, index, state[i] | LOST);
  }

  /** An event happens to a host, uses up a fault (-1 for none), and takes the message at `from` (-1 for none) off its way. */
  private happen(
    state: readonly number[],
    index: number,
    host: number,
    event: number,
    fault: number,
    from: number,
  ): void {
    const known = this.outcome(state[host], event);
    if (known === null) return;
    this.transitions++;
    const next: number[] = [];
    for (let i = 0; i < state.length; i++) if (i !== from) next.push(state[i]);
    next[host] = known.next;
    if (fault >= 0) next[this.numHosts] -= 1 << (fault * FAULT_BITS);
    for (const { id } of known.sent) if (next.length < this.width + MOST_UNDERWAY) next.push(id);
    const cause = fault === DUPLICATE ? event | TWICE : event;
    if (known.wrong.length > 0) {
      for (const rule of known.wrong) this.violate(rule, index, host, cause);
      return;
    }
    this.discover(sorted(next, this.width), index, cause | (host << 24));
  }

  private outcome(id: number, event: number): Known | null {
    const key = id * 0x1000000 + event;
    let known = this.known.get(key);
    if (known !== undefined) return known;
    const { machine, messages } = this;
    const local = machine.local(id);
    const step = machine.step(local, event);
    if (step === undefined) {
      // To be off is no fault of a datagram's: it is gone.
      known = messageOf(event) >= 0 && !isThrowing(event) ? { next: id, sent: [], wrong: [] } : null;
    } else {
      const wrong = wrongStep(local, event, step, machine, messages);
      known = { next: step.next.id, sent: step.sent, wrong };
    }
    this.known.set(key, known);
    return known;
  }

  /** Notes a moment, and looks at it, when it is new. */
  private discover(state: number[], parent: number, cause: number): void {
    const { machine, messages, hash } = this;
    let left = 0;
    let right = 0;
    for (let turn = 0; turn < this.numTurns; turn++) {
      let l = state[this.numHosts];
      let r = ~l;
      for (let host = 0; host < this.numHosts; host++) {
        const { hashes } = machine.local(state[host]);
        l = (l + hashes[turn * 2]) | 0;
        r = (r + hashes[turn * 2 + 1]) | 0;
      }
      for (let i = this.width; i < state.length; i++) {
        const { hashes } = messages.get(state[i]);
        l = (l + hashes[turn * 2]) | 0;
        r = (r + hashes[turn * 2 + 1]) | 0;
      }
      if (turn > 0 && (l > left || (l === left && r >= right))) continue;
      left = l;
      right = r;
    }
    hash.start().add(left);
    hash.add(right);
    hash.finish();
    if (!this.seen.add(hash.left, hash.right)) return;
    const index = this.parents.length;
    this.parents.push(parent);
    this.causes.push(cause);
    this.next.push(state);
    const locals = state.slice(0, this.numHosts).map((id) => machine.local(id));
    const wrong = wrongMoment(locals);
    if (wrong !== undefined) this.violate(wrong, index, -1, -1);
    else if (index % this.limits.suffixEvery === 0) this.follow(state, index);
  }

  /** Has the faults end at a moment. */
  private follow(state: readonly number[], index: number): void {
    const { machine, messages } = this;
    const locals = state.slice(0, this.numHosts).map((id) => machine.local(id));
    const underway = state.slice(this.width).map((id) => messages.get(id));
    const { agreedMs, wrong } = this.suffix.run(locals, underway);
    this.suffixes++;
    if (wrong !== undefined) this.violate(wrong, index, -1, -1);
    else this.slowestMs = Math.max(this.slowestMs, agreedMs);
  }

  /** Notes what is wrong after a moment, and an event of a host if that is not -1. */
  private violate(wrong: string, index: number, host: number, event: number): void {
    const rule = wrong.split(":")[0];
    if (this.violations.has(rule) || this.violations.size >= MOST_VIOLATIONS) return;
    const trace = this.trace(index);
    if (host >= 0) trace.push(this.line(event | (host << 24)));
    this.violations.set(rule, { scenario: this.scenario.name, rule: wrong, trace });
  }

  private trace(index: number): string[] {
    const lines: string[] = [];
    for (let at = index; this.parents[at] >= 0; at = this.parents[at]) lines.push(this.line(this.causes[at]));
    return lines.reverse();
  }

  private line(cause: number): string {
    if ((cause & LOST) !== 0) return "lost: " + this.describe(cause & ~LOST);
    const isTwice = (cause & TWICE) !== 0;
    cause &= ~TWICE;
    const host = cause >>> 24;
    const event = cause & 0xffffff;
    const message = messageOf(event);
    if (message < 0) return host + " " + EVENT_NAMES[event];
    const way = isTwice
      ? " hears, and it is underway still: "
      : isThrowing(event)
        ? " hears, and cannot send: "
        : " hears ";
    return host + way + this.describe(message);
  }

  private describe(message: number): string {
    const { datagram } = this.messages.get(message);
    return datagram.from + " " + describe(datagram);
  }
}

/** The same moment with its messages in order. */
function sorted(state: number[], width: number): number[] {
  for (let i = width + 1; i < state.length; i++) {
    const id = state[i];
    let at = i;
    for (; at > width && state[at - 1] > id; at--) state[at] = state[at - 1];
    state[at] = id;
  }
  return state;
}
