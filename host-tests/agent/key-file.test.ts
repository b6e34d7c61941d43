import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseKeys, readKeyFile } from "../../agent/src/agent/key-file.js";

const A = "00112233445566778899aabbccddeeff";
const B = "ffeeddccbbaa99887766554433221100";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-keys-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string, mode: number): string {
  const path = join(folder, "cluster.key");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test.each([
  ["a bare key has the id 0", A, [{ id: 0, secret: A }]],
  ["an id stands before it", "15:" + B, [{ id: 15, secret: B }]],
  [
    "the order is that of the lines",
    "1:" + B + "\n" + A + "\n",
    [
      { id: 1, secret: B },
      { id: 0, secret: A },
    ],
  ],
  [
    "blank lines, comments, spaces and the ends of lines of Windows do not count",
    "\uFEFF# of the house\r\n\r\n  3:" + A + "  # the new one\r\n\t\r\n",
    [{ id: 3, secret: A }],
  ],
  ["capital letters are digits, too", A.toUpperCase(), [{ id: 0, secret: A.toUpperCase() }]],
])("reads-the-keys-of-a-file: %s", (_, text, keys) => {
  expect(parseKeys(text)).toEqual(keys);
});

test.each([
  ["nothing", "", /^there is no key in it$/],
  ["comments only", "# none yet\n", /^there is no key in it$/],
  ["a digit too few", "\n" + A.slice(1), /^line 2: expected 32 hex digits/],
  ["a digit too many", A + "0", /^line 1: expected 32 hex digits/],
  ["a passphrase", "correct horse battery staple", /^line 1: expected 32 hex digits/],
  ["an id beyond 15", "16:" + A, /^line 1: .*from 0 to 15/],
  ["an id that is no number", "a:" + A, /^line 1: expected/],
  ["two on a line", A + " " + B, /^line 1: expected/],
  ["an id twice", "2:" + A + "\n2:" + B, /^line 2: its id is 2, as that of line 1/],
  ["a bare key beside the id 0", A + "\n0:" + B, /^line 2: its id is 0/],
  ["five keys", [1, 2, 3, 4, 5].map((id) => id + ":" + A).join("\n"), /^there are 5 keys in it.* 4 at most$/],
])("refuses-a-wrong-file-and-shows-nothing-of-it: %s", (_, text, says) => {
  let message = "";
  try {
    parseKeys(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(says);
  for (const word of [A.slice(1, 9), B.slice(0, 8), "horse"]) expect(message).not.toContain(word);
});

const isPosix = process.platform !== "win32";

test.runIf(isPosix).each([0o600, 0o400, 0o700])(
  "takes-a-file-that-nobody-else-can-read: %o",
  async (mode) => {
    expect(await readKeyFile(fileOf(A, mode))).toEqual([{ id: 0, secret: A }]);
  },
);

test.runIf(isPosix).each([
  [0o644, "644"],
  [0o640, "640"],
  [0o604, "604"],
  [0o602, "602"],
  [0o610, "610"],
])("refuses-a-file-that-others-can-get-at-and-says-what-to-do: %o", async (mode, octal) => {
  const path = fileOf(A, mode);
  await expect(readKeyFile(path)).rejects.toThrow(
    "its mode is " + octal + ", so others can get at the keys; make it 600 (chmod 600)",
  );
});

test("refuses-a-file-that-is-far-too-long", async () => {
  const path = fileOf("#".repeat(70_000), 0o600);
  await expect(readKeyFile(path)).rejects.toThrow("it is longer than 64 KB, which is too much for the keys");
});

test("refuses-a-folder", async () => {
  const path = join(folder, "folder");
  mkdirSync(path, { mode: 0o700 });
  await expect(readKeyFile(path)).rejects.toThrow("EISDIR");
});
