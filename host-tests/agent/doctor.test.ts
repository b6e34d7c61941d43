// The doctor at agents with one thing wrong each.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKeyFile } from "../../agent/src/agent/key-file.js";
import { examine, type ExaminationOptions, type Report } from "../../agent/src/doctor/examination.js";
import { findingsOf, type Sight } from "../../agent/src/doctor/findings.js";
import { lan } from "../../core/index.js";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim, type Program } from "./support/program.js";

let folder = "";
let keyFile = "";
let otherKeyFile = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-doctor-"));
  [keyFile, otherKeyFile] = ["a", "b"].map((digit) => {
    const path = join(folder, digit + ".key");
    writeFileSync(path, digit.repeat(32) + "\n", { mode: 0o600 });
    return path;
  });
});
afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true });
});

/** An agent that is ready, and where. */
async function agentWith(...flags: string[]): Promise<{ at: string; agent: Program }> {
  const [at] = await addresses(1);
  const agent = xswim("agent", at, "--json", ...flags);
  await agent.until("it is ready", () => agent.eventsOf("ready").length > 0);
  return { at, agent };
}

async function look(target: string, more: Partial<ExaminationOptions> = {}): Promise<Report> {
  const keys = more.keyFile === undefined ? undefined : await readKeyFile(more.keyFile);
  return examine({
    target,
    seconds: 3,
    codec: "bincode",
    config: lan(10),
    keys,
    keyFile: undefined,
    bind: undefined,
    identity: undefined,
    discover: undefined,
    cluster: undefined,
    ...more,
  });
}

/** Looks again while it finds something else, as it may on a machine that has no time for it. */
async function lookFor(
  expected: readonly string[],
  target: string,
  more: Partial<ExaminationOptions> = {},
): Promise<Report> {
  let report = await look(target, more);
  for (let i = 0; i < 2 && kinds(report).join() !== expected.join(); i++) report = await look(target, more);
  expect(kinds(report)).toEqual(expected);
  return report;
}

const kinds = ({ findings }: Report): string[] => findings.map(({ kind }) => kind);

test.concurrent("finds-nothing-wrong-in-a-cluster-that-is-well-and-leaves-it-politely", async () => {
  const { at, agent } = await agentWith();
  const { at: atB, agent: b } = await agentWith("-a", at);
  await agent.until("they met", () => hasUp(agent, atB) && hasUp(b, at));
  const program = xswim("doctor", at, "--seconds", "3", "--json");
  expect(await program.ended()).toBe(0);
  const report = JSON.parse(program.stdout) as Report;
  expect(report.findings).toEqual([]);
  expect(report.members.map(({ addr }) => addr).sort()).toEqual([at, atB].sort());
  for (const { rttMs } of report.members) expect(rttMs).toBeGreaterThan(0);
  await agent.until("the guest left", () => agent.eventsOf("memberLeft").length > 0);
  agent.kill("SIGTERM");
  await agent.ended();
  // It was told so, and suspected nobody.
  expect(agent.eventsOf("left")).toMatchObject([{ metrics: { expirations: 0, suspicions: 0 } }]);
});

test.concurrent("finds-that-nobody-listens-and-says-so-in-words-and-by-its-exit-code", async () => {
  const [at] = await addresses(1);
  const program = xswim("doctor", at, "--seconds", "1");
  expect(await program.ended()).toBe(1);
  expect(program.stdout).toContain("wrong: Nobody listens at " + at);
});

test.concurrent("finds-another-wire-format", async () => {
  const { at } = await agentWith("--codec", "postcard");
  const report = await lookFor(["otherCodec"], at);
  expect(report.findings[0].text).toContain("--codec postcard");
});

test.concurrent("finds-that-a-cluster-is-sealed-under-another-key-or-not-at-all", async () => {
  const [sealed, plain] = await Promise.all([agentWith("--key-file", keyFile), agentWith()]);
  const [other, none] = await Promise.all([
    lookFor(["silent"], sealed.at, { keyFile: otherKeyFile }),
    lookFor(["silent"], sealed.at),
    lookFor(["alone"], sealed.at, { keyFile }),
    lookFor(["plain"], plain.at, { keyFile }),
  ]);
  expect(other.findings[0].text).toContain("other keys than " + otherKeyFile);
  expect(none.findings[0].text).toContain("--key-file");
});

test.concurrent(
  "finds-that-datagrams-are-sealed-when-the-cluster-answers-whom-it-cannot-expect",
  async () => {
    const { at } = await agentWith("--key-file", keyFile, "--sealing", "send");
    await Promise.all([lookFor(["sealed"], at), lookFor(["otherKey"], at, { keyFile: otherKeyFile })]);
  },
);

