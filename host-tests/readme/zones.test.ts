import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test(
  "a-death-in-one-zone-is-told-in-another-with-and-without-its-first-bridge",
  { timeout: 120_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["examples/zones/demo.js"], {
      cwd: join(import.meta.dirname, "../.."),
    });
    const seconds = [...stdout.matchAll(/^(.*) after ([\d.]+) s$/gm)].map((match) => Number(match[2]));
    expect(seconds.length, stdout).toBe(5);
    const [overview, ownZone, otherZone, count, withoutBridge] = seconds;
    expect(overview, stdout).toBeLessThan(3);
    expect(ownZone, stdout).toBeLessThan(11);
    // What the bridges add.
    expect(Math.max(otherZone, count), stdout).toBeLessThan(2);
    expect(withoutBridge, stdout).toBeLessThan(13);
  },
);
