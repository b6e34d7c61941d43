// The steps of docs/OPERATING.md, as they stand there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { runnable, Terminal } from "./terminal.js";

const steps = runnable("docs/OPERATING.md");
const terminals: Terminal[] = [];
let runtimeFolder: string;

beforeEach(() => {
  runtimeFolder = mkdtempSync(join(tmpdir(), "xswim-docs-"));
});
afterEach(() => {
  terminals.splice(0).forEach((terminal) => terminal.kill("SIGKILL"));
  rmSync(runtimeFolder, { recursive: true });
});

test("an-agent-answers-serves-its-page-and-leaves-when-told", { timeout: 90_000 }, async () => {
  expect([...steps.keys()]).toEqual(["agent", "ask"]);
  const [port, http] = await freePorts(2, "127.0.0.1");
  const ports = { 7946: port, 8946: http };
  const open = (name: string): Terminal => {
    // The port of the page is 8946 where it is not said.
    const commands = (steps.get(name) ?? "").replace("--http", "--http 127.0.0.1:8946");
    const terminal = new Terminal(commands, ports, { XDG_RUNTIME_DIR: runtimeFolder });
    terminals.push(terminal);
    return terminal;
  };
  const agent = open("agent");
  await agent.printed(/ready/i);
  const page = await fetch(`http://127.0.0.1:${String(http)}/`);
  expect([page.status, page.headers.get("content-type")]).toEqual([
    200,
    expect.stringContaining("text/html"),
  ]);

  const asking = open("ask");
  await asking.end();
  expect(asking.output).toMatch(new RegExp(`127\\.0\\.0\\.1:${String(port)}`));
  await agent.end();
  expect(agent.output).toMatch(/left/);
});
