import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { Bystanders } from "./support/bystanders.js";

/** Where Debian's package `faketime` puts the library that tells one process another time. */
const LIBFAKETIME = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketime.so.1`;
/** Longer than a death takes to be found. */
const TROUBLE_MS = 15_000;

describe.runIf(inject("hasNetworks") && existsSync(LIBFAKETIME))("an agent whose clock is set", () => {
  let all: Bystanders;
  beforeEach(async () => {
    all = await Bystanders.open();
  });
  afterEach(() => all.close());

  /** @param isMonotonicToo whether the clock that never goes back is faked as well */
  function faked(isMonotonicToo: boolean): { env: NodeJS.ProcessEnv; set(offset: string): void } {
    const path = join(all.folder, "clock");
    const set = (offset: string): void => writeFileSync(path, offset + "\n");
    set("+0");
    const env = { LD_PRELOAD: LIBFAKETIME, FAKETIME_TIMESTAMP_FILE: path, FAKETIME_NO_CACHE: "1" };
    return { env: isMonotonicToo ? env : { ...env, FAKETIME_DONT_FAKE_MONOTONIC: "1" }, set };
  }

  /** How far the clock of the last one was off when it printed its last line, in hours. */
  function hoursOff(): number {
    const { time } = all.victim.program.events().at(-1) as { time: string };
    return Math.round((Date.parse(time) - Date.now()) / 3_600_000);
  }

  test("an-hour-forth-and-two-back-stays-a-member", async () => {
    const { env, set } = faked(false);
    await all.start({ env, flags: ["--log-level", "trace"] });
    for (const hours of [1, -1]) {
      set((hours > 0 ? "+" : "") + hours * 3600);
      await sleep(TROUBLE_MS);
      expect(hoursOff()).toBe(hours);
    }
    expect(all.deathsOfVictim()).toBe(0);
    expect(all.victim.deathsSince(0)).toEqual([]);
  });

  test("an-hour-back-before-it-starts-again-comes-back", async () => {
    const { env, set } = faked(false);
    await all.start({ env });
    await all.victim.kill();
    set("-3600");
    await all.victim.start(all.others[0].address);
    await all.until("all know it", () => all.othersKnowVictim() && all.victimKnows(all.others));
    expect(hoursOff()).toBe(-1);
  });

  // As where a virtual machine was put to sleep, and its system counts that time.
  test("an-hour-forth-with-all-clocks-of-its-machine-gives-up-nobody", async () => {
    const { env, set } = faked(true);
    await all.start({ env });
    set("+3600");
    await sleep(TROUBLE_MS);
    await all.until("all know all", () => all.othersKnowVictim() && all.victimKnows(all.others));
    expect([...all.others, all.victim].flatMap((each) => each.deathsSince(0))).toEqual([]);
  });
});
