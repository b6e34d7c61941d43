import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { SwimNode } from "../../platform/node/index.js";
import { addresses, hasUp } from "./support/addresses.js";
import { CLI, endAll, forkedXswim, Program, xswim } from "./support/program.js";
import { SmallDisk } from "./support/small-disk.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xswim-agent-"));
});
afterEach(endAll);
afterAll(() => rm(folder, { recursive: true }));

/** Two agents that know each other, and where. Both get the flags, and the first one a members file, if one is named. */
async function pair(
  flags: string[] = [],
  file?: string,
): Promise<{ a: Program; b: Program; atA: string; atB: string }> {
  const [atA, atB] = await addresses(2);
  const a = xswim("agent", atA, "--json", ...flags, ...(file === undefined ? [] : ["-f", file]));
  const b = xswim("agent", atB, "--json", "-a", atA, ...flags);
  await a.until("a knows b", () => hasUp(a, atB));
  await b.until("b knows a", () => hasUp(b, atA));
  return { a, b, atA, atB };
}

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("leaves-the-cluster-on-%s", async (signal) => {
  const { a, b, atB } = await pair();
  b.kill(signal);
  expect(await b.ended()).toBe(0);
  expect(b.eventsOf("leaving")).toMatchObject([{ reason: signal }]);
  await a.until("a is told", () => a.eventsOf("memberLeft").length > 0);
  expect(a.eventsOf("memberLeft")).toMatchObject([{ identity: { addr: atB }, members: 0 }]);
  a.kill("SIGTERM");
  expect(await a.ended()).toBe(0);
  // It was told so, and did not find out by probing.
  expect(a.eventsOf("left")).toMatchObject([{ metrics: { expirations: 0 } }]);
});

test("tells-one-json-event-a-line-each-with-its-time", async () => {
  const { a, atA, atB } = await pair();
  a.kill("SIGTERM");
  await a.ended();
  const events = a.events();
  expect(events.map(({ event }) => event)).toEqual(["ready", "memberUp", "leaving", "left"]);
  expect(events[0]).toMatchObject({ identity: { addr: atA, bump: expect.any(Number) as number }, bind: atA });
  expect(events[1]).toMatchObject({ identity: { addr: atB }, members: 1 });
  for (const { time, level, msg } of events) {
    expect(new Date(time as string).toISOString()).toBe(time);
    expect([level, typeof msg]).toEqual(["info", "string"]);
  }
  expect(a.stderr).toBe("");
});

test("tells-lines-for-people-without-json", async () => {
  const [at] = await addresses(1);
  const program = xswim("agent", at);
  await program.untilPrinted("ready on " + at);
  program.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect(program.lines()).toHaveLength(3);
  for (const line of program.lines()) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}\S/);
});

test("tells-of-a-member-that-takes-a-nap-and-of-its-return", async () => {
  const [atA, atB] = await addresses(2);
  const file = join(folder, "nap.txt");
  const a = xswim("agent", atA, "--json", "-f", file);
  const node = new SwimNode({ port: Number(atB.split(":")[1]), address: "127.0.0.1", seeds: [atA] });
  try {
    await a.until("a knows the node", () => hasUp(a, atB));
    await expect.poll(() => node.members().length, { timeout: 20_000 }).toBe(1);
    node.nap(60_000);
    await a.until("a is told", () => a.eventsOf("memberNap").length > 0);
    expect(a.eventsOf("memberNap")).toMatchObject([{ identity: { addr: atB }, ms: 60_032 }]);
    expect(a.eventsOf("memberDown")).toEqual([]);
    await expect.poll(() => readFile(file, "utf8"), { timeout: 20_000 }).toBe("");
    node.endNap();
    await a.until("it is back", () => a.eventsOf("memberUp").length === 2);
  } finally {
    node.close();
  }
});

