import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MembersFile } from "../../agent/src/agent/members-file.js";
import { nextPauseMs } from "../../agent/src/agent/replaced-file.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xswim-members-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("writes-one-address-a-line", async () => {
  const path = join(folder, "members");
  await new MembersFile(path).replace(["127.0.0.1:1", "[::1]:2"]);
  expect(await readFile(path, "utf8")).toBe("127.0.0.1:1\n[::1]:2\n");
  await new MembersFile(path).replace([]);
  expect(await readFile(path, "utf8")).toBe("");
});

test("never-shows-a-part-of-a-list-to-a-reader", async () => {
  const path = join(folder, "members");
  const file = new MembersFile(path);
  // Long enough that one write takes many pages.
  const lists = ["10.0.0.1:1", "10.0.0.2:22"].map((address) => Array<string>(40_000).fill(address));
  const texts = lists.map((list) => list.join("\n") + "\n");
  await file.replace(lists[0]);
  let isWriting = true;
  const seen = new Set<number>();
  const reading = (async () => {
    while (isWriting) seen.add(texts.indexOf(await readFile(path, "utf8")));
  })();
  for (let i = 1; i <= 40; i++) await file.replace(lists[i % 2]);
  isWriting = false;
  await reading;
  expect(seen).not.toContain(-1);
});

test("gives-the-name-to-another-file-instead-of-writing-into-it", async () => {
  const path = join(folder, "members");
  const file = new MembersFile(path);
  await file.replace(["10.0.0.1:1"]);
  const before = await stat(path);
  await file.replace(["10.0.0.1:1"]);
  expect((await stat(path)).ino).not.toBe(before.ino);
  expect(await readdir(folder)).toEqual(["members"]);
});

test("ends-with-the-last-of-many-lists", async () => {
  const path = join(folder, "members");
  const file = new MembersFile(path);
  for (let i = 0; i < 50; i++) void file.replace(["10.0.0.1:" + i]);
  await file.settled();
  expect(await readFile(path, "utf8")).toBe("10.0.0.1:49\n");
});

test("says-that-it-cannot-write-and-can-write-later", async () => {
  const path = join(folder, "later", "members");
  const file = new MembersFile(path);
  await expect(file.replace(["10.0.0.1:1"])).rejects.toThrow("ENOENT");
  await mkdir(join(folder, "later"));
  await file.replace(["10.0.0.1:2"]);
  expect(await readFile(path, "utf8")).toBe("10.0.0.1:2\n");
});

test("writes-the-latest-list-when-it-tries-again", async () => {
  const path = join(folder, "later", "members");
  const failures: string[] = [];
  const file = new MembersFile(path, (error) => failures.push(error.message));
  await expect(file.replace(["10.0.0.1:1"])).rejects.toThrow("ENOENT");
  void file.replace(["10.0.0.1:2"]);
  const written = file.replace(["10.0.0.1:3"]);
  await mkdir(join(folder, "later"));
  await written;
  expect(await readFile(path, "utf8")).toBe("10.0.0.1:3\n");
  expect(failures).toHaveLength(1);
});

test("waits-for-no-further-attempt-once-it-is-stopped", async () => {
  const file = new MembersFile(join(folder, "later", "members"));
  await expect(file.replace(["10.0.0.1:1"])).rejects.toThrow("ENOENT");
  file.stop();
  await file.settled();
  await mkdir(join(folder, "later"));
  expect(await readdir(join(folder, "later"))).toEqual([]);
});

test("pauses-longer-after-every-failure-up-to-a-minute", () => {
  const pauses = [0];
  for (let i = 0; i < 8; i++) pauses.push(nextPauseMs(pauses[i]));
  expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});
