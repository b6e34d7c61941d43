import { createInterface } from "node:readline";
import type { Program } from "../../agent/support/program.js";
import type { Implementation } from "./implementations.js";
import type { Host } from "./network.js";

/** What a member learned of another one. */
export type News = "up" | "dead" | "left" | "suspect";

export interface Learned {
  /** By `performance.now()`. */
  atMs: number;
  news: News;
  /** The address of whom it is about. */
  about: string;
}

/** What a line of the output says. */
export interface Told {
  news: News;
  about: string;
}

/** A member of a cluster on a host, through all its lives. */
export abstract class Member {
  abstract readonly implementation: Implementation;
  readonly host: Host;
  /** All that it learned, in order. */
  readonly learned: Learned[] = [];
  program!: Program;
  private readonly active = new Set<string>();
  private isReady = false;

  constructor(host: Host) {
    this.host = host;
  }

  /** What the others call it. */
  abstract readonly address: string;

  /** Whether its process is there. */
  get isAlive(): boolean {
    return this.program.child.exitCode === null && this.program.child.signalCode === null;
  }

  /** Starts it; with a seed it joins that one. */
  async start(seed?: string): Promise<void> {
    this.active.clear();
    this.isReady = false;
    this.program = this.launch(seed);
    this.follow(this.program);
    if (!this.isSilent) await this.program.until(this.address + " is ready", () => this.isReady);
  }

  /** Whether nothing that it says comes here. */
  protected get isSilent(): boolean {
    return false;
  }

  protected abstract launch(seed: string | undefined): Program;
  /** What the line says, "ready" when it says that the socket is open, or nothing of interest. */
  protected abstract read(line: string): Told | "ready" | undefined;

  /** Whether it counts that one among the living. */
  knows(address: string): boolean {
    return this.active.has(address);
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.ended();
  }

  /** The addresses of the others whom it counts among the living: some tell of themselves, too. */
  others(): string[] {
    return [...this.active].filter((address) => address !== this.address);
  }

  /** How often it declared somebody dead since then. */
  deathsSince(atMs: number): Learned[] {
    return this.learned.filter(({ news, atMs: whenMs }) => news === "dead" && whenMs >= atMs);
  }

  private follow(program: Program): void {
    if (program.child.stdout === null) return;
    createInterface({ input: program.child.stdout }).on("line", (line) => {
      const told = this.read(line);
      if (told === "ready") this.isReady = true;
      else if (told !== undefined) this.note(told);
    });
  }

  private note({ news, about }: Told): void {
    this.learned.push({ atMs: performance.now(), news, about });
    if (news === "up") this.active.add(about);
    if (news === "dead" || news === "left") this.active.delete(about);
  }
}
