import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ts from "typescript";
import { expect, test } from "vitest";
import { Channel } from "./channel.js";

function frames(script: string): { received: string[]; channel: Channel } {
  const received: string[] = [];
  const channel = new Channel(["sh", "-c", script], ({ kind, payload }) =>
    received.push(`${kind} ${payload.toString()}`),
  );
  return { received, channel };
}

test("takes-frames-apart-however-they-arrive", async () => {
  const { received, channel } = frames(
    "printf '2:Pa,5:Sb:'; sleep 0.1; printf ',c'; sleep 0.1; printf ',1:R,'",
  );
  expect(await channel.ended).toBe("the engine ended with status 0");
  expect(received).toEqual(["P a", "S b:,c", "R "]);
});

test("writes-kind-and-parts-as-one-netstring", async () => {
  const { received, channel } = frames("head -c 8");
  channel.write("S", "12", Uint8Array.of(0x41, 0x2c));
  await channel.ended;
  expect(received).toEqual(["S 12A,"]);
});

test("says-what-a-program-that-speaks-otherwise-said", async () => {
  const { channel } = frames("echo 'Segmentation: bad luck'; echo 'on standard error' >&2; exec sleep 600");
  expect(await channel.ended).toMatch(/SIGKILL.*not a frame: Segmentation/s);
});

test("ends-the-program-when-its-owner-is-killed", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xswim-"));
  try {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const source = await readFile(join(import.meta.dirname, "channel.ts"), "utf8");
    await writeFile(
      join(directory, "channel.mjs"),
      ts.transpileModule(source, { compilerOptions }).outputText,
    );
    const program = 'pid=$$; printf "%s:H%s," $((${#pid} + 1)) $pid; exec sleep 600';
    const owner = `import { Channel } from "./channel.mjs";
      new Channel(["sh", "-c", ${JSON.stringify(program)}], ({ payload }) => console.log(payload.toString()));`;
    await writeFile(join(directory, "owner.mjs"), owner);
    const process_ = spawn(process.execPath, [join(directory, "owner.mjs")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<string>((resolve) =>
      process_.stdout.once("data", (text) => resolve(String(text).trim())),
    );
    // Between one program and the next a process has no command line for a moment.
    let line = await commandLine(pid);
    for (let tries = 0; tries < 100 && line === ""; tries++) {
      await sleep(20);
      line = await commandLine(pid);
    }
    expect(line).toMatch(/^sleep/);
    process_.kill("SIGKILL");
    for (let tries = 0; tries < 200 && (await commandLine(pid)) !== ""; tries++) await sleep(50);
    expect(await commandLine(pid)).toBe("");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

// Empty when the process has ended, reaped or not; the program may still be about to become `sleep`.
async function commandLine(pid: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!text.startsWith("sh") || tries > 100) return text;
    await sleep(20);
  }
}
