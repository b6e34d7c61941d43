import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { calls, programs, scripts, unknownIn } from "./commands.js";
import { blocks, pages, root } from "./pages.js";

const withCalls = pages().filter((page) => calls(page).length > 0);

describe.each(withCalls)("%s", (page) => {
  test("every-command-and-flag-is-known-to-xswim", async () => {
    const unknown: string[] = [];
    for (const call of calls(page)) unknown.push(...(await unknownIn(call)));
    expect(unknown).toEqual([]);
  });
});

test("a-command-or-a-flag-that-is-not-there-is-found", async () => {
  expect(await unknownIn({ text: "", words: ["nothing", "--json"] })).toEqual(["nothing"]);
  expect(await unknownIn({ text: "", words: ["agent", "127.0.0.1:1", "--nothing"] })).toEqual([
    "agent --nothing",
  ]);
  expect(await unknownIn({ text: "", words: ["agent", "127.0.0.1:1", "-a", "127.0.0.1:2"] })).toEqual([]);
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
