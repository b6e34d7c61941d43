import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file system of a given size in memory, which only root may mount, and not everywhere. */
export class SmallDisk {
  readonly folder: string;
  private readonly filler: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.filler = join(folder, "filler");
  }

  /** Undefined where it cannot be mounted. */
  static mount(folder: string, kilobytes: number): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "xswim-test", folder], {
        stdio: "ignore",
      });
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  /** Takes all the room that is left, or all but some of it. */
  fill(freeKilobytes = 0): void {
    const chunk = Buffer.alloc(4096);
    let size = 0;
    try {
      for (; ; size += chunk.length) writeFileSync(this.filler, chunk, { flag: "a" });
    } catch {
      // It is full.
    }
    if (freeKilobytes > 0) writeFileSync(this.filler, Buffer.alloc(size - freeKilobytes * 1024));
  }

  /** Gives the room back. */
  empty(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    execFileSync("umount", ["--lazy", this.folder]);
  }
}
