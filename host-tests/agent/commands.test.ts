// The commands that speak with an agent, against one that answers as a test says.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { FakeAgent, type FakeAnswer } from "./support/fake-agent.js";
import { CLI, endAll, Program } from "./support/program.js";

const folders: string[] = [];
const agents = new Set<FakeAgent>();
let folder = "";
/** Where the control addresses of this user's agents are. */
let own = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-c-"));
  folders.push(folder);
  own = join(folder, "xswim-" + (process.getuid?.() ?? 0));
  mkdirSync(own);
});
afterEach(async () => {
  for (const agent of agents) agent.close();
  agents.clear();
  await endAll();
});
afterAll(() => folders.forEach((each) => rmSync(each, { recursive: true })));

async function agentAt(name: string, answers: Record<string, FakeAnswer>): Promise<FakeAgent> {
  const agent = await new FakeAgent(join(own, name), answers).open();
  agents.add(agent);
  return agent;
}

/** The command, of a user whose control addresses are in `own`. */
function xswim(...words: string[]): Program {
  return new Program(process.execPath, [CLI, ...words], { XDG_RUNTIME_DIR: folder });
}

const MEMBER = {
  addr: "127.0.0.1:7947",
  bump: 17,
  state: "Alive",
  incarnation: 2,
  since: new Date(Date.now() - 300_000).toISOString(),
  rttMs: 1.25,
  flaps: 1,
  suspectedBy: null,
  value: "warm",
  valueAgeMs: 61_000,
};
const SELF = { ...MEMBER, addr: "127.0.0.1:7946", bump: 16, rttMs: null, value: null, valueAgeMs: null };
const INFO = {
  version: "0.1.0",
  identity: { addr: "127.0.0.1:7946", bump: 16 },
  bind: "127.0.0.1:7946",
  advertised: { address: "127.0.0.1", why: "it is bound" },
  cluster: "home",
  codec: "bincode",
  config: { name: "lan", size: 10, values: {} },
  upSeconds: 7300,
  state: "connected",
  numMembers: 1,
  rttMs: 1.5,
  sealing: "require",
  keyIds: [3, 0],
  discovery: null,
  troubles: [{ kind: "seedsSilent", text: "no seed \u001b[31manswers", at: "2026-01-01T00:00:00.000Z" }],
  counters: { probes: 5 },
  socketErrors: 0,
};

test("members-are-shown-as-columns-with-nothing-that-a-terminal-obeys", async () => {
  const members = [
    { ...MEMBER, value: "\u001b[2J\u0007" + "x".repeat(100) },
    { ...MEMBER, addr: "127.0.0.1:900", state: "Suspect", suspectedBy: "127.0.0.1:7946" },
  ];
  await agentAt("7946.sock", { "GET /api/members": [200, { self: SELF, members }] });
  const program = xswim("members");
  expect(await program.ended()).toBe(0);
  const [head, first, second, third, ...rest] = program.lines();
  expect(head.split(/ {2,}/)).toEqual([
    "MEMBER",
    "STATE",
    "FOR",
    "BUMP",
    "INC",
    "RTT",
    "FLAPS",
    "SUSPECTED BY",
    "VALUE",
  ]);
  expect(first).toMatch(/^127\.0\.0\.1:7946 \* +Alive +5 min +16 +2 +- +1 +- +-$/);
  expect(second).toMatch(/^127\.0\.0\.1:900 +Suspect .* 127\.0\.0\.1:7946 +"warm", 61 s old$/);
  expect(third).toMatch(
    /^127\.0\.0\.1:7947 +Alive +5 min +17 +2 +1\.3 ms +1 +- +"\\u001b\[2J\\u0007x+…", 61 s old$/,
  );
  expect(rest).toEqual([]);
});

test("members-are-given-as-the-agent-gives-them-with-json", async () => {
  const answer = { self: SELF, members: [MEMBER] };
  await agentAt("7946.sock", { "GET /api/members": [200, answer] });
  const program = xswim("members", "--json");
  expect(await program.ended()).toBe(0);
  expect(JSON.parse(program.stdout)).toEqual(answer);
});

