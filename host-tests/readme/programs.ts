// Programs in a page of documentation, each in a block that begins with `// program: NAME`.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { blocks, pages, root } from "./pages.js";

/** The programs of one page. */
export class Programs {
  private readonly page: string;
  private readonly sources = new Map<string, string>();

  constructor(page: string) {
    this.page = page;
    for (const { kind, text } of blocks(page)) {
      const name = /^\/\/ program: (\w+)\n/.exec(text)?.[1];
      if (kind === "js" && name !== undefined) this.sources.set(name, text);
    }
  }

  get names(): string[] {
    return [...this.sources.keys()].sort();
  }

  /** Runs one as a user would, next to the built package, and returns what it printed. */
  run(name: string): Promise<string> {
    const source = this.sources.get(name);
    if (source === undefined) throw new Error(`${this.page} has no program ${name}`);
    if (!existsSync(join(root, "dist/core/index.js"))) throw new Error("run npm run build first");
    const folder = join(root, "build", basename(this.page, ".md").toLowerCase());
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name + ".mjs");
    writeFileSync(file, source);
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [file], { cwd: root, timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${name}: ${error.message}\n${stdout}\n${stderr}`));
        else resolve(stdout + stderr);
      });
    });
  }
}

/** The pages that have programs. */
export function pagesWithPrograms(): string[] {
  return pages().filter((page) => new Programs(page).names.length > 0);
}
