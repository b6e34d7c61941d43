// What an agent keeps over its end, however that came.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SwimNode } from "../../platform/node/index.js";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim, type Program } from "./support/program.js";

let folder = "";
const nodes = new Set<SwimNode>();
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "xswim-state-"))));
afterEach(async () => {
  for (const node of nodes) node.close();
  nodes.clear();
  await endAll();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface State {
  bump: number;
  members: { identity: { addr: string; bump: number } }[];
  values: { identity: { addr: string }; base64: string }[];
}

function stateIn(path: string): State {
  return JSON.parse(readFileSync(path, "utf8")) as State;
}

/** The text that an agent told of as the value of a member, and whether it said that this is old. */
function valueOf(program: Program, addr: string): unknown {
  return program.eventsOf("value").find((event) => (event["identity"] as { addr: string }).addr === addr)?.[
    "text"
  ];
}

async function bumpOf(agent: Program): Promise<number> {
  await agent.until("it is ready", () => agent.eventsOf("ready").length > 0);
  return (agent.eventsOf("ready")[0]["identity"] as { bump: number }).bump;
}

/** A member of this process that publishes a text, and does not last. */
function publish(addr: string, seed: string, text: string): SwimNode {
  const port = Number(addr.split(":")[1]);
  const node = new SwimNode({ port, address: "127.0.0.1", seeds: [seed] });
  node.publish(new TextEncoder().encode(text));
  nodes.add(node);
  return node;
}

test("an-agent-that-was-killed-has-members-and-values-again-when-it-starts-alone", async () => {
  const [at, other] = await addresses(2);
  const path = join(folder, "killed.json");
  const agent = xswim("agent", at, "--json", "--state", path);
  const bump = await bumpOf(agent);
  expect(stateIn(path).bump).toBe(bump);
  const node = publish(other, at, "of the other");
  await agent.until("it has the value", () => valueOf(agent, other) === "of the other");
  await expect.poll(() => stateIn(path).values.length, { timeout: 20_000 }).toBeGreaterThan(0);
  agent.kill("SIGKILL");
  await agent.ended();
  node.close();

  const again = xswim("agent", at, "--json", "--state", path);
  expect(await bumpOf(again)).toBeGreaterThan(bump);
  await again.until("it has all", () => hasUp(again, other) && valueOf(again, other) === "of the other");
  expect(again.eventsOf("state")).toMatchObject([{ path, members: 1, values: expect.any(Number) as number }]);
});

test("a-cluster-whose-agents-all-restart-without-seeds-finds-together-and-has-lost-no-value", async () => {
  const ats = await addresses(3);
  const paths = ats.map((_, i) => join(folder, "all" + i + ".json"));
  const start = (seeds: string[]): Program[] =>
    ats.map((at, i) => xswim("agent", at, "--json", "--state", paths[i], ...seeds));
  const before = start(["-a", ats[0]]);
  const knowAll = (agents: Program[]): boolean =>
    agents.every((agent, i) => ats.every((at, j) => i === j || valueOf(agent, at) !== undefined));
  await before[0].until("all have all", () => knowAll(before));
  for (const agent of before) agent.kill("SIGTERM");
  for (const agent of before) expect(await agent.ended()).toBe(0);
  for (const path of paths)
    expect(stateIn(path)).toMatchObject({ members: { length: 2 }, values: { length: 3 } });

  const after = start([]);
  await after[0].until("all have all", () => knowAll(after));
  await after[0].until("all are up", () =>
    after.every((agent, i) => ats.every((at, j) => i === j || hasUp(agent, at))),
  );
});

test("the-bump-grows-though-the-clock-was-set-back", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "ahead.json");
  const ahead = Math.floor(Date.now() / 1000) + 100_000;
  writeFileSync(path, JSON.stringify({ version: 1, bump: ahead, store: {}, members: [], values: [] }));
  for (const bump of [ahead + 1, ahead + 2]) {
    const agent = xswim("agent", at, "--json", "--state", path);
    expect(await bumpOf(agent)).toBe(bump);
    expect(stateIn(path).bump).toBe(bump);
    agent.kill("SIGKILL");
    await agent.ended();
  }
});

