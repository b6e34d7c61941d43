import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterKey } from "xswim/node";

/** A fresh key for one cluster, and the key file from which its agents get it. */
export class DemoKey {
  readonly keys: readonly ClusterKey[];
  /** The path of the key file. */
  readonly path: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "xswim-demo-"));

  constructor() {
    const secret = randomBytes(16).toString("hex");
    this.keys = [{ id: 0, secret }];
    this.path = join(this.folder, "cluster.key");
    writeFileSync(this.path, secret + "\n", { mode: 0o600 });
  }

  /** Takes the file away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
