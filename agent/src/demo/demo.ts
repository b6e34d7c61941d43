import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { quoted } from "../agent/log.js";
import type { DemoKey } from "./demo-key.js";
import { Observer, type MemberView } from "./observer.js";
import { PeerProcess } from "./peer-process.js";
import { PlainDisplay, TableDisplay, type Display, type Mood, type Row } from "./screen.js";

/** Where they all are. */
export const HOST = "127.0.0.1";
/** How many members the cluster has. */
export const SIZE = 5;
/** How long everything is well before the next member is killed. */
const WELL_MS = 6000;
/** How long a member that was found Down stays away. */
const AWAY_MS = 3000;
/** How long the cluster may take for what it usually does within ten seconds. */
const PATIENCE_MS = 90_000;
const LOOK_PERIOD_MS = 50;

/** Five members on loopback, one of which is killed and comes back. */
export class Demo {
  private readonly display: Display;
  private readonly isLive: boolean;
  private readonly observer: Observer;
  private readonly peers: PeerProcess[] = [];
  private readonly stopped = new AbortController();
  private status: (seconds: string) => string = () => "";
  private statusSinceMs = 0;
  private failure: string | undefined;
  private isLeaving = false;

  /**
   * @param ports `SIZE` of them, free. @param http where the page is to be. @param key seals what they send each other, if there is
   * one.
   */
  constructor(ports: readonly number[], isLive: boolean, http: string, key?: DemoKey) {
    this.isLive = isLive;
    this.observer = new Observer(
      HOST,
      ports[0],
      SIZE,
      (before, after) => this.changed(before, after),
      (address, text) => this.display.event(address + " published " + quoted(text), "plain"),
      key?.keys,
    );
    const addresses = ports.map((port) => HOST + ":" + port);
    for (const address of addresses.slice(1)) {
      const flags = ["--cluster-size", String(SIZE)];
      if (key !== undefined) flags.push("--key-file", key.path);
      // The first one shows the page, and so is never killed.
      flags.push(...(this.peers.length === 0 ? ["--http", http] : ["--no-control"]));
      for (const other of addresses) if (other !== address) flags.push("--announce", other);
      this.peers.push(new PeerProcess(address, flags, (message) => this.fail(message)));
    }
    const how = key === undefined ? "" : " under a fresh key";
    const title = "xswim: five members on loopback" + how + ", as " + this.observer.address + " sees them";
    const page = "the page of " + addresses[1] + ": http://" + http + "/";
    this.display = isLive
      ? new TableDisplay(
          title,
          page,
          () => this.rows(),
          () => this.status(((performance.now() - this.statusSinceMs) / 1000).toFixed(1)),
        )
      : new PlainDisplay();
    if (isLive) return;
    this.display.event(title, "plain");
    this.display.event(page, "plain");
  }

  /** Plays until `stop`, or once when it is not live; returns the exit code. */
  async run(): Promise<number> {
    try {
      await this.play();
    } catch (error) {
      if (!this.stopped.signal.aborted) this.failure = (error as Error).message;
    }
    await this.leave();
    this.display.end(this.failure === undefined ? "All members have left." : "Failed: " + this.failure);
    return this.failure === undefined ? 0 : 1;
  }

  /** Has all members leave; called once more, ends at once, and the members notice. */
  stop(): void {
    if (this.isLeaving) process.exit(1);
    this.stopped.abort();
  }

  private async play(): Promise<void> {
    await this.observer.opened;
    this.say((seconds) => "The members are starting and finding each other: " + seconds + " s");
    for (const peer of this.peers) peer.start();
    await this.until("all members are up", () => this.peers.every((peer) => this.isAlive(peer)));
    this.display.event("all " + SIZE + " members are up", "good");
    for (let turn = 0; turn === 0 || this.isLive; turn++) {
      await this.killAndReturn(this.peers[1 + (turn % (this.peers.length - 1))]);
    }
  }

  private async killAndReturn(victim: PeerProcess): Promise<void> {
    const name = victim.address;
    this.say((seconds) => "All has been well for " + seconds + " s. The next to be killed is " + name);
    await this.pause(this.isLive ? WELL_MS : 0);

    const killedMs = performance.now();
    this.display.event(name + " is killed (SIGKILL to process " + victim.pid + ")", "bad");
    victim.kill();
    this.say((seconds) => name + " was killed, and the others are finding this out: " + seconds + " s");
    await this.until(name + " is found Down", () => this.observer.view(name).state === "Down");
    this.display.event("the death was known after " + since(killedMs), "plain");

    this.say((seconds) => name + " stays away: " + seconds + " s");
    await this.pause(this.isLive ? AWAY_MS : 0);
    const startedMs = performance.now();
    victim.start();
    this.display.event(name + " is started again (process " + victim.pid + ")", "plain");
    this.say((seconds) => name + " is coming back: " + seconds + " s");
    await this.until(name + " is back", () => this.isAlive(victim));
    this.display.event(name + " was back after " + since(startedMs), "good");
  }

  private async leave(): Promise<void> {
    this.isLeaving = true;
    this.say(() => "The members are leaving");
    await Promise.all(this.peers.map((peer) => peer.stop()));
    this.observer.leave();
    this.observer.close();
  }

  private isAlive(peer: PeerProcess): boolean {
    return this.observer.view(peer.address).state === "Alive";
  }

  private say(status: (seconds: string) => string): void {
    this.status = status;
    this.statusSinceMs = performance.now();
  }

  private changed(before: MemberView, after: MemberView): void {
    this.display.event(after.address + " " + changeOf(before, after, this.isLeaving), moodOf(after));
  }

  private fail(message: string): void {
    this.failure = message;
    this.stopped.abort();
  }

  private pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.stopped.signal });
  }

  private async until(what: string, holds: () => boolean): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > endMs) throw new Error("it took too long until " + what);
      await this.pause(LOOK_PERIOD_MS);
    }
  }

  private rows(): Row[] {
    const own = { view: this.observer.self(), pid: process.pid, isObserver: true };
    const others = this.peers.map((peer) => {
      return { view: this.observer.view(peer.address), pid: peer.pid, isObserver: false };
    });
    return [own, ...others];
  }
}

/** What happened to a member, in words. */
function changeOf(before: MemberView, after: MemberView, isLeaving: boolean): string {
  if (after.state === "Down") return isLeaving ? "has left" : "is Down";
  if (before.bump !== after.bump) return "is " + after.state + " with bump " + after.bump;
  if (before.incarnation === after.incarnation) return "is " + after.state;
  return "is " + after.state + " at incarnation " + after.incarnation;
}

function moodOf(view: MemberView): Mood {
  if (view.state === "Suspect") return "doubtful";
  return view.state === "Down" ? "bad" : "good";
}

function since(ms: number): string {
  return ((performance.now() - ms) / 1000).toFixed(1) + " s";
}
