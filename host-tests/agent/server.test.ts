// What an agent shows, and can be told to do: at its control address, and by --http.
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import type { InfoJson } from "../../agent/src/server/info.js";
import type { MemberJson } from "../../agent/src/server/seen-member.js";
import { addresses, hasUp } from "./support/addresses.js";
import { ask, askJson, EventReader, type Ask } from "./support/http.js";
import { CLI, endAll, Program } from "./support/program.js";
import { until } from "../node/support/until.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xs-"));
});
afterEach(endAll);
afterAll(() => rm(folder, { recursive: true }));

/** An agent with its control address in a folder of its own. */
function agentAt(at: string, ...flags: string[]): Program {
  return new Program(process.execPath, [CLI, "agent", at, "--json", ...flags], { XDG_RUNTIME_DIR: folder });
}
/** Where the control address of that agent is. */
function controlOf(at: string): string {
  return join(folder, "xswim-" + process.getuid?.(), at.split(":")[1] + ".sock");
}
function post(at: Ask["at"], path: string, value: object, token?: string): ReturnType<typeof ask> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: "Bearer " + token };
  return ask({ at, method: "POST", path, headers, body: JSON.stringify(value) });
}
function secret(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** Two agents that know each other. */
async function pair(...flags: string[]): Promise<{ a: Program; b: Program; atA: string; atB: string }> {
  const [atA, atB] = await addresses(2);
  const a = agentAt(atA, ...flags);
  const b = agentAt(atB, "-a", atA);
  await a.until("a knows b", () => hasUp(a, atB));
  await b.until("b knows a", () => hasUp(b, atA));
  return { a, b, atA, atB };
}

test("shows-itself-and-the-members-at-the-control-address", async () => {
  const { atA, atB } = await pair();
  const at = controlOf(atA);
  expect(await askJson<InfoJson>({ at, path: "/api/info" })).toMatchObject({
    version: "0.1.0",
    identity: { addr: atA },
    bind: atA,
    advertised: { address: atA, why: expect.any(String) as string },
    cluster: null,
    codec: "bincode",
    config: { name: "lan", size: 10, values: { probePeriodMs: 1000 } },
    state: "connected",
    numMembers: 1,
    sealing: null,
    keyIds: null,
    troubles: [],
    counters: { sent: expect.any(Array) as number[], bytesSent: expect.any(Number) as number },
    seal: null,
    socketErrors: 0,
    verbs: true,
  });
  const answer = await askJson<{ self: MemberJson; members: MemberJson[] }>({ at, path: "/api/members" });
  expect(answer.self).toMatchObject({ addr: atA, state: "Alive", successor: atB });
  expect(answer.members).toMatchObject([{ addr: atB, state: "Alive", successor: atA, flaps: 0 }]);
  const { seconds } = await askJson<{ seconds: object[] }>({ at, path: "/api/traffic" });
  expect(Array.isArray(seconds)).toBe(true);
});

test("lets-nobody-else-at-the-control-address-and-takes-it-away-at-the-end", async () => {
  const [at, other] = await addresses(2);
  const agent = agentAt(at);
  const without = agentAt(other, "--no-control");
  await agent.untilPrinted('"ready"');
  await without.untilPrinted('"ready"');
  expect(existsSync(controlOf(other))).toBe(false);
  const path = controlOf(at);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(join(path, "..")).mode & 0o777).toBe(0o700);
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test("takes-the-place-of-an-agent-that-was-killed-but-not-of-one-that-runs", async () => {
  const [at, other] = await addresses(2);
  const path = join(folder, "own.sock");
  const first = agentAt(at, "--control", path);
  await first.untilPrinted('"ready"');
  const second = agentAt(other, "--control", path);
  expect(await second.ended()).toBe(1);
  expect(second.stderr).toContain("another agent has the control address " + path);
  first.kill("SIGKILL");
  await first.ended();
  expect(existsSync(path)).toBe(true);
  const third = agentAt(other, "--control", path);
  await third.untilPrinted('"ready"');
  expect((await ask({ at: path, path: "/api/info" })).status).toBe(200);
});

test("removes-no-file-and-goes-on-where-the-usual-control-address-cannot-be", async () => {
  const [at] = await addresses(1);
  const path = secret("note.txt", "dear");
  const explicit = agentAt(at, "--control", path);
  expect(await explicit.ended()).toBe(1);
  expect(explicit.stderr).toContain("is no socket");
  const home = join(folder, "home");
  mkdirSync(home);
  writeFileSync(join(home, "xswim-" + process.getuid?.()), "");
  const usual = new Program(process.execPath, [CLI, "agent", at, "--json"], { XDG_RUNTIME_DIR: home });
  await usual.until("it says so", () => usual.eventsOf("error").length > 0);
  expect(usual.eventsOf("ready")).toHaveLength(1);
});

test("publishes-pings-and-leaves-when-told-at-the-control-address", async () => {
  const { a, b, atA, atB } = await pair();
  const at = controlOf(atA);
  const ownValue = async (): Promise<string | null> =>
    (await askJson<{ self: MemberJson }>({ at, path: "/api/members" })).self.value;
  await ownValue();
  expect((await post(at, "/api/publish", { value: "<b>\u001b[31m" })).text).toBe('{"queued":true}');
  expect(await ownValue()).toBe("<b>\u001b[31m");
  await b.until("b hears it", () => b.eventsOf("value").some(({ text }) => text === "<b>\u001b[31m"));
  const told = await ask({ at: controlOf(atB), path: "/api/members" });
  expect(told.text).toContain("<b>\\u001b[31m");
  expect(told.headers["content-type"]).toBe("application/json; charset=utf-8");
  const { results } = JSON.parse((await post(at, "/api/ping", { member: atB })).text) as {
    results: { via: null; rttMs: number }[];
  };
  expect(results).toMatchObject([{ via: null, rttMs: expect.any(Number) as number }]);
  expect(await post(at, "/api/ping", { member: "10.1.2.3:1" })).toMatchObject({
    status: 404,
    text: '{"error":"no member has the address \\"10.1.2.3:1\\""}',
  });
  expect((await post(at, "/api/ping", { member: 5 })).status).toBe(400);
  expect((await post(at, "/api/publish", {})).status).toBe(400);
  expect((await post(at, "/api/publish", { value: "x".repeat(5000) })).status).toBe(413);
  expect((await post(at, "/api/keys/reload", {})).status).toBe(409);
  // What was published is not replaced by a hello.
  expect(b.eventsOf("value").at(-1)).toMatchObject({ text: "<b>\u001b[31m" });
  expect((await post(at, "/api/leave", {})).text).toBe("{}");
  expect(await a.ended()).toBe(0);
  await b.until("b is told", () => b.eventsOf("memberLeft").length > 0);
});

test("reads-its-keys-again-when-told-and-says-what-is-wrong", async () => {
  const keys = secret("cluster.key", "1:" + TOKEN);
  const [at] = await addresses(1);
  const agent = agentAt(at, "--key-file", keys);
  await agent.untilPrinted('"ready"');
  writeFileSync(keys, "2:" + TOKEN + "\n1:" + TOKEN.replace("0", "1"));
  expect((await post(controlOf(at), "/api/keys/reload", {})).text).toBe('{"keyIds":[2,1]}');
  writeFileSync(keys, "nothing");
  const { status, text } = await post(controlOf(at), "/api/keys/reload", {});
  expect(status).toBe(422);
  expect(text).toContain("the keys are as they were");
  const info = await ask({ at: controlOf(at), path: "/api/info" });
  expect(JSON.parse(info.text)).toMatchObject({ keyIds: [2, 1], sealing: "require" });
  expect(info.text).not.toContain(TOKEN);
});

test("streams-what-happens-and-begins-where-the-caller-was", async () => {
  const { a, b, atA, atB } = await pair();
  const at = controlOf(atA);
  const reader = new EventReader({ at, path: "/api/events?since=0" });
  await until("the past is there", () => reader.of("memberUp").length > 0);
  expect(reader.events[0]).toMatchObject({ event: "hello", data: { id: expect.any(Number) as number } });
  const [up] = reader.of("memberUp");
  expect(up.data).toEqual(a.eventsOf("memberUp")[0]);
  await until("seconds pass", () => reader.of("traffic").length > 1);
  expect(reader.of("traffic")[0].data).toMatchObject({ members: 1, suspects: 0 });
  b.kill("SIGTERM");
  await until("b has left", () => reader.of("memberLeft").length > 0);
  await until("the view has changed", () =>
    reader.of("members").some(({ data }) => JSON.stringify(data).includes('"state":"Left"')),
  );
  const ids = reader.events.flatMap(({ id }) => (id === undefined ? [] : [id]));
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  const again = new EventReader({ at, path: "/api/events", headers: { "last-event-id": String(up.id) } });
  await until("the rest is there", () => again.of("memberLeft").length > 0);
  expect([again.of("memberUp"), again.of("gap")]).toEqual([[], []]);
  const strange = new EventReader({ at, path: "/api/events?since=9999" });
  await until("it is told of a gap", () => strange.of("gap").length > 0);
  const { events } = await askJson<{ events: { event: string }[] }>({ at, path: "/api/events?recent=512" });
  expect(events.map(({ event }) => event)).toContain("memberLeft");
  expect((await ask({ at, path: "/api/events?recent=-1" })).status).toBe(400);
  expect((await ask({ at, path: "/api/events?since=x" })).status).toBe(400);
  a.kill("SIGTERM");
  await a.ended();
  await until("the stream ends", () => reader.hasEnded && again.hasEnded && strange.hasEnded);
  expect(reader.of("leaving")).toHaveLength(1);
  expect(JSON.stringify(reader.events)).toContain(atB);
});

test("streams-events-that-are-not-printed", async () => {
  const [at] = await addresses(1);
  const agent = agentAt(at, "--log-level", "silent");
  await until("it is there", () => existsSync(controlOf(at)));
  await expect
    .poll(
      () =>
        ask({ at: controlOf(at), path: "/api/events?recent=9" }).then(
          ({ text }) => text,
          () => "",
        ),
      {
        timeout: 20_000,
      },
    )
    .toContain('"event":"ready"');
  expect(agent.stdout).toBe("");
});

test("shows-this-machine-the-cluster-by-http-and-is-told-what-to-do-with-the-token-only", async () => {
  const [httpPort] = await freePorts(1, "127.0.0.1");
  const file = secret("token", TOKEN + "\n");
  const { a, atB } = await pair("--http", "127.0.0.1:" + httpPort, "--http-token-file", file);
  expect(a.eventsOf("http")).toMatchObject([{ address: "http://127.0.0.1:" + httpPort + "/" }]);
  const { text } = await ask({ at: httpPort, path: "/api/members" });
  expect(text).toContain(atB);
  expect((await post(httpPort, "/api/leave", {})).status).toBe(403);
  expect((await post(httpPort, "/api/leave", {}, TOKEN.slice(1))).status).toBe(401);
  expect((await post(httpPort, "/api/publish", { value: "hi" }, TOKEN)).status).toBe(200);
  const headers = { host: "evil.example" };
  expect((await ask({ at: httpPort, path: "/api/members", headers })).status).toBe(403);
});

test("tells-prometheus-its-counters", async () => {
  const { a, b, atA, atB } = await pair();
  const at = controlOf(atA);
  b.kill("SIGTERM");
  await a.until("b has left", () => a.eventsOf("memberLeft").length > 0);
  const { headers, text } = await ask({ at, path: "/metrics" });
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  for (const line of [
    "serf_member_join 1",
    "serf_member_left 1",
    "memberlist_msg_dead 1",
    'memberlist_node_instances{node_state="left"} 1',
    'xswim_members{state="left"} 1',
    'xswim_info{version="0.1.0",codec="bincode",config="lan"} 1',
    "# TYPE xswim_probe_failures_total counter",
  ])
    expect(text).toContain(line + "\n");
  expect(text).toMatch(/^memberlist_udp_sent [1-9]/m);
  expect(text).toMatch(/^xswim_sent_total\{message="(Feed|Announce)"\} [1-9]/m);
  // Nobody has a label of its own who is gone.
  expect(text).not.toContain(atB);
});

const WRONG: [flags: string[], exitCode: number, message: string][] = [
  [["--http", "0.0.0.0:1234"], 1, "others can reach --http 0.0.0.0, so a token is needed"],
  [["--http", "127.0.0.1:1234", "--http-token-file", "FOLDER/open"], 1, "its mode is 644"],
  [["--http", "127.0.0.1:1234", "--http-token-file", "FOLDER/short"], 1, "expected one line of 16 to 256"],
  [["--http", "127.0.0.1:1234", "--http-token-file", "FOLDER/none"], 1, "ENOENT"],
  [["--http", "localhost:1234"], 2, "Expected an IP address and a port"],
  [["--http-token-file", "x"], 2, "give --http, too"],
  [["--control", "/nowhere/x.sock"], 1, "control address: "],
  [["--control", "/tmp/" + "x".repeat(120)], 1, "give a shorter one by --control"],
];

test("does-not-start-with-what-would-not-work-or-not-be-safe", async () => {
  secret("open", TOKEN, 0o644);
  secret("short", "abc");
  const at = await addresses(WRONG.length);
  const agents = WRONG.map(([flags], index) =>
    agentAt(at[index], ...flags.map((flag) => flag.replace("FOLDER", folder))),
  );
  for (const [index, [, exitCode, message]] of WRONG.entries()) {
    const agent = agents[index];
    expect([message, await agent.ended()]).toEqual([message, exitCode]);
    expect(agent.stderr).toContain(message);
    expect([agent.stdout, agent.stderr.includes("abc")]).toEqual(["", false]);
  }
});

test("does-not-start-when-the-port-of-http-is-in-use", async () => {
  const [at, other] = await addresses(2);
  const [port] = await freePorts(1, "127.0.0.1");
  const first = agentAt(at, "--http", "127.0.0.1:" + port);
  await first.untilPrinted('"ready"');
  const second = agentAt(other, "--http", "127.0.0.1:" + port);
  expect(await second.ended()).toBe(1);
  expect(second.stderr).toContain("the port is in use");
});
