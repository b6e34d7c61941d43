import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLI } from "./support/program.js";

let folder = "";
const scripts: Record<string, string> = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-completion-"));
  for (const shell of ["bash", "zsh", "fish"]) {
    scripts[shell] = execFileSync(process.execPath, [CLI, "completion", shell], { encoding: "utf8" });
    writeFileSync(join(folder, shell), scripts[shell]);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers after these words; the last one is what is typed so far. */
function offered(...words: string[]): string[] {
  const script = `source ${folder}/bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _xswim; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--norc", "-c", script, "bash", "xswim", ...words];
  return execFileSync("bash", args, { encoding: "utf8", cwd: folder }).trim().split("\n");
}

const hasBash = spawnSync("bash", ["--version"]).error === undefined;

test.runIf(hasBash)("bash-completes-commands-options-and-choices", () => {
  expect(offered("")).toEqual(expect.arrayContaining(["agent", "members", "doctor", "keys", "--version"]));
  expect(offered("mem")).toEqual(["members"]);
  expect(offered("agent", "127.0.0.1:7946", "--sea")).toEqual(["--sealing"]);
  expect(offered("agent", "127.0.0.1:7946", "--sealing", "")).toEqual(["off", "accept", "send", "require"]);
  expect(offered("keys", "")).toEqual(expect.arrayContaining(["list", "reload", "new", "check"]));
  expect(offered("keys", "reload", "--con")).toEqual(["--control"]);
  expect(offered("completion", "z")).toEqual(["zsh"]);
});

test.runIf(hasBash)("bash-completes-files-where-a-file-is-meant", () => {
  expect(offered("agent", "--key-file", "ba")).toEqual(["bash"]);
  expect(offered("keys", "check", "fi")).toEqual(["fish"]);
});

test.each(["zsh", "fish"])("the-script-is-one-that-the-shell-can-read: %s", (shell) => {
  for (const word of ["agent", "members", "reload", "log-level", "doctor"])
    expect(scripts[shell]).toContain(word);
  const { error, status, stderr } = spawnSync(shell, ["-n", join(folder, shell)], { encoding: "utf8" });
  if (error === undefined) expect([stderr, status]).toEqual(["", 0]);
});

test("each-option-of-each-command-is-in-each-script", () => {
  const help = execFileSync(process.execPath, [CLI, "agent", "--help"], { encoding: "utf8" });
  const flags = [...help.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
  expect(flags.length).toBeGreaterThan(12);
  for (const flag of flags) {
    expect(scripts["bash"]).toContain("--" + flag);
    expect(scripts["zsh"]).toContain("--" + flag);
    expect(scripts["fish"]).toContain("-l " + flag);
  }
});
