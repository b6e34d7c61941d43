import { setTimeout as sleep } from "node:timers/promises";
import type { Implementation } from "./implementations.js";
import type { Member } from "./member.js";
import { memberOf } from "./members.js";
import type { Network } from "./network.js";

/** How often members are looked at. */
const LOOK_MS = 50;

/** Waits until it holds; returns how long it took, or undefined when it did not within the limit. */
export async function waited(holds: () => boolean, limitMs: number): Promise<number | undefined> {
  const beganMs = performance.now();
  while (!holds()) {
    if (performance.now() - beganMs > limitMs) return undefined;
    await sleep(LOOK_MS);
  }
  return performance.now() - beganMs;
}

/**
 * Waits until it holds and goes on to hold for as long as `steadyMs`; returns how long it took until then, without that time, or
 * undefined when it did not begin to within the limit.
 */
export async function settled(
  holds: () => boolean,
  steadyMs: number,
  limitMs: number,
): Promise<number | undefined> {
  const beganMs = performance.now();
  let sinceMs: number | undefined;
  for (;;) {
    const nowMs = performance.now();
    sinceMs = holds() ? (sinceMs ?? nowMs) : undefined;
    if (sinceMs !== undefined && nowMs - sinceMs >= steadyMs) return sinceMs - beganMs;
    if (nowMs - beganMs > limitMs + steadyMs) return undefined;
    await sleep(LOOK_MS);
  }
}

/** Members of one implementation, one on each host. */
export class Cluster {
  readonly implementation: Implementation;
  readonly members: readonly Member[];

  constructor(implementation: Implementation, network: Network, folder: string) {
    this.implementation = implementation;
    this.members = network.hosts.map((host) => memberOf(implementation, host, folder));
  }

  /** Starts all of them, each with the one before as its seed, the first without. */
  async start(): Promise<void> {
    await this.members[0].start();
    const [, ...rest] = this.members;
    await Promise.all(rest.map((member) => member.start(this.members[0].address)));
  }

  /** Those whose process is there. */
  alive(): Member[] {
    return this.members.filter((member) => member.isAlive);
  }

  /** Whether each that is alive counts all others that are among the living, and nobody else. */
  isWhole(): boolean {
    return this.alive().every((member) => this.isRight(member));
  }

  /** The addresses of those who miss somebody, have somebody too many, or are missed. */
  lost(): string[] {
    const alive = this.alive();
    const wrong = alive.filter(
      (member) => !this.isRight(member) || alive.some((other) => misses(other, member)),
    );
    return wrong.map((member) => member.address);
  }

  /** What each knows, as text. */
  known(): string {
    return this.alive()
      .map((member) => member.address + " knows " + member.others().sort().join(" "))
      .join("\n");
  }

  async kill(): Promise<void> {
    await Promise.all(this.alive().map((member) => member.kill()));
  }

  private isRight(member: Member): boolean {
    const others = this.alive().filter((other) => other !== member);
    return others.length === member.others().length && others.every((other) => !misses(member, other));
  }
}

function misses(member: Member, other: Member): boolean {
  return member !== other && !member.knows(other.address);
}
