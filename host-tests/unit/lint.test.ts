// The rules of eslint.config.mjs that keep core/, platform/shared/ and platform/xs/ to what a device has.
import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const eslint = new ESLint({ cwd: root });

/** Which rules refuse this text in that file. */
async function refusals(file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text + "\n", { filePath: join(root, file) });
  return result.messages.map((message) => message.ruleId);
}

const notOnDevices = [
  "console.log(1)",
  "setTimeout(parseInt, 1)",
  "setInterval(parseInt, 1)",
  "queueMicrotask(parseInt)",
  "performance.now()",
  "process.exit()",
  "Buffer.alloc(1)",
  "new TextEncoder()",
  "crypto.getRandomValues(new Uint8Array(1))",
  "structuredClone(1)",
  "fetch('')",
];
const inTheLanguage = ["Date.now()", "new Date()", "globalThis.setTimeout(1)"];
const chance = ["Math.random()", 'Math["random"]()', "export const { random } = Math"];

describe.each(["core/x.ts", "platform/shared/x.ts"])("%s", (file) => {
  test.each([...notOnDevices, "trace('')"])("may-not-use: %s", async (text) => {
    expect(await refusals(file, text)).toContain("no-undef");
  });
  test.each(inTheLanguage)("may-not-use: %s", async (text) => {
    expect(await refusals(file, text)).toContain("no-restricted-globals");
  });
  test.each(chance)("may-not-use: %s", async (text) => {
    expect(await refusals(file, text)).toContain("no-restricted-properties");
  });
  test.each(["node:fs", "timer", "../platform/xs/clock.js"])("may-not-import: %s", async (name) => {
    expect(await refusals(file, `import "${name}";`)).toContain("no-restricted-imports");
  });
});

describe("platform/xs", () => {
  test.each(notOnDevices)("may-not-use: %s", async (text) => {
    expect(await refusals("platform/xs/x.ts", text)).toContain("no-undef");
  });
  test.each(inTheLanguage)("may-not-use: %s", async (text) => {
    expect(await refusals("platform/xs/x.ts", text)).toContain("no-restricted-globals");
  });
  test.each(chance)("may-not-use: %s", async (text) => {
    expect(await refusals("platform/xs/x.ts", text)).toContain("no-restricted-properties");
  });
  test("may-trace-seed-by-chance-and-look-whether-the-clock-was-set", async () => {
    expect(await refusals("platform/xs/x.ts", "trace('')")).toEqual([]);
    expect(await refusals("platform/xs/random.ts", "Math.random()")).toEqual([]);
    expect(await refusals("platform/xs/bump.ts", "Date.now()")).toEqual([]);
  });
});
