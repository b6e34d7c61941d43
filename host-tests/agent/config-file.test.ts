import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addAgentCommand } from "../../agent/src/agent/command.js";
import { applyConfigFile, configNames } from "../../agent/src/agent/config-file.js";
import { makeSettings, type AgentFlags } from "../../agent/src/agent/settings.js";
import { addresses } from "./support/addresses.js";
import { CLI, endAll, xswim } from "./support/program.js";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "xswim-config-"))));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

function file(settings: unknown, name = "agent.json"): string {
  const path = join(folder, name);
  writeFileSync(path, typeof settings === "string" ? settings : JSON.stringify(settings));
  return path;
}

/** The agent's command with its options read, whose action does nothing. */
function read(...words: string[]): { command: Command; bind: string | undefined } {
  const program = new Command("xswim").exitOverride();
  addAgentCommand(program, () => undefined);
  const command = program.commands[0].exitOverride().configureOutput({ writeErr: () => undefined });
  command.action(() => undefined);
  program.parse(["agent", ...words], { from: "user" });
  return { command, bind: applyConfigFile(command) };
}

/** For each option a value in the file, and the same on the command line; none of them is a default. */
const VALUES: Record<string, [inFile: unknown, onCommandLine: string[]]> = {
  identity: ["127.0.0.1:1", ["--identity", "127.0.0.1:1"]],
  announce: [
    ["127.0.0.1:1", "127.0.0.1:2"],
    ["-a", "127.0.0.1:1", "-a", "127.0.0.1:2"],
  ],
  filename: ["members.txt", ["-f", "members.txt"]],
  codec: ["postcard", ["--codec", "postcard"]],
  "cluster-size": [77, ["--cluster-size", "77"]],
  "key-file": ["cluster.key", ["--key-file", "cluster.key"]],
  sealing: ["accept", ["--sealing", "accept"]],
  "log-level": ["warn", ["--log-level", "warn"]],
  json: [true, ["--json"]],
  "log-file": ["log.txt", ["--log-file", "log.txt"]],
  state: ["state.json", ["--state", "state.json"]],
  bump: [7, ["--bump", "7"]],
  discover: [true, ["--discover"]],
  cluster: ["home", ["--cluster", "home"]],
  interface: ["eth0", ["--interface", "eth0"]],
  "beacon-port": [7000, ["--beacon-port", "7000"]],
  control: ["a.sock", ["--control", "a.sock"]],
  http: ["127.0.0.1:1", ["--http", "127.0.0.1:1"]],
  "http-token-file": ["token", ["--http-token-file", "token"]],
};

test("no-option-is-missing-in-this-test", () => {
  expect([...Object.keys(VALUES), "config"].sort()).toEqual(configNames(read().command).sort());
});

test.each(Object.entries(VALUES))("the-file-sets-what-the-command-line-sets: %s", (name, [value, words]) => {
  const { command } = read("--config", file({ [name]: value }));
  const { command: other } = read(...words);
  const plain = read().command.opts();
  const { config: _, ...set } = command.opts();
  const { config: __, ...expected } = other.opts();
  expect(set).toEqual(expected);
  expect(set).not.toEqual({ ...plain, config: undefined });
});

test.each(Object.entries(VALUES))("the-command-line-wins: %s", (name, [value, words]) => {
  // It has nothing else to say.
  if (name === "json") return;
  const other = Array.isArray(value)
    ? ["127.0.0.1:9"]
    : { codec: "bincode", sealing: "off", "log-level": "silent", discover: false }[name];
  const inFile =
    other ?? (typeof value === "number" ? 5 : /identity|http$/.test(name) ? "127.0.0.1:9" : "other");
  const { command } = read("--config", file({ [name]: inFile }), ...words);
  const { config: _, ...set } = command.opts();
  const { config: __, ...expected } = read(...words).command.opts();
  expect(set).toEqual(expected);
});

test("what-can-be-switched-off-can-be-in-the-file", () => {
  const { command } = read("--config", file({ discover: false, control: false, http: true, json: false }));
  expect(command.opts()).toMatchObject({ discover: false, control: false, http: true, json: false });
});

test("no-page-is-shown-where-the-file-says-so", () => {
  const { command } = read("--config", file({ http: false }));
  expect(makeSettings("127.0.0.1:1", command.opts<AgentFlags>(), command).http).toBeUndefined();
  const { command: other } = read("--config", file({ http: false, "http-token-file": "token" }));
  expect(() => makeSettings("127.0.0.1:1", other.opts<AgentFlags>(), other)).toThrow(
    /nothing asks for a token/,
  );
});

test("the-file-names-settings-and-the-address-to-bind", () => {
  const path = file({ bind: "127.0.0.1:1", config: "wan" });
  const { command, bind } = read("--config", path);
  expect(bind).toBe("127.0.0.1:1");
  expect(command.opts()["config"]).toMatchObject({ name: "wan", file: path });
  expect(read("--config", path, "--config", "wifi").command.opts()["config"]).toMatchObject({ name: "wifi" });
});

const WRONG: Record<string, [unknown, RegExp]> = {
  "an-unknown-name": [{ anounce: [] }, /agent\.json: "anounce": There is no such name.* announce,/],
  "a-wrong-value": [{ "cluster-size": 0 }, /agent\.json: "cluster-size": Expected a number of members/],
  "a-wrong-choice": [{ codec: "xml" }, /agent\.json: "codec": Allowed choices are bincode, postcard/],
  "a-text-for-a-list": [{ announce: "127.0.0.1:1" }, /agent\.json: "announce": Expected an array of texts/],
  "a-bad-seed": [{ announce: ["x"] }, /agent\.json: "announce": Expected an IP address and a port/],
  "a-text-for-a-switch": [{ json: "yes" }, /agent\.json: "json": Expected true or false/],
  "a-list-for-a-text": [{ filename: ["x"] }, /agent\.json: "filename": Expected a text or a number/],
  "a-file-in-a-file": [{ config: "./other.json" }, /agent\.json: "config": Allowed choices are lan/],
  "no-json": ["{", /agent\.json is no JSON/],
  "no-object": [[1], /agent\.json: expected a JSON object/],
};

test.each(Object.entries(WRONG))("says-what-is-wrong-in-which-file: %s", (_, [settings, says]) => {
  expect(() => read("--config", file(settings))).toThrow(says);
});

test("an-agent-starts-by-a-file-alone-and-ends-with-2-when-that-is-wrong", async () => {
  const [bind] = await addresses(1);
  const agent = xswim("agent", "--config", file({ bind, json: true }));
  await agent.until("it is ready", () => agent.eventsOf("ready").length > 0);
  expect(agent.eventsOf("ready")).toMatchObject([{ bind }]);
  for (const words of [
    ["--config", file({ bnd: 1 }, "wrong.json")],
    ["--config", join(folder, "none.json")],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [CLI, "agent", ...words], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining(words[1])]);
  }
});

test("the-example-of-the-readme-is-taken", () => {
  const text = readFileSync("agent/README.md", "utf8");
  const example = /```json\n(\{[^]*?\})\n```/.exec(text)?.[1];
  expect(read("--config", file(example)).bind).toBe("0.0.0.0:7946");
});
