// Agents with a key file: who is let in, what they tell, and keys that change while they run.
import { createSocket } from "node:dgram";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SwimNode } from "../../platform/node/index.js";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, Program, xswim } from "./support/program.js";

const A = "00112233445566778899aabbccddeeff";
const B = "ffeeddccbbaa99887766554433221100";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-sealed-"));
});
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

function keyFile(name: string, ...lines: string[]): string {
  const path = join(folder, name + ".key");
  writeFileSync(path, lines.join("\n") + "\n");
  chmodSync(path, 0o600);
  return path;
}

/** The counters of sealed datagrams with which an agent left. */
async function sealsOf(program: Program): Promise<Record<string, number>> {
  program.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  return program.eventsOf("left")[0]["seal"] as Record<string, number>;
}

function expectNoSecret(...programs: Program[]): void {
  for (const { stdout, stderr } of programs) {
    for (const secret of [A, B]) {
      // Neither as digits nor as bytes.
      const decimal = Buffer.from(secret, "hex").join(",");
      for (const text of [secret, decimal]) expect((stdout + stderr).toLowerCase()).not.toContain(text);
    }
  }
}

test("agents-with-one-key-find-each-other-and-tell-how-they-seal", async () => {
  const [atA, atB] = await addresses(2);
  const path = keyFile("one", "7:" + A, "# the next one", "8:" + B);
  const flags = ["--json", "--log-level", "trace", "--key-file", path];
  const a = xswim("agent", atA, ...flags);
  const b = xswim("agent", atB, ...flags, "-a", atA);
  await a.until("a knows b", () => hasUp(a, atB));
  await b.until("b knows a", () => hasUp(b, atA));
  expect(a.eventsOf("ready")).toMatchObject([{ sealing: "require", keyIds: [7, 8] }]);
  expect(a.eventsOf("ready")[0]["msg"]).toContain("sealing: require, key 7 seals, also opened: 8");
  const seals = await sealsOf(a);
  expect(Object.keys(seals)).toEqual([
    "sealed",
    "opened",
    "takenPlain",
    "refusedPlain",
    "unknownKey",
    "reflected",
    "replayed",
    "forged",
  ]);
  expect([seals["sealed"] > 0, seals["opened"] > 0, seals["takenPlain"]]).toEqual([true, true, 0]);
  expectNoSecret(a, b);
});

test("an-agent-without-the-key-stays-out-and-is-told-of-by-reason", async () => {
  const [atA, atB, atC] = await addresses(3);
  const a = xswim("agent", atA, "--json", "--key-file", keyFile("ours", A));
  await a.until("a is ready", () => a.eventsOf("ready").length > 0);
  const plain = xswim("agent", atB, "--json", "-a", atA);
  const other = xswim("agent", atC, "--json", "-a", atA, "--key-file", keyFile("theirs", B));
  const refused = (name: string): number =>
    a.eventsOf("refused").reduce((sum, event) => sum + Number(event[name]), 0);
  await a.until("it tells of both", () => refused("refusedPlain") > 0 && refused("forged") > 0);
  const [first] = a.eventsOf("refused");
  expect(first).toMatchObject({ level: "warn", unknownKey: 0, reflected: 0, replayed: 0 });
  expect(first["msg"]).toMatch(/^datagrams refused: \d+ (not sealed|forged)/);
  expect([hasUp(a, atB), hasUp(a, atC), hasUp(plain, atA), hasUp(other, atA)]).toEqual(Array(4).fill(false));
  const seals = await sealsOf(a);
  expect(seals["refusedPlain"]).toBeGreaterThanOrEqual(refused("refusedPlain"));
  expectNoSecret(a, plain, other);
});

