// The pages of documentation in the repository, and what they link to.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const root = join(import.meta.dirname, "../..");
/** What is built, fetched or kept by tools. */
const NO_PAGES = /^(\..*|node_modules|dist|build|target)$/;

/** The Markdown files below a folder of the repository, by their paths from its root. */
export function pages(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !NO_PAGES.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pages(path);
      return entry.name.endsWith(".md") ? [path] : [];
    });
}

export function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

export interface Block {
  /** What follows the three backticks, such as `sh` or `sh run`. */
  readonly kind: string;
  readonly text: string;
}

/** The blocks of code in a page, in its order. */
export function blocks(page: string): Block[] {
  return [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text }));
}

/** A page without its blocks of code and without code in a line. */
function prose(page: string): string {
  return read(page)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, "`");
}

/** A link, as it is written and as it leads from the root: a path, and an anchor in it. */
export interface Link {
  readonly written: string;
  readonly path: string;
  readonly anchor: string | undefined;
}

/** The links of a page to files of the repository, images too. */
export function links(page: string): Link[] {
  const targets = [...prose(page).matchAll(/\]\(\s*<?([^)\s>]+)|(?:src|href)="([^"]+)"/g)];
  return targets
    .map((match) => match[1] ?? match[2])
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((written) => {
      const [path, anchor] = written.split("#");
      return { written, path: path === "" ? page : normalize(join(dirname(page), path)), anchor };
    });
}

/** The names that the headings of a page have in a link; a heading that comes again is numbered. */
export function anchors(page: string): Set<string> {
  const found = new Set<string>();
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, "");
  for (const [, heading] of text.matchAll(/^#+ +(.*)$/gm)) {
    const name = heading
      .toLowerCase()
      .replace(/\]\([^)]*\)/g, "")
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-");
    let anchor = name;
    for (let n = 1; found.has(anchor); n++) anchor = name + "-" + String(n);
    found.add(anchor);
  }
  return found;
}