test("watch-prints-again-what-has-changed-and-ends-with-the-agent", async () => {
  const answers: Record<string, FakeAnswer> = { "GET /api/members": [200, { self: SELF, members: [] }] };
  const agent = await agentAt("7946.sock", answers);
  const program = xswim("members", "--watch");
  await program.until("it looked twice", () => agent.asked.length >= 2);
  expect(program.lines()).toHaveLength(2);
  answers["GET /api/members"] = [200, { self: SELF, members: [MEMBER] }];
  await program.until("it printed again", () => program.lines().length === 5);
  agent.close();
  expect(await program.ended()).toBe(4);
  expect(program.stderr).toMatch(/^xswim: no agent answers at /);
});

test("watch-ends-when-it-is-told-to", async () => {
  await agentAt("7946.sock", { "GET /api/members": [200, { self: SELF, members: [] }] });
  const program = xswim("members", "--watch", "--json");
  await program.until("it printed", () => program.lines().length === 1);
  program.kill("SIGINT");
  expect(await program.ended()).toBe(0);
});

const event = (name: string, id: number, data: object): string =>
  "event: " + name + "\nid: " + id + "\ndata: " + JSON.stringify(data) + "\n\n";

const UP = { level: "info", time: "2026-01-01T00:00:00.000Z", event: "memberUp", msg: "member up \u001b[5m" };

test("monitor-prints-events-and-leaves-out-what-is-for-pages", async () => {
  const stream =
    event("hello", 0, {}) +
    event("traffic", 1, { at: 1 }) +
    event("memberUp", 2, UP) +
    ": keep\n\n" +
    event("gap", 3, {});
  const agent = await agentAt("7946.sock", {
    "GET /api/events": stream,
    "GET /api/events?recent=2": [200, { events: [{ ...UP, msg: "earlier" }] }],
  });
  const program = xswim("monitor", "--recent", "2");
  await program.until("it printed", () => program.stderr !== "");
  expect(program.lines()).toEqual([
    "2026-01-01T00:00:00.000Z INFO  earlier",
    "2026-01-01T00:00:00.000Z INFO  member up \\u001b[5m",
  ]);
  expect(program.stderr).toBe("xswim: some events are missing here\n");
  agent.close();
  expect(await program.ended()).toBe(4);
});

test("monitor-ends-with-0-when-the-agent-leaves-and-when-it-is-told-to", async () => {
  const left = { ...UP, event: "left", msg: "left" };
  const agent = await agentAt("1.sock", { "GET /api/events": event("left", 1, left) });
  await agentAt("2.sock", { "GET /api/events": event("memberUp", 1, UP) });
  const first = xswim("monitor", "--json", "--port", "1");
  const second = xswim("monitor", "--json", "--port", "2");
  await first.until("both printed", () => first.lines().length + second.lines().length === 2);
  expect(first.events()).toEqual([left]);
  agent.close();
  second.kill("SIGTERM");
  expect([await first.ended(), await second.ended()]).toEqual([0, 0]);
});

test("info-tells-what-the-agent-is", async () => {
  await agentAt("7946.sock", { "GET /api/info": [200, INFO] });
  const program = xswim("info");
  expect(await program.ended()).toBe(0);
  for (const line of ["up for:     2 h", "sealing:    require, keys 3, 0", "cluster:    home"])
    expect(program.lines()).toContain(line);
  expect(program.stdout).toContain("no seed \\u001b[31manswers");
});

test("publish-sends-an-argument-or-the-standard-input", async () => {
  const agent = await agentAt("7946.sock", { "POST /api/publish": [200, { queued: true }] });
  expect(await xswim("publish", "grüezi").ended()).toBe(0);
  const program = xswim("publish", "-", "--json");
  program.child.stdin?.end("from a pipe\n");
  expect(await program.ended()).toBe(0);
  expect(program.stdout).toBe('{"queued":true}\n');
  expect(agent.asked).toEqual([
    'POST /api/publish {"value":"grüezi"}',
    'POST /api/publish {"value":"from a pipe"}',
  ]);
});