const BROKEN: Record<string, [text: string, ignored: RegExp]> = {
  "cut-short": ['{"version":1,"bump":17', /not whole/],
  empty: ["", /not whole/],
  "of-another-version": ['{"version":2,"bump":17}', /not of version 1/],
  "with-wrong-parts": [
    '{"version":1,"bump":"x","members":[7,{"identity":{"addr":"x","bump":1},"state":"Alive","incarnation":0}],"values":[{}]}',
    /bump is no number.*2 of its members are wrong.*1 of its values are wrong/,
  ],
};

test.each(Object.entries(BROKEN))(
  "a-broken-file-does-not-stop-the-start: %s",
  async (name, [text, ignored]) => {
    const [at] = await addresses(1);
    const path = join(folder, name);
    writeFileSync(path, text);
    const agent = xswim("agent", at, "--json", "--state", path);
    const bump = await bumpOf(agent);
    expect(agent.eventsOf("state")).toMatchObject([{ level: "warn", path, members: 0, values: 0 }]);
    expect((agent.eventsOf("state")[0]["ignored"] as string[]).join("; ")).toMatch(ignored);
    expect(stateIn(path).bump).toBe(bump);
  },
);

test("a-write-that-was-cut-off-leaves-the-file-as-it-was-and-only-its-user-may-read-it", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "cut.json");
  writeFileSync(path + ".new", '{"version":1,"bu');
  const agent = xswim("agent", at, "--json", "--state", path);
  const bump = await bumpOf(agent);
  expect(stateIn(path).bump).toBe(bump);
  expect(existsSync(path + ".new")).toBe(false);
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a-state-that-cannot-be-written-is-told-and-does-not-stop-the-agent", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "none", "state.json");
  const agent = xswim("agent", at, "--json", "--state", path);
  await bumpOf(agent);
  expect(agent.eventsOf("error")[0]).toMatchObject({
    path,
    error: expect.stringContaining("ENOENT") as string,
  });
});

test("takes-the-bump-that-it-is-told-unless-it-had-a-larger-one", async () => {
  const [at] = await addresses(1);
  const path = join(folder, "told.json");
  const agent = xswim("agent", at, "--json", "--state", path, "--bump", "9007199254740993");
  expect(await bumpOf(agent)).toBe("9007199254740993");
  agent.kill("SIGTERM");
  await agent.ended();
  const wrong = xswim("agent", at, "--state", path, "--bump", "5");
  expect(await wrong.ended()).toBe(1);
  expect(wrong.stderr).toMatch(/--bump 5: .* 9007199254740993/);
});

test("sealed-agents-with-a-state-use-other-nonces-after-a-restart-with-an-old-file", async () => {
  const [atA, atB] = await addresses(2);
  const key = join(folder, "cluster.key");
  writeFileSync(key, "00112233445566778899aabbccddeeff\n", { mode: 0o600 });
  const path = join(folder, "sealed.json");
  const a = xswim("agent", atA, "--json", "--key-file", key);
  const start = (): Program => xswim("agent", atB, "--json", "--key-file", key, "-a", atA, "--state", path);
  const b = start();
  await b.until("b knows a", () => hasUp(b, atA));
  const old = readFileSync(path);
  expect(old.toString()).not.toContain("seal");
  b.kill("SIGKILL");
  await b.ended();
  writeFileSync(path, old);
  const again = start();
  // Datagrams under nonces that were used would be refused as replayed.
  await a.until("a heard the new one", () => a.eventsOf("rename").length > 0);
  await again.until("it knows a", () => hasUp(again, atA));
  a.kill("SIGTERM");
  await a.ended();
  expect(a.eventsOf("left")).toMatchObject([{ seal: { replayed: 0 } }]);
});