test("tells-of-a-flood-of-refused-datagrams-once-in-ten-seconds", async () => {
  const [at] = await addresses(1);
  const a = xswim("agent", at, "--json", "--key-file", keyFile("flooded", A));
  await a.until("it is ready", () => a.eventsOf("ready").length > 0);
  const socket = createSocket("udp4");
  const flood = setInterval(() => socket.send(new Uint8Array(40), Number(at.split(":")[1]), "127.0.0.1"), 20);
  try {
    await a.until("it tells twice", () => a.eventsOf("refused").length === 2);
  } finally {
    clearInterval(flood);
    socket.close();
  }
  const [first, second] = a.eventsOf("refused").map(({ time }) => Date.parse(time as string));
  // The clock of the log may be set while this runs; it is not set by much.
  expect(second - first).toBeGreaterThan(9000);
  const told = a.eventsOf("refused").reduce((sum, event) => sum + Number(event["refusedPlain"]), 0);
  expect((await sealsOf(a))["refusedPlain"]).toBeGreaterThanOrEqual(told);
});

test("an-agent-that-accepts-knows-those-that-seal-and-those-that-do-not", async () => {
  const [atA, atB, atC] = await addresses(3);
  const path = keyFile("moving", A);
  const a = xswim("agent", atA, "--json", "--key-file", path, "--sealing", "send");
  const b = xswim("agent", atB, "--json", "-a", atA, "--key-file", path, "--sealing", "accept");
  const plain = new SwimNode({ port: Number(atC.split(":")[1]), address: "127.0.0.1", seeds: [atB] });
  try {
    await b.until("b knows both", () => hasUp(b, atA) && hasUp(b, atC));
    await a.until("a knows the one without keys", () => hasUp(a, atC));
    expect(a.eventsOf("ready")).toMatchObject([{ sealing: "send", keyIds: [0] }]);
    const seals = await sealsOf(b);
    expect([seals["sealed"], seals["opened"] > 0, seals["takenPlain"] > 0]).toEqual([0, true, true]);
  } finally {
    plain.close();
  }
});

test("changes-the-key-of-a-running-cluster-on-SIGHUP-and-loses-nobody", async () => {
  const [atA, atB] = await addresses(2);
  const [fileA, fileB] = [keyFile("a", A), keyFile("b", A)];
  const a = xswim("agent", atA, "--json", "--key-file", fileA);
  const b = xswim("agent", atB, "--json", "-a", atA, "--key-file", fileB);
  await a.until("a knows b", () => hasUp(a, atB));
  await b.until("b knows a", () => hasUp(b, atA));
  for (const lines of [[A, "1:" + B], ["1:" + B, A], ["1:" + B]]) {
    for (const [program, path] of [
      [a, fileA],
      [b, fileB],
    ] as const) {
      const count = program.eventsOf("keys").length;
      writeFileSync(path, lines.join("\n"));
      program.kill("SIGHUP");
      await program.until("it has the keys", () => program.eventsOf("keys").length > count);
    }
  }
  expect(a.eventsOf("keys")).toMatchObject([{ keyIds: [0, 1] }, { keyIds: [1, 0] }, { keyIds: [1] }]);
  // Who has the new key only is let in.
  const [atC] = await addresses(1);
  const c = xswim("agent", atC, "--json", "-a", atA, "--key-file", keyFile("new", "1:" + B));
  await c.until("it knows both", () => hasUp(c, atA) && hasUp(c, atB));
  for (const program of [a, b]) expect(program.eventsOf("memberDown")).toEqual([]);
  const seals = await sealsOf(a);
  expect([seals["refusedPlain"], seals["unknownKey"], seals["forged"]]).toEqual([0, 0, 0]);
  expectNoSecret(a, b, c);
});

test("a-wrong-key-file-on-SIGHUP-is-told-and-changes-nothing", async () => {
  const [atA, atB] = await addresses(2);
  const path = keyFile("wrong", A);
  const a = xswim("agent", atA, "--json", "--key-file", path);
  await a.until("it is ready", () => a.eventsOf("ready").length > 0);
  writeFileSync(path, B + "0\n");
  a.kill("SIGHUP");
  await a.until("it says so", () => a.eventsOf("error").length === 1);
  chmodSync(path, 0o644);
  a.kill("SIGHUP");
  await a.until("it says so", () => a.eventsOf("error").length === 2);
  rmSync(path);
  a.kill("SIGHUP");
  await a.until("it says so", () => a.eventsOf("error").length === 3);
  const [digit, mode, gone] = a.eventsOf("error");
  expect([digit["path"], mode["path"], gone["path"]]).toEqual([path, path, path]);
  expect(digit["error"]).toMatch(/^line 1: expected 32 hex digits/);
  expect(mode["error"]).toMatch(/^its mode is 644/);
  expect(gone["error"]).toMatch(/^ENOENT/);
  expect(digit["msg"]).toMatch(/; the keys are as they were$/);
  const b = xswim("agent", atB, "--json", "-a", atA, "--key-file", keyFile("right", A));
  await b.until("b, with the key, knows a", () => hasUp(b, atA));
  expect(a.eventsOf("keys")).toEqual([]);
  expectNoSecret(a, b);
});

