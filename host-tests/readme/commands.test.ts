import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { calls, KnownCommands, programs, scripts } from "./commands.js";
import { blocks, pages, root } from "./pages.js";

test("every-command-and-flag-that-a-page-shows-is-known-to-xswim", async () => {
  const shown = pages().flatMap((page) => calls(page).map((call) => ({ page, call })));
  expect(shown.length).toBeGreaterThan(50);
  const known = await KnownCommands.of(shown.map(({ call }) => call));
  const unknown = shown.flatMap(({ page, call }) => known.unknownIn(call).map((what) => page + ": " + what));
  expect(unknown).toEqual([]);
});

test("a-command-or-a-flag-that-is-not-there-is-found", async () => {
  const made = [
    "nothing --json",
    "agent 127.0.0.1:1 --nothing",
    "keys list --nothing",
    "agent 127.0.0.1:1 -a 127.0.0.1:2",
  ];
  const all = made.map((text) => ({ text, words: text.split(" ") }));
  const known = await KnownCommands.of(all);
  expect(all.map((call) => known.unknownIn(call))).toEqual([
    ["nothing"],
    ["agent --nothing"],
    ["keys list --nothing"],
    [],
  ]);
});

test.each(pages())("every-script-and-program-is-there: %s", (page) => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  expect(scripts(page).filter((name) => !(name in manifest.scripts))).toEqual([]);
  expect(programs(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(["docs/TEN-MINUTES.md", "examples/esp32-sensor/README.md"])(
  "every-setting-that-mcconfig-is-given-is-one-of-the-example: %s",
  (page) => {
    const text = blocks(page).map((block) => block.text);
    const lines = text.flatMap((block) => block.match(/^mcconfig .*$/gm) ?? []);
    const given = lines.flatMap((line) => [...line.matchAll(/ ([a-zA-Z]+)=/g)].map(([, name]) => name));
    const folder = join(root, "examples/esp32-sensor");
    const settings = ["manifest.json", "napping/manifest.json"].flatMap((path) => {
      const manifest = JSON.parse(readFileSync(join(folder, path), "utf8")) as { config: object };
      return Object.keys(manifest.config);
    });
    // Only the simulator looks at it: `main.ts`.
    expect(given.filter((name) => ![...settings, "advertise"].includes(name))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  },
);
