// What the agent tells of what is wrong.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim } from "./support/program.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xswim-told-"));
});
afterEach(endAll);
afterAll(() => rm(folder, { recursive: true }));

test("another-wire-format-is-named-by-the-seed-and-silence-by-who-joins", async () => {
  const [atA, atB] = await addresses(2);
  const a = xswim("agent", atA, "--json");
  const b = xswim("agent", atB, "--json", "-a", atA, "--codec", "postcard");
  await a.until("a names it", () => a.eventsOf("trouble").length > 0);
  expect(a.eventsOf("trouble")).toMatchObject([{ level: "warn", kind: "otherCodec", from: atB }]);
  await b.until("b tells of the silence", () => b.eventsOf("trouble").length > 0);
  expect(b.eventsOf("trouble")).toMatchObject([{ level: "warn", kind: "seedsSilent", seeds: [atA] }]);
});

test("another-key-is-named", async () => {
  const [atA, atB] = await addresses(2);
  const file = join(folder, "key");
  await writeFile(file, "5f0c6f1d9a2b4e8893d7c1e0a4b65217\n", { mode: 0o600 });
  const a = xswim("agent", atA, "--json", "--key-file", file);
  await a.until("a is ready", () => a.eventsOf("ready").length > 0);
  xswim("agent", atB, "--json", "-a", atA);
  await a.until("a names it", () => a.eventsOf("trouble").length > 0);
  expect(a.eventsOf("trouble")).toMatchObject([{ kind: "otherKey", from: atB }]);
});

test("a-frozen-member-is-suspected-by-whom-is-told-and-refutes-it-when-it-runs-again", async () => {
  const [atA, atB, atC] = await addresses(3);
  const [a, , c] = [atA, atB, atC].map((address) =>
    xswim("agent", address, "--json", "--log-level", "debug", ...(address === atA ? [] : ["-a", atA])),
  );
  await a.until("all are up", () => hasUp(a, atB) && hasUp(a, atC));
  c.kill("SIGSTOP");
  await a.until("c is suspected", () => a.eventsOf("memberSuspect").length > 0);
  c.kill("SIGCONT");
  await a.until("c refutes it", () => a.eventsOf("memberRefuted").length > 0);
  expect(a.eventsOf("memberSuspect")).toMatchObject([
    { identity: { addr: atC }, by: { addr: expect.any(String) as string } },
  ]);
  expect(a.eventsOf("memberRefuted")).toMatchObject([{ identity: { addr: atC } }]);
});

test("agents-find-each-other-with-no-address-typed-and-other-clusters-do-not", async () => {
  const [beacon, ...at] = await addresses(5);
  const flags = ["--json", "--discover", "--interface", "lo", "--beacon-port", beacon.split(":")[1]];
  const [a, b, c, d] = at.map((address, i) =>
    xswim("agent", address, ...flags, "--cluster", i < 2 ? "one" : "two"),
  );
  await a.until("a finds b", () => hasUp(a, at[1]));
  await b.until("b finds a", () => hasUp(b, at[0]));
  await c.until("c finds d", () => hasUp(c, at[3]));
  for (const program of [a, b, c, d]) expect(program.eventsOf("memberUp").length).toBeLessThanOrEqual(1);
});

test("which-address-the-others-are-told-and-why-is-said", async () => {
  const [at] = await addresses(1);
  const a = xswim("agent", "0.0.0.0:" + at.split(":")[1]);
  await a.until("it is ready", () => a.stdout.includes("ready on"));
  expect(a.stdout).toMatch(
    /ready on 0\.0\.0\.0:\d+ as [\d.:]+ \(bump \d+\), which is (the first address|no network)/,
  );
});