test("ping-tells-each-way-and-fails-when-nobody-got-an-answer", async () => {
  const answers: Record<string, FakeAnswer> = {
    "POST /api/ping": [
      200,
      {
        results: [
          { via: null, rttMs: null },
          { via: "127.0.0.1:1", rttMs: 2.55 },
        ],
      },
    ],
  };
  const agent = await agentAt("7946.sock", answers);
  const program = xswim("ping", "127.0.0.1:2");
  expect(await program.ended()).toBe(0);
  expect(program.lines()).toEqual(["directly             no answer", "through 127.0.0.1:1  2.5 ms"]);
  answers["POST /api/ping"] = [200, { results: [{ via: null, rttMs: null }] }];
  expect(await xswim("ping", "127.0.0.1:2", "--via", "127.0.0.1:1").ended()).toBe(1);
  expect(agent.asked.at(-1)).toBe('POST /api/ping {"member":"127.0.0.1:2","via":"127.0.0.1:1"}');
});

test("leave-and-the-keys-are-handed-on", async () => {
  const agent = await agentAt("7946.sock", {
    "POST /api/leave": [200, {}],
    "GET /api/info": [200, INFO],
    "POST /api/keys/reload": [200, { keyIds: [1] }],
  });
  expect(await xswim("leave").ended()).toBe(0);
  const list = xswim("keys", "list");
  const reload = xswim("keys", "reload");
  expect([await list.ended(), await reload.ended()]).toEqual([0, 0]);
  expect(list.lines()).toEqual(["sealing: require", "key 3: seals and opens", "key 0: opens"]);
  expect(reload.stdout).toBe("keys in use: 1\n");
  expect(agent.asked.sort()).toEqual(["GET /api/info", "POST /api/keys/reload {}", "POST /api/leave {}"]);
});

test("new-keys-are-made-and-files-of-keys-checked-without-an-agent", async () => {
  const file = join(folder, "cluster.key");
  const made = xswim("keys", "new", "--id", "7");
  expect(await made.ended()).toBe(0);
  expect(made.stdout).toMatch(/^7:[0-9a-f]{32}\n$/);
  writeFileSync(file, made.stdout, { mode: 0o600 });
  const right = xswim("keys", "check", file);
  expect(await right.ended()).toBe(0);
  expect(right.stdout).toBe(file + ": keys 7; key 7 seals\n");
  writeFileSync(file, "7:1234\n");
  const wrong = xswim("keys", "check", file);
  expect(await wrong.ended()).toBe(1);
  expect(wrong.stderr).toMatch(/line 1: expected 32 hex digits/);
});

test("says-why-an-agent-refused-and-fails", async () => {
  await agentAt("7946.sock", {
    "POST /api/publish": [413, { error: "at most 900 bytes" }],
    "GET /api/info": [200, "no JSON object"],
  });
  const program = xswim("publish", "long");
  expect(await program.ended()).toBe(1);
  expect(program.stderr).toBe("xswim: at most 900 bytes\n");
});

test("ends-with-4-when-no-agent-answers", async () => {
  const none = xswim("info");
  const port = xswim("info", "--port", "7946");
  const control = xswim("info", "--control", join(folder, "nothing.sock"));
  expect([await none.ended(), await port.ended(), await control.ended()]).toEqual([4, 4, 4]);
  expect(none.stderr).toMatch(/^xswim: no agent of this user runs here/);
  expect(port.stderr).toContain(join(own, "7946.sock") + ": there is no such control address");
  expect(control.stderr).toContain("nothing.sock: there is no such control address");
});

test("asks-which-of-several-agents-is-meant-and-passes-over-those-that-are-gone", async () => {
  const answers: Record<string, FakeAnswer> = { "GET /api/info": [200, INFO] };
  await agentAt("1.sock", answers);
  writeFileSync(join(own, "2.sock"), "");
  expect(await xswim("info").ended()).toBe(0);
  await agentAt("3.sock", answers);
  const program = xswim("info");
  expect(await program.ended()).toBe(2);
  expect(program.stderr).toMatch(
    /there are 2 agents here; choose one by --control or --port: .*1\.sock, .*3\.sock/,
  );
  expect(await xswim("info", "--port", "3").ended()).toBe(0);
  expect(await xswim("info", "--control", join(own, "1.sock")).ended()).toBe(0);
});