test.concurrent("finds-a-clock-that-is-ahead-and-notes-a-device-without-one", async () => {
  const ahead = Math.floor(Date.now() / 1000) + 90_000;
  const { at, agent } = await agentWith("--bump", String(ahead));
  const { at: small } = await agentWith("--bump", "3", "-a", at);
  await agent.until("they met", () => hasUp(agent, small));
  const report = await lookFor(["clockAhead", "noClock"], at);
  expect(report.findings[0].text).toContain(at + " has bump " + ahead + ", which is 25 h in the future");
  expect(report.findings[1]).toMatchObject({
    isProblem: false,
    text: expect.stringContaining(small) as string,
  });
});

test.concurrent("finds-a-member-that-others-list-and-that-does-not-answer", async () => {
  const { at, agent } = await agentWith();
  const { at: dead, agent: b } = await agentWith("-a", at);
  await agent.until("they met", () => hasUp(agent, dead));
  // It is stopped, not gone: nobody refuses a datagram.
  b.kill("SIGSTOP");
  const report = await look(at);
  b.kill("SIGCONT");
  expect(kinds(report)).toContain("noAnswer");
  expect(report.findings.find(({ kind }) => kind === "noAnswer")?.text).toContain(dead);
});

test.concurrent("finds-that-only-answers-reach-it", async () => {
  const { at } = await agentWith();
  // A firewall that lets one datagram in: the answer.
  const [bind] = await addresses(1);
  const wall = createSocket("udp4").bind(0, "127.0.0.1");
  await once(wall, "listening");
  let passed = 0;
  wall.on("message", (bytes) => {
    if (passed++ === 0) wall.send(bytes, Number(bind.split(":")[1]), "127.0.0.1");
  });
  const report = await look(at, { bind, identity: "127.0.0.1:" + wall.address().port, seconds: 9 });
  wall.close();
  expect(kinds(report)).toContain("unreachable");
});

test.concurrent("says-what-may-be-wrong-when-answers-go-where-nobody-is", async () => {
  const { at } = await agentWith();
  const [nowhere] = await addresses(1);
  const report = await lookFor(["silent"], at, { identity: nowhere });
  expect(report.findings[0].text).toContain(nowhere + ", where answers go");
});

test.concurrent("finds-whether-members-are-found-nearby", async () => {
  const [beacon] = await addresses(1);
  const port = beacon.split(":")[1];
  const [{ at: seen }, { at: hidden }] = await Promise.all([
    agentWith("--discover", "--cluster", "doctor", "--beacon-port", port),
    agentWith("--no-discover"),
  ]);
  const discover = { beaconPort: Number(port), mdns: false };
  await Promise.all([
    lookFor(["alone"], seen, { discover, cluster: "doctor" }),
    lookFor(["alone", "discovery"], hidden, { discover, cluster: "hidden" }),
  ]);
});

const WELL: Sight = {
  target: "127.0.0.1:1",
  guest: "127.0.0.1:9",
  seconds: 10,
  codec: "bincode",
  keyFile: null,
  isAnswered: true,
  isRefused: false,
  answeredIn: null,
  isPlain: false,
  sealed: 0,
  underOtherKeys: 0,
  members: [1, 2].map((port) => ({
    addr: "127.0.0.1:" + port,
    bump: 1_800_000_000,
    state: "Alive" as const,
    rttMs: 1,
    datagrams: 5,
    pings: 2,
    otherSource: null,
  })),
  pings: 4,
  suspicions: 0,
  connectedSeconds: 6,
  largestBytes: 200,
  maxPacketSize: 1400,
  nowSeconds: 1_800_000_100,
};

const SEEN: [string, Partial<Sight>, string[]][] = [
  ["nothing-wrong", {}, []],
  ["longer-datagrams", { largestBytes: 1401 }, ["packetSize"]],
  ["suspicions-of-the-guest", { suspicions: 2 }, ["unreachable"]],
  ["no-pings-yet-in-a-short-time", { pings: 0, connectedSeconds: 2 }, []],
  [
    "a-sender-behind-a-translation",
    { members: [{ ...WELL.members[0], otherSource: "10.0.0.1:5" }, WELL.members[1]] },
    ["otherSource"],
  ],
  [
    "a-link-that-is-one-way",
    { members: [{ ...WELL.members[0], rttMs: null }, WELL.members[1]] },
    ["noAnswer"],
  ],
  [
    "a-suspected-member",
    { members: [{ ...WELL.members[0], state: "Suspect" }, WELL.members[1]] },
    ["suspects"],
  ],
  ["frames-under-another-key", { isAnswered: false, keyFile: "x", underOtherKeys: 1 }, ["otherKey"]],
  ["multicast-that-nobody-answers", { discovered: [] }, ["discovery"]],
  ["multicast-that-members-answer", { discovered: ["127.0.0.1:2"] }, []],
];

test.each(SEEN)("says-what-is-wrong-with: %s", (_, seen, expected) => {
  expect(findingsOf({ ...WELL, ...seen }).map(({ kind }) => kind)).toEqual(expected);
});
