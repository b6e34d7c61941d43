// What becomes of an agent whose standard output takes nothing, for a while or for good.
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { until } from "../node/support/until.js";
import { Fifo } from "./support/fifo.js";
import { Prober, type Identity } from "./support/prober.js";
import { endAll, xswim, xswimInto, type Program } from "./support/program.js";
import { SmallDisk } from "./support/small-disk.js";

/** With `--log-level trace` each makes two lines of 200 bytes: more than a pipe and the agent hold together. */
const MANY_PINGS = 3000;
const TRACE = ["--json", "--log-level", "trace"];

// Thousands of datagrams, one after another, on a machine that is shared: a limit only ends what hangs.
vi.setConfig({ testTimeout: 120_000 });

let folder = "";
let prober: Prober;
let atA = "";
let atB = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xswim-output-"));
  prober = new Prober();
  await prober.open();
  [atA, atB] = (await freePorts(2, "127.0.0.1")).map((port) => "127.0.0.1:" + port);
});
afterEach(async () => {
  await endAll();
  prober.close();
  await rm(folder, { recursive: true, force: true });
});

/** Another member, whose output is read; resolves when it knows the one at `atA`, with that one's identity. */
async function witnessOf(a: Program): Promise<{ witness: Program; identity: Identity }> {
  const witness = xswim("agent", atB, "--json", "-a", atA);
  const known = (): Identity | undefined =>
    witness
      .eventsOf("memberUp")
      .map((event) => event["identity"] as Identity)
      .find(({ addr }) => addr === atA);
  await witness.until("it knows the agent " + a.child.pid, () => known() !== undefined);
  return { witness, identity: known() as Identity };
}

/** Fails unless the agent told the witness that it leaves. */
async function expectFarewell(witness: Program): Promise<void> {
  await witness.until("it is told", () =>
    witness.eventsOf("memberLeft").some((event) => (event["identity"] as Identity).addr === atA),
  );
  witness.kill("SIGTERM");
  await witness.ended();
  expect(witness.eventsOf("left")).toMatchObject([{ metrics: { expirations: 0 } }]);
}

/** Lines as objects; the last one may not be whole yet. */
function eventsIn(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const lost = (text: string): Record<string, unknown>[] =>
  eventsIn(text).filter(({ event }) => event === "linesLost");

test("goes-on-while-nobody-reads-its-pipe-and-says-later-how-many-lines-were-lost", async () => {
  const fifo = new Fifo(join(folder, "output"));
  const agent = xswimInto(fifo.writeEnd, "agent", atA, ...TRACE);
  const { identity } = await witnessOf(agent);
  await prober.ping(identity, MANY_PINGS);
  await until("it says what was lost", () => lost(fifo.read()).length > 0);
  expect(lost(fifo.read())[0]).toMatchObject({ level: "error", lines: expect.any(Number) as number });
  expect(lost(fifo.read())[0]["lines"]).toBeGreaterThan(0);
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  const events = eventsIn(fifo.read());
  fifo.close();
  const of = (name: string): number => events.filter(({ event }) => event === name).length;
  expect([of("ready"), of("left")]).toEqual([1, 1]);
  // What was kept and what was lost are all there was.
  const untold = events.reduce((sum, event) => sum + Number(event["lines"] ?? 0), 0);
  expect(untold + of("received") + of("sent")).toBeGreaterThanOrEqual(2 * MANY_PINGS);
});

test("goes-on-while-nobody-reads-its-socket-and-says-later-how-many-lines-were-lost", async () => {
  // Node makes sockets for the standard streams of a child, as systemd does for its journal.
  const agent = xswim("agent", atA, ...TRACE);
  agent.child.stdout?.pause();
  const { identity } = await witnessOf(agent);
  await prober.ping(identity, MANY_PINGS);
  agent.child.stdout?.resume();
  await agent.until("it says what was lost", () => agent.eventsOf("linesLost").length > 0);
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  expect(agent.eventsOf("left")).toHaveLength(1);
});

test("leaves-with-a-farewell-on-SIGTERM-while-nobody-reads-its-pipe", async () => {
  const fifo = new Fifo(join(folder, "output"));
  const agent = xswimInto(fifo.writeEnd, "agent", atA, ...TRACE);
  const { witness, identity } = await witnessOf(agent);
  await prober.ping(identity, MANY_PINGS);
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  fifo.close();
  await expectFarewell(witness);
});

test.skipIf(!existsSync("/dev/full"))(
  "goes-on-when-its-output-has-no-room-and-leaves-with-a-farewell (needs /dev/full)",
  async () => {
    const full = openSync("/dev/full", "w");
    const agent = xswimInto(full, "agent", atA, ...TRACE);
    closeSync(full);
    const { witness, identity } = await witnessOf(agent);
    await prober.ping(identity, MANY_PINGS);
    agent.kill("SIGTERM");
    expect(await agent.ended()).toBe(0);
    expect(agent.stderr).toBe("");
    await expectFarewell(witness);
  },
);

test("writes-on-into-its-file-when-a-full-disk-has-room-again (needs root, to mount a small disk)", async (context) => {
  const disk = SmallDisk.mount(join(folder, "disk"), 2048);
  if (disk === undefined) return context.skip("a small disk cannot be mounted here: that needs root");
  try {
    disk.fill(64);
    const path = join(disk.folder, "log");
    const file = openSync(path, "w");
    const agent = xswimInto(file, "agent", atA, ...TRACE);
    closeSync(file);
    const { identity } = await witnessOf(agent);
    await prober.ping(identity, MANY_PINGS);
    disk.empty();
    await until("it says what was lost", () => lost(readFileSync(path, "utf8")).length > 0);
    agent.kill("SIGTERM");
    expect(await agent.ended()).toBe(0);
    // Every line is whole.
    expect(eventsIn(readFileSync(path, "utf8")).at(-1)).toMatchObject({ event: "left" });
  } finally {
    await endAll();
    disk.unmount();
  }
});

test("leaves-with-a-farewell-when-its-reader-is-gone-and-ends-with-3", async () => {
  const fifo = new Fifo(join(folder, "output"));
  const agent = xswimInto(fifo.writeEnd, "agent", atA, ...TRACE);
  const { witness } = await witnessOf(agent);
  fifo.closeReadEnd();
  expect(await agent.ended()).toBe(3);
  fifo.close();
  expect(agent.stderr).toBe("xswim agent: left, because the other end of the standard output is closed\n");
  await expectFarewell(witness);
});
