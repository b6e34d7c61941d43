// What `npm start` runs: builds, then shows a cluster of five agents on this machine (`xswim demo`).
//
//   npm start                # plain datagrams
//   npm start -- --sealed    # sealed under a fresh key
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
for (const [program, ...words] of [
  ["rollup/dist/bin/rollup", "-c", "--silent"],
  ["vite/bin/vite.js", "build", "--logLevel", "warn", "agent/page"],
]) {
  const path = fileURLToPath(new URL("../../node_modules/" + program, import.meta.url));
  const build = spawnSync(process.execPath, [path, ...words], { cwd: root, stdio: "inherit" });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

process.argv.splice(2, 0, "demo");
await import("../../agent/dist/cli.js");