test("does-not-start-with-a-key-file-that-is-wrong-and-ends-with-1", async () => {
  const [at] = await addresses(1);
  const wrong = keyFile("short", A.slice(1));
  const open = keyFile("open", A);
  chmodSync(open, 0o644);
  const missing = join(folder, "missing.key");
  const programs = [wrong, open, missing].map((path) => xswim("agent", at, "--json", "--key-file", path));
  for (const program of programs) expect(await program.ended()).toBe(1);
  const said = programs.map(({ stderr }) => stderr);
  expect(said[0]).toMatch("xswim agent: key file " + wrong + ": line 1: expected 32 hex digits");
  expect(said[1]).toBe(
    "xswim agent: key file " +
      open +
      ": its mode is 644, so others can get at the keys; make it 600 (chmod 600)\n",
  );
  expect(said[2]).toMatch(/missing\.key: ENOENT/);
  for (const program of programs) expect(program.stdout).toBe("");
  expectNoSecret(...programs);
});

test("leaves-on-the-SIGHUP-of-a-terminal-that-is-closed (needs script)", async (context) => {
  const [at] = await addresses(1);
  const log = join(folder, "terminal.txt");
  const command =
    "exec " +
    process.execPath +
    " agent/bin/xswim.js agent " +
    at +
    " --json --key-file " +
    keyFile("tty", A);
  // Gives the agent a terminal of its own, which is closed when this program is gone.
  const script = new Program("script", ["-qfec", command, log], { npm_lifecycle_event: undefined });
  await script.until(
    "the agent is ready",
    () => script.child.exitCode !== null || /"ready"|ENOENT/.test(script.stdout + script.stderr),
  );
  if (script.stderr.includes("ENOENT")) return context.skip("the program script is not installed");
  script.kill("SIGKILL");
  await script.ended();
  // Its port is free again when it has left.
  const isFree = (): Promise<boolean> =>
    new Promise((resolve) => {
      const probe = createSocket("udp4");
      probe.once("error", () => resolve(false));
      probe.bind(Number(at.split(":")[1]), "127.0.0.1", () => probe.close(() => resolve(true)));
    });
  await expect.poll(isFree, { timeout: 20_000 }).toBe(true);
});

test("keygen-prints-a-line-of-a-key-file-each-time-another", async () => {
  const programs = [xswim("keygen"), xswim("keygen"), xswim("keygen", "--id", "15")];
  for (const program of programs) expect(await program.ended()).toBe(0);
  const [first, second, third] = programs.map(({ stdout }) => stdout);
  expect(first).toMatch(/^[0-9a-f]{32}\n$/);
  expect(third).toMatch(/^15:[0-9a-f]{32}\n$/);
  expect(first).not.toBe(second);
});

test("a-key-that-a-shell-puts-into-a-file-by-the-help-s-words-is-taken", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "made.key");
  const make = "(umask 077; $0 agent/bin/xswim.js keygen > $1); $0 agent/bin/xswim.js keygen --id 1 >> $1";
  const shell = new Program("sh", ["-c", make, process.execPath, path]);
  expect(await shell.ended()).toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const a = xswim("agent", at, "--json", "--key-file", path);
  await a.until("it is ready", () => a.eventsOf("ready").length > 0);
  expect(a.eventsOf("ready")).toMatchObject([{ keyIds: [0, 1] }]);
});
