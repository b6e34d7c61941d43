import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Programs } from "./programs.js";

const programs = new Programs("docs/TESTING.md");

/** What each program must have printed by its end. */
const expected: Record<string, RegExp[]> = {
  first: [/pass 1\n/, /fail 0\n/],
  faults: [/^with bad links: 2 members\nfound at its new address\n$/],
  naps: [/^up\nasleep\nup\nasleep\noverdue\n$/],
  reboots: [/^after the reboot: 2\nafter the power cut: 0 because/],
  promises: [/^after 2\.5 s: 0 1\nand 500 ms later: 0 1 2\n$/],
  traffic: [
    /^\d\d bytes and \d datagrams a second\nonly chance lost some\non its way within a second: true\n$/,
  ],
  failure: [
    /^runUntil: the condition does not hold after 10000 virtual milliseconds\nat \d+\.?\d* ms of virtual time\n10\.0\.0\.1 runs; cut off from 10\.0\.0\.2\n {2}node 10\.0\.0\.1:7946 \(bump 1\): Down 10\.0\.0\.2:7946, 10\.0\.0\.3:7946\n10\.0\.0\.2 runs; cut off from 10\.0\.0\.1\n {2}node 10\.0\.0\.2:7946 \(bump 1\): Down 10\.0\.0\.1:7946, 10\.0\.0\.3:7946\n10\.0\.0\.3 runs no node\n$/,
  ],
};

describe("docs/TESTING.md", () => {
  test("every-program-is-run", () => {
    expect(programs.names).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.keys(expected))("%s", { timeout: 90_000 }, async (name) => {
    const printed = await programs.run(name);
    for (const pattern of expected[name]) expect(printed).toMatch(pattern);
  });
});

test("the-test-of-the-thermostat-passes", { timeout: 180_000 }, async () => {
  const flags = ["--test", "--test-reporter=tap", "examples/thermostat/thermostat.test.js"];
  const { stdout } = await promisify(execFile)(process.execPath, flags, {
    cwd: join(import.meta.dirname, "../.."),
  });
  expect(stdout).toMatch(/pass 9\n.* fail 0\n/);
});
