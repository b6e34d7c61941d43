import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { endAll, xswim } from "./support/program.js";

afterAll(endAll);

test("without-a-terminal-one-member-is-killed-and-comes-back-and-all-leave", async () => {
  const program = xswim("demo");
  expect(await program.ended()).toBe(0);
  const story = program.lines().map((line) => line.replace(/^\S+ +/, ""));
  const killed = /^(\S+) is killed/.exec(story.find((line) => line.includes("is killed")) ?? "");
  const victim = killed?.[1] ?? "nobody";
  const steps = [
    "xswim: five members on loopback",
    "all 5 members are up",
    victim + " is killed (SIGKILL to process",
    victim + " is Suspect",
    victim + " is Down",
    victim + " is started again",
    victim + " is Alive with bump",
    victim + " was back after",
  ];
  const places = steps.map((step) => story.findIndex((line) => line.startsWith(step)));
  // Its first "is Alive" was before it was killed.
  places[6] = story.findLastIndex((line) => line.startsWith(steps[6]));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((x, y) => x - y));
  expect(program.lines().at(-1)).toBe("All members have left.");
  // What the members publish is shown, too.
  expect(story).toContainEqual(expect.stringMatching(/^(\S+) published "Hello from \1! I have \d peers"$/));
  expect(program.stderr).toBe("");
});

test("with-sealed-the-members-have-a-fresh-key-that-is-gone-when-they-are", async () => {
  const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("xswim-demo-"));
  const before = folders();
  const program = xswim("demo", "--sealed");
  await program.untilPrinted("all 5 members are up");
  const [folder] = folders().filter((name) => !before.includes(name));
  const file = join(tmpdir(), folder, "cluster.key");
  expect(readFileSync(file, "utf8")).toMatch(/^[0-9a-f]{32}\n$/);
  const page = /the page of \S+: (\S+)/.exec(program.stdout)?.[1] ?? "";
  expect(await (await fetch(page)).text()).toContain("<title>xswim");
  program.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect(program.stdout).toContain("five members on loopback under a fresh key");
  expect(existsSync(file)).toBe(false);
});

test("leaves-at-once-when-told-by-a-signal", async () => {
  const program = xswim("demo");
  await program.untilPrinted("members are up");
  program.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect(program.stdout).not.toContain("is Down");
  expect(program.lines().at(-1)).toBe("All members have left.");
});
