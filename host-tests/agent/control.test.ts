// The commands and an agent, with nothing in between that a test made.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim, type Program } from "./support/program.js";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "xswim-k-"))));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

test("commands-show-an-agent-and-have-it-do-things", async () => {
  const [atA, atB] = await addresses(2);
  const key = join(folder, "cluster.key");
  writeFileSync(key, "3:" + "ab".repeat(16) + "\n", { mode: 0o600 });
  const control = join(folder, "a.sock");
  const state = join(folder, "state.json");
  const start = (at: string, ...words: string[]): Program =>
    xswim("agent", at, "--json", "--key-file", key, ...words);
  const a = start(atA, "--control", control, "--state", state);
  const b = start(atB, "-a", atA, "--no-control");
  await b.until("they met", () => hasUp(a, atB) && hasUp(b, atA));
  const ask = (...words: string[]): Program => xswim(...words, "--control", control);

  const monitor = ask("monitor", "--json", "--recent", "50");
  const asked = [
    ask("members", "--json"),
    ask("members"),
    ask("info", "--json"),
    ask("info"),
    ask("keys", "list"),
  ];
  for (const program of asked) expect([await program.ended(), program.stderr]).toEqual([0, ""]);
  const [membersJson, members, infoJson, info, keys] = asked;
  expect(JSON.parse(membersJson.stdout)).toMatchObject({
    self: { addr: atA },
    members: [{ addr: atB, state: "Alive" }],
  });
  expect(members.stdout).toMatch(new RegExp(atA + " \\* +Alive[^]*" + atB + " +Alive"));
  expect(JSON.parse(infoJson.stdout)).toMatchObject({ identity: { addr: atA }, keyIds: [3], verbs: true });
  expect(info.stdout).toContain("sealing:    require, keys 3");
  expect(keys.stdout).toContain("key 3: seals and opens");

  const [ping, publish] = [ask("ping", atB), ask("publish", "warm")];
  expect([await ping.ended(), await publish.ended()]).toEqual([0, 0]);
  expect(ping.stdout).toMatch(/^directly +[0-9.]+ ms$/m);
  await b.until("b has the value", () => b.eventsOf("value").some((event) => event["text"] === "warm"));
  const nobody = ask("ping", "127.0.0.1:1");
  expect(await nobody.ended()).toBe(1);
  expect(nobody.stderr).toContain("no member has the address");

  writeFileSync(key, "3:" + "ab".repeat(16) + "\n4:" + "cd".repeat(16) + "\n", { mode: 0o600 });
  const reload = ask("keys", "reload");
  expect([await reload.ended(), reload.stdout]).toEqual([0, "keys in use: 3, 4\n"]);

  expect(await ask("leave").ended()).toBe(0);
  expect([await a.ended(), await monitor.ended()]).toEqual([0, 0]);
  const told = monitor.events().map(({ event }) => event);
  expect(told).toEqual(expect.arrayContaining(["ready", "memberUp", "keys", "leaving"]));
  expect(await ask("info").ended()).toBe(4);

  // What was published stays, and is not replaced by a greeting.
  const again = start(atA, "--control", control, "--state", state);
  await again.until("it is ready", () => again.eventsOf("ready").length > 0);
  const after = ask("members", "--json");
  expect(await after.ended()).toBe(0);
  expect(JSON.parse(after.stdout)).toMatchObject({ self: { value: "warm" } });
});
