import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { Bystanders } from "./support/bystanders.js";
import { has } from "./support/tools.js";

/** How long there are none: longer than a death takes to be found. */
const TROUBLE_MS = 20_000;
/** A file that could not be written is tried again after a minute at most. */
const RETRY_LIMIT_MS = 90_000;

describe.runIf(inject("hasNetworks") && has("prlimit"))("an agent whose descriptors are used up", () => {
  let all: Bystanders;
  beforeEach(async () => {
    all = await Bystanders.open();
    // A second network, as multicast DNS then looks at all interfaces again and again.
    const [first] = all.others;
    const { host } = all.victim;
    await host.ip(`link add eth1 type veth peer name eth1 netns ${first.host.namespace}`);
    await host.ip("addr add 10.78.0.1/24 dev eth1", "link set eth1 up");
    await first.host.ip("addr add 10.78.0.2/24 dev eth1", "link set eth1 up");
  });
  afterEach(() => all.close());

  function limitDescriptors(limit: number): void {
    execFileSync("prlimit", ["--pid", String(all.victim.program.child.pid), `--nofile=${limit}:`]);
  }

  /** From now on it can open none; the ones that it has stay. */
  function useUp(): void {
    const used = new Set(readdirSync(`/proc/${all.victim.program.child.pid}/fd`).map(Number));
    let free = 0;
    while (used.has(free)) free++;
    limitDescriptors(free);
  }

  test("stays-a-member-and-writes-its-files-later", async () => {
    const state = join(all.folder, "state.json");
    await all.start({ flags: ["--state", state, "--discover"] });
    useUp();
    const left = await all.loseOne();
    await sleep(TROUBLE_MS);
    expect(all.victim.isAlive, all.victim.program.stderr).toBe(true);
    limitDescriptors(1024);
    await all.until("its members file is right", () => all.victimKnows(left), RETRY_LIMIT_MS);
    await all.until("its state is right", () => all.activeIn(state) === left.length, RETRY_LIMIT_MS);
    expect(all.deathsOfVictim()).toBe(0);
  });

  test("tells-the-others-that-it-leaves", async () => {
    await all.start({ flags: ["--discover"] });
    useUp();
    all.victim.program.kill("SIGTERM");
    expect(await all.victim.program.ended(), all.victim.program.stderr).toBe(0);
    await all.until("they know it", () => all.others.every((other) => !other.knows(all.victim.address)));
    expect(all.deathsOfVictim()).toBe(0);
  });
});
