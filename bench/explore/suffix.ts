import type { Local } from "./local.js";
import type { Machine } from "./machine.js";
import type { Message } from "./messages.js";
import { FocaPlayer, OurPlayer, type Player } from "./players.js";

/** How long a datagram takes once the faults have ended. */
const LATENCY_MS = 2;
/** Who is alone announces itself so often. */
const JOIN_EVERY_MS = 1000;
/** For so long all must agree until it counts. */
const STABLE_MS = 3000;
/** Datagrams of all hosts in one second that are a storm. */
const STORM = 400;

/** What came of a moment after its faults had ended. */
export interface Outcome {
  /** When all had agreed, in virtual milliseconds after the faults; Infinity for never. */
  readonly agreedMs: number;
  /** What is wrong; undefined for nothing. */
  readonly wrong: string | undefined;
}

/**
 * From one moment on nothing is lost any more, all timers keep time, and who is alone announces itself: then all must agree
 * within `limitMs`, the dead are found, and nobody stays out.
 */
export class Suffix {
  private readonly machine: Machine;
  private readonly limitMs: number;

  constructor(machine: Machine, limitMs: number) {
    this.machine = machine;
    this.limitMs = limitMs;
  }

  run(locals: readonly Local[], underway: readonly Message[]): Outcome {
    const { machine } = this;
    const players: Player[] = [];
    for (const local of locals) {
      if (local.foca !== undefined && machine.foca !== undefined)
        players.push(new FocaPlayer(machine, machine.foca, local, local.foca));
      else if (local.isOn) players.push(new OurPlayer(machine, local));
    }
    const mail = underway.map((message) => ({ atMs: LATENCY_MS, message }));
    let agreedMs = Infinity;
    let second = 0;
    let inSecond = 0;
    for (let nowMs = 0; nowMs < this.limitMs;) {
      const next = this.next(players, mail[0]?.atMs ?? Infinity, nowMs);
      nowMs = next.atMs;
      machine.sent = [];
      const wrong = this.play(players, next.player, mail, nowMs);
      if (wrong !== undefined) return { agreedMs, wrong };
      for (const message of machine.sent) mail.push({ atMs: nowMs + LATENCY_MS, message });
      if (Math.floor(nowMs / 1000) !== second) inSecond = 0;
      second = Math.floor(nowMs / 1000);
      inSecond += machine.sent.length;
      if (inSecond > STORM) return { agreedMs, wrong: "storm: " + inSecond + " datagrams in a second" };
      if (this.dissent(players, locals.length) !== undefined) agreedMs = Infinity;
      else if (agreedMs === Infinity) agreedMs = nowMs;
      else if (nowMs - agreedMs > STABLE_MS) return { agreedMs, wrong: undefined };
    }
    const wrong = `liveness: after ${this.limitMs / 1000} s ${this.dissent(players, locals.length)}`;
    return { agreedMs: Infinity, wrong };
  }

  /** Who is next, and when: undefined for the mail. */
  private next(
    players: readonly Player[],
    mailMs: number,
    nowMs: number,
  ): { atMs: number; player: Player | undefined } {
    let atMs = mailMs;
    let first: Player | undefined;
    for (const player of players) {
      const dueMs = Math.min(player.dueMs - player.aheadMs, joinMsOf(player));
      if (dueMs < atMs) {
        atMs = dueMs;
        first = player;
      }
    }
    return { atMs: Math.max(atMs, nowMs), player: first };
  }

  private play(
    players: readonly Player[],
    player: Player | undefined,
    mail: { atMs: number; message: Message }[],
    nowMs: number,
  ): string | undefined {
    const { machine } = this;
    try {
      if (player === undefined) {
        const message = mail.shift()?.message;
        const receiver = players.find((each) => each.host === message?.to);
        if (receiver === undefined || message === undefined) return undefined;
        receiver.handleData(message.bytes, nowMs + receiver.aheadMs);
        return undefined;
      }
      const ownMs = nowMs + player.aheadMs;
      if (joinMsOf(player) <= nowMs) {
        player.joinMs = nowMs + JOIN_EVERY_MS;
        for (const other of players)
          if (other !== player) player.announce(machine.naming.make(other.host, 1), ownMs);
      }
      if (player.dueMs <= ownMs) player.handleTimer(ownMs);
    } catch (error) {
      return "throws: " + String(error);
    }
    return undefined;
  }

  /** Who does not hold just the present lives of all others that are there; undefined when all do. */
  private dissent(players: readonly Player[], numHosts: number): string | undefined {
    for (const observer of players) {
      if (observer.hasLeft) continue;
      if (observer.isDefunct) return observer.host + " is defunct";
      for (let host = 0; host < numHosts; host++) {
        if (host === observer.host) continue;
        const life = observer.activeLifeOf(host);
        const actual = players.find((each) => each.host === host && !each.hasLeft)?.life ?? 0;
        if (life !== actual) return `${observer.host} holds life ${life} of ${host}, which is at ${actual}`;
      }
    }
    return undefined;
  }
}

/** When a host announces itself next: only while it is alone. */
function joinMsOf({ hasLeft, isConnected, isDefunct, joinMs }: Player): number {
  return hasLeft || isConnected || isDefunct ? Infinity : joinMs;
}
