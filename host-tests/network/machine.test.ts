import { readFileSync } from "node:fs";
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

  test("stays-a-member-while-its-disk-is-full-and-writes-when-there-is-room", async (context) => {
    const disk = SmallDisk.mount(join(all.folder, "disk"), 1024);
    if (disk === undefined) return context.skip("a small disk cannot be mounted here");
    try {
      const [state, log] = [join(disk.folder, "state.json"), join(disk.folder, "log")];
      const files = ["--state", state, "--log-file", log, "--log-level", "debug"];
      await all.start({ flags: files, isSilent: true });
      disk.fill();
      const left = await all.loseOne();
      await sleep(TROUBLE_MS);
      disk.empty();
      await all.until("its log goes on", () => readFileSync(log, "utf8").includes('"memberDown"'));
      await all.until("its members file is right", () => all.victimKnows(left), RETRY_LIMIT_MS);
      await all.until("its state is right", () => all.activeIn(state) === left.length, RETRY_LIMIT_MS);
      expect(all.deathsOfVictim()).toBe(0);
    } finally {
      disk.unmount();
    }
  });

  test("stays-a-member-while-nobody-reads-its-output", async () => {
    const fifo = new Fifo(join(all.folder, "output"));
    try {
      await all.start({ flags: ["--log-level", "trace"], stdout: fifo.writeEnd, isSilent: true });
      const left = await all.loseOne();
      await all.until("it finds that out", () => all.victimKnows(left));
      await sleep(TROUBLE_MS);
      await all.until("it says it", () => fifo.read().includes('"memberDown"'));
      expect(all.deathsOfVictim()).toBe(0);
    } finally {
      fifo.close();
    }
  });
});
