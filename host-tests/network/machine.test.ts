import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { Fifo } from "../agent/support/fifo.js";
import { SmallDisk } from "../agent/support/small-disk.js";
import { Bystanders } from "./support/bystanders.js";

/** How long a machine is in trouble: longer than a death takes to be found. */
const TROUBLE_MS = 20_000;
/** A file that could not be written is tried again after a minute at most. */
const RETRY_LIMIT_MS = 90_000;

describe.runIf(inject("hasNetworks"))("an agent whose machine is in trouble", () => {
  let all: Bystanders;
  beforeEach(async () => {
    all = await Bystanders.open();
  });
  afterEach(() => all.close());

  /** Kills one of the others, which the last one is to find out, too. Returns those that are left. */
  async function loseOne(): Promise<Bystanders["others"]> {
    const [first, second, third] = all.others;
    await third.kill();
    await all.until("the others miss it", () => [first, second].every((each) => !each.knows(third.address)));
    return [first, second];
  }

  test("stays-a-member-while-its-disk-is-full-and-writes-when-there-is-room", async (context) => {
    const disk = SmallDisk.mount(join(all.folder, "disk"), 1024);
    if (disk === undefined) return context.skip("a small disk cannot be mounted here");
    try {
      const [state, log] = [join(disk.folder, "state.json"), join(disk.folder, "log")];
      const files = ["--state", state, "--log-file", log, "--log-level", "debug"];
      await all.start({ flags: files, isSilent: true });
      disk.fill();
      const left = await loseOne();
      await sleep(TROUBLE_MS);
      disk.empty();
      await all.until("its log goes on", () => readFileSync(log, "utf8").includes('"memberDown"'));
      await all.until("its members file is right", () => all.victimKnows(left), RETRY_LIMIT_MS);
      await all.until("its state is right", () => activeIn(state) === left.length, RETRY_LIMIT_MS);
      expect(all.deathsOfVictim()).toBe(0);
    } finally {
      disk.unmount();
    }
  });

  test("stays-a-member-while-nobody-reads-its-output", async () => {
    const fifo = new Fifo(join(all.folder, "output"));
    try {
      await all.start({ flags: ["--log-level", "trace"], stdout: fifo.writeEnd, isSilent: true });
      const left = await loseOne();
      await all.until("it finds that out", () => all.victimKnows(left));
      await sleep(TROUBLE_MS);
      await all.until("it says it", () => fifo.read().includes('"memberDown"'));
      expect(all.deathsOfVictim()).toBe(0);
    } finally {
      fifo.close();
    }
  });

  test("stays-a-member-while-its-descriptors-are-used-up", async () => {
    const state = join(all.folder, "state.json");
    await all.start({ flags: ["--state", state, "--discover"] });
    const pid = all.victim.program.child.pid!;
    limitDescriptors(pid, firstFree(pid));
    const left = await loseOne();
    await sleep(TROUBLE_MS);
    expect(all.victim.isAlive, all.victim.program.stderr).toBe(true);
    limitDescriptors(pid, 1024);
    await all.until("its members file is right", () => all.victimKnows(left), RETRY_LIMIT_MS);
    await all.until("its state is right", () => activeIn(state) === left.length, RETRY_LIMIT_MS);
    expect(all.deathsOfVictim()).toBe(0);
  });
});

/** The least descriptor that a process has not in use. */
function firstFree(pid: number): number {
  const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (used.has(free)) free++;
  return free;
}

/** From now on it opens none at or above the limit; the ones that it has stay. */
function limitDescriptors(pid: number, limit: number): void {
  execFileSync("prlimit", ["--pid", String(pid), `--nofile=${limit}:`]);
}

/** How many members a state file has that are not down. */
function activeIn(path: string): number {
  const { members } = JSON.parse(readFileSync(path, "utf8")) as { members: { state: string }[] };
  return members.filter(({ state }) => state !== "Down").length;
}
