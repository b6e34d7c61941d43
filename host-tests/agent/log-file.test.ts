import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "../../agent/src/agent/log-file.js";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim } from "./support/program.js";
import { SmallDisk } from "./support/small-disk.js";

const folders: string[] = [];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-log-"));
  folders.push(folder);
});
afterEach(endAll);
afterAll(() => folders.forEach((each) => rmSync(each, { recursive: true })));

const never = (): void => {
  throw new Error("no line was lost");
};

test("puts-the-file-aside-when-it-is-long-and-keeps-four-of-those", () => {
  const path = join(folder, "log");
  const log = new LogFile(path, never, 100);
  const lines = Array.from({ length: 40 }, (_, i) => "line " + String(i).padStart(14, "0") + "\n");
  for (const line of lines) log.write(line);
  expect(readdirSync(folder).sort()).toEqual(["log", "log.1", "log.2", "log.3", "log.4"]);
  const kept = ["log.4", "log.3", "log.2", "log.1", "log"].map((name) =>
    readFileSync(join(folder, name), "utf8"),
  );
  for (const text of kept) expect(text.length).toBeLessThanOrEqual(100);
  expect(kept.join("")).toBe(lines.slice(-25).join(""));
});

test("goes-on-at-the-end-of-the-file-that-is-there", () => {
  const path = join(folder, "log");
  new LogFile(path, never, 100).write("x".repeat(90) + "\n");
  const again = new LogFile(path, never, 100);
  again.write("short\n");
  again.write("too long for it\n");
  expect(readFileSync(path + ".1", "utf8")).toBe("x".repeat(90) + "\nshort\n");
  expect(readFileSync(path, "utf8")).toBe("too long for it\n");
});

test("goes-on-with-the-file-when-it-cannot-be-put-aside", () => {
  const path = join(folder, "log");
  const log = new LogFile(path, never, 100);
  log.write("x".repeat(99) + "\n");
  rmSync(path);
  log.write("there is nothing to rename\n");
  expect(existsSync(path)).toBe(false);
});

test.runIf(existsSync("/dev/full"))("an-agent-whose-log-has-no-room-stays-a-member", async () => {
  const path = join(folder, "log");
  symlinkSync("/dev/full", path);
  const [atA, atB] = await addresses(2);
  const a = xswim("agent", atA, "--json", "--log-file", path, "--log-level", "trace");
  const b = xswim("agent", atB, "--json", "-a", atA);
  await b.until("b knows a", () => hasUp(b, atA));
  a.kill("SIGTERM");
  expect(await a.ended()).toBe(0);
  expect([a.stdout, a.stderr]).toEqual(["", ""]);
  await b.until("a has left", () => b.eventsOf("memberLeft").length > 0);
});

test("tells-how-many-lines-are-missing-when-the-disk-has-room-again (needs root, to mount a small disk)", async (context) => {
  const disk = SmallDisk.mount(join(folder, "disk"), 1024);
  if (disk === undefined) return context.skip("a small disk cannot be mounted here: that needs root");
  try {
    const path = join(disk.folder, "log");
    let lost = 0;
    const log = new LogFile(path, (lines) => (lost = lines));
    log.write("before\n");
    disk.fill();
    const line = "y".repeat(1023) + "\n";
    for (let i = 0; i < 300; i++) log.write(line);
    disk.empty();
    await expect.poll(() => lost, { timeout: 20_000 }).toBeGreaterThan(0);
    const written = readFileSync(path, "utf8").split("\n").length - 2;
    expect([lost + written, statSync(path).size > 250 * 1024]).toEqual([300, true]);
  } finally {
    disk.unmount();
  }
});

test("an-agent-with-a-log-file-prints-nothing-and-says-when-there-can-be-none", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "log");
  const agent = xswim("agent", at, "--json", "--log-file", path);
  await expect
    .poll(() => (existsSync(path) ? readFileSync(path, "utf8") : ""), { timeout: 20_000 })
    .toContain('"ready"');
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  expect(agent.stdout).toBe("");
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(3);
  const wrong = xswim("agent", at, "--log-file", join(folder, "none", "log"));
  expect(await wrong.ended()).toBe(1);
  expect(wrong.stderr).toMatch(/^xswim agent: log file: ENOENT/);
});
