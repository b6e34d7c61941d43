// The unit of systemd that the package brings.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLI } from "./support/program.js";

const UNIT = "agent/systemd/xswim-agent.service";
const lines = readFileSync(UNIT, "utf8").split("\n");

/** The words of the commands that a setting of the unit has. */
function commandsOf(setting: string): string[][] {
  const found = lines.filter((line) => line.startsWith(setting + "="));
  return found.map((line) => line.slice(setting.length + 1).split(" "));
}

test.each(["ExecStart", "ExecReload"])("every-flag-of-the-unit-is-one-of-the-program: %s", (setting) => {
  const commands = commandsOf(setting);
  expect(commands).toHaveLength(1);
  const [[env, name, ...words]] = commands;
  expect([env, name]).toEqual(["/usr/bin/env", "xswim"]);
  const flags = words.filter((word) => word.startsWith("-"));
  const path = words.slice(0, words.indexOf(flags[0]));
  const help = execFileSync(process.execPath, [CLI, ...path, "--help"], { encoding: "utf8" });
  for (const flag of flags) expect(help).toMatch(new RegExp("(^|\\s)" + flag + "[\\s,]"));
});

test("the-unit-names-no-setting-twice-that-has-one-value", () => {
  const settings = lines.filter((line) => /^[A-Z]\w*=/.test(line)).map((line) => line.split("=")[0]);
  const twice = settings.filter((setting, index) => settings.indexOf(setting) !== index);
  expect(twice).toEqual(["SystemCallFilter"]);
});

test("systemd-finds-nothing-wrong-with-the-unit", (context) => {
  const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", UNIT], { encoding: "utf8" });
  if (error !== undefined) return context.skip("systemd is not here");
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
