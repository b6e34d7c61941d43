// The steps of docs/TEN-MINUTES.md that need no board, as they stand there.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
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

beforeEach(() => {
  runtimeFolder = mkdtempSync(join(tmpdir(), "xswim-docs-"));
});
afterEach(() => {
  terminals.splice(0).forEach((terminal) => terminal.kill("SIGKILL"));
  rmSync(runtimeFolder, { recursive: true });
});

function open(commands: string, ports: Record<string, number>, env: NodeJS.ProcessEnv = {}): Terminal {
  const terminal = new Terminal(commands, ports, { XDG_RUNTIME_DIR: runtimeFolder, ...env });
  terminals.push(terminal);
  return terminal;
}

function step(name: string): string {
  const commands = steps.get(name);
  if (commands === undefined) throw new Error(`${PAGE} has no step ${name}`);
  return commands;
}

test("every-step-is-run", () => {
  expect([...steps.keys()]).toEqual(["first", "second", "members", "table"]);
});

test("two-members-see-each-other-and-one-that-leaves", { timeout: 90_000 }, async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const ports = { 7946: first, 7947: second };
  const one = open(step("first"), ports);
  await one.printed(/ready/i);
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

test("a-sensor-without-a-board-is-in-the-table", { timeout: 90_000 }, async () => {
  const [tablePort, port] = await freePorts(2, "127.0.0.1");
  const sensor = blocks(PAGE).find(({ text }) => text.startsWith("// program: sensor\n"));
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(join(root, "build/sensor.mjs"), sensor?.text ?? "");
  const table = open(step("table"), { 7946: tablePort });
  await table.printed(/listening/);
  const env = { PORT: String(port), SEED: "127.0.0.1:" + String(tablePort), SECONDS: "3" };
  const one = open("node build/sensor.mjs", {}, env);
  await table.printed(new RegExp(`127\\.0\\.0\\.1:${String(port)} reads \\d+\\.\\d degrees, battery 90 %`));
  await one.end();
  await table.printed(new RegExp(`down 127\\.0\\.0\\.1:${String(port)}`));
  await table.interrupt();
});
