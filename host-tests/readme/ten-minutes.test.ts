// The steps of docs/TEN-MINUTES.md that need no board, as they stand there.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { blocks, root } from "./pages.js";
import { runnable, Terminal } from "./terminal.js";

const PAGE = "docs/TEN-MINUTES.md";
const steps = runnable(PAGE);
const terminals: Terminal[] = [];
/** Where agents keep the sockets by which commands find them. */
let runtimeFolder: string;
/** A cluster that no other test finds. */
let cluster: string;

beforeEach(() => {
  runtimeFolder = mkdtempSync(join(tmpdir(), "xswim-docs-"));
  cluster = "home-" + randomBytes(6).toString("hex");
});
afterEach(() => {
  terminals.splice(0).forEach((terminal) => terminal.kill("SIGKILL"));
  rmSync(runtimeFolder, { recursive: true });
});

function open(commands: string, ports: Record<string, number> = {}): Terminal {
  const inCluster = commands.replace("--cluster home", "--cluster " + cluster);
  const terminal = new Terminal(inCluster, ports, { XDG_RUNTIME_DIR: runtimeFolder });
  terminals.push(terminal);
  return terminal;
}

function step(name: string): string {
  const commands = steps.get(name);
  if (commands === undefined) throw new Error(`${PAGE} has no step ${name}`);
  return commands;
}

test("every-step-is-run", () => {
  expect([...steps.keys()]).toEqual(["first", "second", "members"]);
});

test("two-members-find-each-other-and-see-one-leave", { timeout: 90_000 }, async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const ports = { 7946: first, 7947: second };
  const one = open(step("first"), ports);
  const other = open(step("second"), ports);
  await one.printed(new RegExp(`up.*127\\.0\\.0\\.1:${String(second)}`));
  await other.printed(new RegExp(`up.*127\\.0\\.0\\.1:${String(first)}`));

  const members = open(step("members"), ports);
  await members.end();
  expect(members.output).toMatch(new RegExp(`127\\.0\\.0\\.1:${String(second)}\\s+Alive`));

  await other.interrupt();
  await one.printed(new RegExp(`left.*127\\.0\\.0\\.1:${String(second)}`));
  await one.interrupt();
});

test("a-sensor-without-a-board-is-found-and-its-readings-are-told", { timeout: 90_000 }, async () => {
  const [agentPort, port] = await freePorts(2, "127.0.0.1");
  const sensor = blocks(PAGE).find(({ text }) => text.startsWith("// program: sensor\n"));
  const program = (sensor?.text ?? "").replace("7948", String(port)).replace('"home"', `"${cluster}"`);
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(join(root, "build/sensor.mjs"), program);
  const agent = open(step("first"), { 7946: agentPort });
  const one = open("exec node build/sensor.mjs");
  await agent.printed(new RegExp(`127\\.0\\.0\\.1:${String(port)}.*2\\d\\.\\d degrees`));
  await one.interrupt();
  await agent.printed(new RegExp(`left.*127\\.0\\.0\\.1:${String(port)}`));
  await agent.interrupt();
});

test("the-manifest-for-a-board-includes-what-the-program-imports", () => {
  const manifest = blocks(PAGE).find(({ kind }) => kind === "json");
  const { include } = JSON.parse(manifest?.text ?? "") as { include: string[] };
  const own = include.filter((path) => !path.startsWith("$(MODDABLE)"));
  const names = own.map((path) => join("build/sensor", path));
  expect(names.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const program = blocks("README.md").find(({ text }) => text.startsWith("// main.js\n"));
  const imports = [...(program?.text ?? "").matchAll(/ from "xswim\/(\w+)"/g)].map(([, name]) => name);
  const expected = imports.map((name) => (name === "xs" ? "manifest.json" : `manifest_${name}.json`));
  expect(names.sort()).toEqual(expected.sort());
});
