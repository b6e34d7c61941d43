import { State } from "../../../core/index.js";
import { UNKNOWN } from "../beliefs.js";
import type { Run } from "../run.js";
import { FalseDowns } from "./false-downs.js";
import { Flood } from "./flood.js";
import { Traffic } from "./traffic.js";

/** Hosts that others join by, and that do not die. */
const SEEDS = 3;

/** Of `strangers`, with mode=flood. */
export const FLOODED = {
  /** Members that are forged in one pass: with fifty that are there, more than a table of 1,024 holds. */
  flood: 1014,
  passes: 1,
  passEveryMs: 5000,
  /** Hosts that are told of all of them; the others hear of it from these. */
  told: 50,
  /** What is sent to the whole cluster in a second. */
  bytesPerS: 200_000,
  /** From the beginning of the flood on: when the new device starts, and when a host dies. */
  deviceAfterMs: 5000,
  deathAfterMs: 5000,
  deviceLimitMs: 600_000,
  deathLimitMs: 300_000,
};

/** Of `strangers`, with mode=boot. */
export const BOOTED = {
  /** What the hosts' tables have room for, and how many members are forged in one pass. */
  room: 32,
  bootFlood: 32,
  /** What is sent to each host in a second. */
  bootBytesPerS: 102,
  /** Those that others join by start when the flood begins, the others within this time. */
  bootSpreadS: 60,
  /** From when the last may start until peers are counted. */
  bootS: 300,
};

/** A flood over a cluster, into which a new device comes, and in which a host dies. */
export function playFlood(run: Run): void {
  const { world } = run;
  const device = world.hosts.length - 1;
  const falseDowns = new FalseDowns(run);
  world.startSettled(device);
  world.run(run.number("settleS") * 1000);
  // Others join by the first hosts, which do not die.
  const victim = Math.min(SEEDS + world.chance.below(Math.max(1, device - SEEDS)), device - 1);
  startFlood(run, device);
  const startMs = world.nowMs;
  let isFound = false;
  world.onTransition.push((t) => {
    if (t.subject !== victim || world.truth.isLive[victim] === 1 || isFound) return;
    if (t.stateBefore === State.Down || t.stateBefore === UNKNOWN) return;
    isFound = true;
    run.addMs("deathFound", world.nowMs - startMs - run.number("deathAfterMs"));
  });
  const traffic = new Traffic(run);
  const isIn = new Since(run, run.number("deviceAfterMs"), () => isMember(run, device));
  const deathAfterMs = run.number("deathAfterMs");
  const { of, about, sinceMsOf } = world.disagreements;
  // The device may have been told of the dead host by somebody who did not know yet.
  const isLeft = (): boolean => sinceMsOf[device * world.hosts.length + victim] >= 0;
  const isKnown = new Since(run, deathAfterMs, () => about[victim] === (isLeft() ? 1 : 0));
  const isKnownByDevice = new Since(run, deathAfterMs, () => isIn.look() && !isLeft());
  world.plan(run.number("deviceAfterMs"), () => {
    noteHeld(run, "heldAtStart");
    world.start(device);
  });
  world.plan(run.number("deathAfterMs"), () => world.crash(victim));
  // All are looked at after every happening.
  const all = [isIn, isKnown, isKnownByDevice];
  world.runUntil(() => all.map((since) => since.look()).every(Boolean), run.durationMs);
  traffic.noteMeanRate("meanwhile");
  isIn.note("newDeviceIn", run.number("deviceLimitMs"), () => {
    return `the new device misses ${of[device]} hosts, and ${about[device]} miss it`;
  });
  isKnown.note("deathKnown", run.number("deathLimitMs"), () => {
    return `the death of host ${victim} is not known to ${about[victim]} hosts`;
  });
  isKnownByDevice.note("deathKnownByDevice", Infinity, () => "");
  falseDowns.note();
}

/** Measures from when on something is so for the first time. */
class Since {
  private readonly run: Run;
  private readonly condition: () => boolean;
  private readonly startMs: number;
  private tookMs = Infinity;

  /** From `afterMs` from now on. */
  constructor(run: Run, afterMs: number, condition: () => boolean) {
    this.run = run;
    this.condition = condition;
    this.startMs = run.world.nowMs + afterMs;
  }

  /** Whether it was so already. */
  look(): boolean {
    const { nowMs } = this.run.world;
    if (this.tookMs === Infinity && nowMs > this.startMs && this.condition())
      this.tookMs = nowMs - this.startMs;
    return this.tookMs !== Infinity;
  }

  /** Notes how long it took; more than `limitMs` is a violation. */
  note(name: string, limitMs: number, about: () => string): void {
    const { run, tookMs } = this;
    run.addMs(name, tookMs);
    if (tookMs <= limitMs) return;
    const what = tookMs === Infinity ? about() : `${name} took ${(tookMs / 1000).toFixed(1)} s`;
    run.world.violate("strangers", what);
  }
}

function startFlood(run: Run, numHosts: number): void {
  const { world } = run;
  new Flood(run, {
    count: run.number("flood"),
    targets: world.chance.sample(numHosts, Math.min(numHosts, run.number("told"))),
    bytesPerS: run.number("bytesPerS"),
    passes: run.number("passes"),
    passEveryMs: run.number("passEveryMs"),
  }).start();
}

/** Whether a host knows all that live, and they know it, whatever else they hold. */
function isMember(run: Run, host: number): boolean {
  const { disagreements, truth, hosts } = run.world;
  if (disagreements.about[host] > 0) return false;
  for (let other = 0; other < hosts.length; other++)
    if (truth.isLive[other] === 1 && disagreements.sinceMsOf[host * hosts.length + other] >= 0) return false;
  return true;
}

/** Hosts with little room start while somebody pours strangers over them. */
export function playBoot(run: Run): void {
  const { world } = run;
  const { hosts } = world;
  const spreadMs = run.number("bootSpreadS") * 1000;
  for (const { index } of hosts) {
    const atMs = world.seeds.includes(index) ? 0 : spreadMs * world.chance.fraction();
    world.plan(atMs, () => world.start(index));
  }
  new Flood(run, {
    count: run.number("bootFlood"),
    targets: hosts.map(({ index }) => index),
    bytesPerS: run.number("bootBytesPerS") * hosts.length,
    passes: Infinity,
    passEveryMs: 0,
  }).start();
  const traffic = new Traffic(run);
  world.run(spreadMs + run.number("bootS") * 1000);
  for (const { index } of hosts) {
    let known = 0;
    for (const other of hosts) if (world.beliefs.isActive(index, other.index)) known++;
    run.add("peersKnown", "1", known);
    run.add("peersMissed", "1", hosts.length - 1 - known);
  }
  noteHeld(run, "held");
  traffic.noteMeanRate("meanwhile");
}

/** Notes how many members the nodes hold. */
function noteHeld(run: Run, name: string): void {
  for (const { node } of run.world.hosts) if (node !== undefined) run.add(name, "1", node.numMembers);
}