test("keeps-a-file-of-the-active-members", async () => {
  const [atA, atB] = await addresses(2);
  const file = join(folder, "members.txt");
  const a = xswim("agent", atA, "--json", "-f", file);
  await a.until("there is a file", () => existsSync(file));
  expect(await readFile(file, "utf8")).toBe("");
  const b = xswim("agent", atB, "--json", "-a", atA);
  await a.until("a knows b", () => hasUp(a, atB));
  await expect.poll(() => readFile(file, "utf8"), { timeout: 20_000 }).toBe(atB + "\n");
  b.kill("SIGTERM");
  await expect.poll(() => readFile(file, "utf8"), { timeout: 20_000 }).toBe("");
});

test("says-that-the-members-file-cannot-be-written-and-goes-on", async () => {
  const path = join(folder, "nowhere", "members.txt");
  const { a } = await pair([], path);
  await a.until("it says so", () => a.eventsOf("error").length > 0);
  expect(a.eventsOf("error")[0]).toMatchObject({ level: "error", path });
});

test("tells-the-others-when-its-view-changed", async () => {
  const { a, b, atA, atB } = await pair();
  await a.until("a hears b", () => a.eventsOf("value").length > 0);
  await b.until("b hears a", () => b.eventsOf("value").length > 0);
  expect(a.eventsOf("value")[0]).toMatchObject({
    identity: { addr: atB },
    text: "Hello from " + atB + "! I have 1 peers",
  });
  expect(b.eventsOf("value")[0]).toMatchObject({
    identity: { addr: atA },
    text: "Hello from " + atA + "! I have 1 peers",
  });
  expect([a.eventsOf("broadcast"), b.eventsOf("broadcast")]).toEqual([[], []]);
});

test("tries-its-seeds-again-while-it-is-alone", async () => {
  const [atA, atB] = await addresses(2);
  const early = xswim("agent", atA, "--json", "-a", atB, "--log-level", "trace");
  const calls = (): number =>
    early.eventsOf("sent").filter(({ message }) => (message as { kind: string }).kind === "Announce").length;
  await early.until("it called twice", () => calls() >= 2);
  const late = xswim("agent", atB, "--json");
  await early.until("they met", () => hasUp(early, atB));
  await late.until("they met", () => hasUp(late, atA));
});

test("speaks-postcard-and-other-settings-when-told", async () => {
  const { b } = await pair(["--codec", "postcard", "--config", "simple"]);
  b.kill("SIGTERM");
  expect(await b.ended()).toBe(0);
});

test("agents-of-different-wire-formats-do-not-find-each-other", async () => {
  const [atA, atB] = await addresses(2);
  const a = xswim("agent", atA, "--json");
  const b = xswim("agent", atB, "--json", "-a", atA, "--codec", "postcard", "--log-level", "trace");
  await a.untilPrinted('"ready"');
  const calls = (): number => b.eventsOf("sent").length;
  await b.until("b called three times", () => calls() >= 3);
  a.kill("SIGTERM");
  await a.ended();
  expect(a.eventsOf("memberUp")).toEqual([]);
  const [{ metrics }] = a.eventsOf("left") as { metrics: { status: number[] } }[];
  expect(metrics.status[4]).toBeGreaterThan(0);
});

test("tells-how-long-a-member-took-to-answer-a-probe", async () => {
  const [atA, atB] = await addresses(2);
  xswim("agent", atA, "--json");
  const b = xswim("agent", atB, "--json", "-a", atA, "--log-level", "trace");
  await b.until("a answered", () => b.eventsOf("roundTrip").length > 0);
  const [{ peer, ms }] = b.eventsOf("roundTrip") as unknown as { peer: { addr: string }; ms: number }[];
  expect([peer.addr, ms > 0]).toEqual([atA, true]);
  b.kill("SIGTERM");
  await b.ended();
  expect(b.eventsOf("left")[0]).toMatchObject({ rttMs: expect.any(Number) as number });
});

