// Makes a commit of what a Moddable app includes, built files among them, on a branch of its own: `git` includes see
// only what is in the repository, and dist/ is not. Touches neither the work tree nor the index; pushes nothing.
//
//   npm run moddable-branch [-- --branch moddable] [--dirty]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const PATHS = [
  "manifest.json",
  "manifest_discover.json",
  "manifest_full.json",
  "manifest_metrics.json",
  "manifest_postcard.json",
  "manifest_schema.json",
  "manifest_sealed.json",
  "manifest_store.json",
  "manifest_wifi.json",
  "scripts/read-stack.mjs",
  "package.json",
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
  "dist/xs",
];
/** The declarations that those of dist/xs name. */
const DECLARATIONS = ["dist/core/*.d.ts", "dist/platform/shared/*.d.ts"];
/** What dist/xs is built from. */
const SOURCES = [
  "core",
  "platform/shared",
  "platform/xs",
  "manifest.json",
  "rollup.xs.config.mjs",
  "scripts/xs-build",
];

const { values } = parseArgs({
  options: { branch: { type: "string", default: "moddable" }, dirty: { type: "boolean", default: false } },
});

const scratch = mkdtempSync(join(tmpdir(), "xswim-branch-"));
const env = { ...process.env, GIT_WORK_TREE: process.cwd(), GIT_INDEX_FILE: join(scratch, "index") };
env.GIT_DIR ??= execFileSync("git", ["rev-parse", "--absolute-git-dir"], { encoding: "utf8" }).trim();

/** Runs git in the repository with an index of our own. */
function git(...args) {
  return execFileSync("git", args, { env, encoding: "utf8" }).trim();
}

function succeeds(...args) {
  try {
    execFileSync("git", args, { env, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

try {
  if (!existsSync("dist/xs/xs.js")) throw new Error("dist/xs is missing: npm run build");
  git("read-tree", "HEAD");
  if (!values.dirty && !succeeds("diff", "--quiet", "HEAD", "--", ...SOURCES))
    throw new Error("the sources differ from HEAD: commit first, or say --dirty");
  git("read-tree", "--empty");
  git("add", "--force", "--", ...PATHS, ...DECLARATIONS);
  const tree = git("write-tree");

  const ref = `refs/heads/${values.branch}`;
  const tip = succeeds("rev-parse", "--verify", ref) ? git("rev-parse", ref) : undefined;
  if (tip !== undefined && git("rev-parse", `${ref}^{tree}`) === tree) {
    console.log(`${values.branch} has this already`);
  } else {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const subject = `xswim ${version}, built of ${git("rev-parse", "--short", "HEAD")}`;
    const parents = tip === undefined ? [] : ["-p", tip];
    git("update-ref", ref, git("commit-tree", tree, ...parents, "-m", subject));
    console.log(`${values.branch}: ${subject}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
