import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anchors, links, pages, root, type Link } from "./pages.js";

function leadsNowhere({ path, anchor }: Link): boolean {
  const file = join(root, path);
  if (!existsSync(file)) return true;
  if (anchor === undefined) return false;
  return statSync(file).isDirectory() || !anchors(path).has(anchor);
}

test.each(pages())("every-link-and-anchor-leads-somewhere: %s", (page) => {
  expect(
    links(page)
      .filter(leadsNowhere)
      .map(({ written }) => written),
  ).toEqual([]);
});

test("a-link-to-a-file-or-a-heading-that-is-not-there-is-found", () => {
  expect(leadsNowhere({ written: "", path: "docs/NOTHING.md", anchor: undefined })).toBe(true);
  expect(leadsNowhere({ written: "", path: "README.md", anchor: "nothing" })).toBe(true);
});

test("every-page-of-docs-is-linked-from-the-README", () => {
  const linked = links("README.md").map(({ path }) => path);
  expect(pages("docs").filter((page) => !linked.includes(page))).toEqual([]);
});