test("is-reached-at-the-identity-it-is-told", async () => {
  const [port] = await freePorts(1, "127.0.0.1");
  const at = "127.0.0.1:" + port;
  const a = xswim("agent", "0.0.0.0:" + port, "-i", at, "--json");
  await a.until("it is ready", () => a.eventsOf("ready").length > 0);
  expect(a.eventsOf("ready")[0]).toMatchObject({ identity: { addr: at }, bind: "0.0.0.0:" + port });
});

test("leaves-when-the-program-that-started-it-is-gone", async () => {
  const [at] = await addresses(1);
  const program = forkedXswim("agent", at, "--json");
  await program.until("it is ready", () => program.eventsOf("ready").length > 0);
  program.child.disconnect();
  expect(await program.ended()).toBe(0);
  expect(program.eventsOf("left")).toHaveLength(1);
});

test("tries-the-members-file-again-until-it-can-be-written", async () => {
  const path = join(folder, "later", "members.txt");
  const { a, atB } = await pair([], path);
  await a.until("it says that it cannot", () => a.eventsOf("error").length > 0);
  await mkdir(join(folder, "later"));
  // Nobody comes or goes any more.
  await expect.poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 20_000 }).toContain(atB);
});

test("tries-the-members-file-again-after-a-full-disk (needs root, to mount a small disk)", async (context) => {
  const disk = SmallDisk.mount(join(folder, "disk"), 64);
  if (disk === undefined) return context.skip("a small disk cannot be mounted here: that needs root");
  try {
    disk.fill();
    const path = join(disk.folder, "members.txt");
    const [atA, atB] = await addresses(2);
    const a = xswim("agent", atA, "--json", "-f", path);
    const b = xswim("agent", atB, "--json", "-a", atA);
    await b.until("b knows a", () => hasUp(b, atA));
    await a.until("it says that it cannot", () => a.eventsOf("error").length > 0);
    expect(a.eventsOf("error")[0]).toMatchObject({
      path,
      error: expect.stringContaining("ENOSPC") as string,
    });
    disk.empty();
    await expect.poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 20_000 }).toBe(atB + "\n");
  } finally {
    await endAll();
    disk.unmount();
  }
});

test("does-not-follow-a-link-that-somebody-put-in-the-way-of-the-members-file", async () => {
  const path = join(folder, "guarded.txt");
  const victim = join(folder, "victim.txt");
  await writeFile(victim, "dear");
  await symlink(victim, path + ".new");
  const { a, atB } = await pair([], path);
  await expect.poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 20_000 }).toContain(atB);
  expect(await readFile(victim, "utf8")).toBe("dear");
  expect((await lstat(path)).isFile()).toBe(true);
  expect(a.eventsOf("error")).toEqual([]);
  expect(hasUp(a, atB)).toBe(true);
});

test("leaves-when-the-npm-that-started-it-is-told-to-end", async () => {
  const [at] = await addresses(1);
  const program = new Program("npm", ["exec", "--offline", "--", "xswim", "agent", at, "--json"]);
  await program.until("it is ready", () => program.eventsOf("ready").length > 0);
  program.kill("SIGTERM");
  // The shell between npm and the agent passes no signal on: its output ends when the agent does.
  await program.ended();
  expect(program.eventsOf("left")).toHaveLength(1);
});

test("outlives-the-shell-that-started-it-when-that-was-not-npm", async () => {
  const [atA, atB] = await addresses(2);
  const script = '"$0" "$@" & echo $! >&2';
  const shell = ["-c", script, process.execPath, CLI, "agent", atA, "--json"];
  const program = new Program("sh", shell, { npm_lifecycle_event: undefined });
  await program.until("the shell is gone", () => program.child.exitCode !== null && program.stderr !== "");
  const pid = Number(program.stderr);
  try {
    const b = xswim("agent", atB, "--json", "-a", atA);
    await b.until("it is there", () => hasUp(b, atA));
    await program.until("it tells so", () => hasUp(program, atB));
  } finally {
    process.kill(pid, "SIGTERM");
  }
  await program.ended();
  expect(program.eventsOf("leaving")).toMatchObject([{ reason: "SIGTERM" }]);
});
