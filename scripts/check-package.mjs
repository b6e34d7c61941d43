// Checks both packages as they would be published: builds and packs them, looks at what they export and at their
// types, installs both into an empty folder, and has two agents from there find each other.
//
//   npm run check:package
import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);
const PATIENCE_MS = 60_000;

function run(command, flags, options = {}) {
  console.log(`-- ${command.slice(command.lastIndexOf("/") + 1)} ${flags.join(" ")}`);
  return execFileSync(command, flags, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    ...options,
  });
}

/** Builds and packs one package; returns the path of the tarball. .npmrc keeps npm from running `prepack` by itself. */
function pack(folder, name) {
  const flags = ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder];
  if (name !== "xswim") flags.push("--workspace", name);
  const [packed] = Object.values(JSON.parse(run("npm", flags)));
  console.log(`${packed.filename}: ${packed.files.length} files, ${packed.size} bytes packed`);
  return join(folder, packed.filename);
}

const PROGRAM = `
import { lan, Swim, type Renewable } from "xswim";
import { FakeNetwork } from "xswim/fake";
import { SwimNode, type SwimNodeOptions } from "xswim/node";
const options: SwimNodeOptions<Renewable> = { port: 7946, config: lan(3) };
export const start = (): SwimNode => new SwimNode(options);
export const network = new FakeNetwork({ seed: 1 });
export const metrics = (swim: Swim<Renewable>): ArrayLike<number> => swim.metrics;
`;

/** Compiles a program against the installed types, declarations included. */
function compile(folder) {
  const file = join(folder, "program.ts");
  writeFileSync(file, PROGRAM);
  const flags = ["--noEmit", "--strict", "--target", "ES2022", "--types", "node"];
  flags.push("--module", "NodeNext", "--typeRoots", join(root, "node_modules/@types"));
  run(bin("tsc"), [...flags, file], { cwd: folder, stdio: "inherit" });
}

async function freePorts(count) {
  const sockets = Array.from({ length: count }, () => createSocket("udp4").bind(0, "127.0.0.1"));
  await Promise.all(sockets.map((socket) => once(socket, "listening")));
  const ports = sockets.map((socket) => socket.address().port);
  sockets.forEach((socket) => socket.close());
  return ports;
}

/** Two agents meet, and the second one leaves. */
async function runAgents(command, folder) {
  const [atA, atB] = (await freePorts(2)).map((port) => "127.0.0.1:" + port);
  const start = (...flags) =>
    spawn(command, ["agent", ...flags, "--json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const a = start(atA, "--no-discover");
  const b = start(atB, "-a", atA);
  const limit = setTimeout(() => [a, b].forEach((agent) => agent.kill("SIGKILL")), PATIENCE_MS);
  const events = [];
  for await (const line of createInterface(a.stdout)) {
    const { event } = JSON.parse(line);
    events.push(event);
    if (event === "memberUp") b.kill("SIGTERM");
    if (event === "memberLeft") a.kill("SIGTERM");
  }
  clearTimeout(limit);
  const told = events.join(" ");
  console.log("an installed agent told: " + told);
  if (!/^ready memberUp .*memberLeft .*left$/.test(told))
    throw new Error("the installed agents did not meet and part");
}

const folder = mkdtempSync(join(tmpdir(), "xswim-package-"));
try {
  const tarballs = [pack(folder, "xswim"), pack(folder, "xswim-agent")];
  for (const tarball of tarballs) console.log(run(bin("publint"), [tarball, "--strict"]).trim());
  // The package is for ES modules only, and for the `exports` of its package.json.
  run(bin("attw"), [tarballs[0], "--profile", "esm-only", "--no-emoji"], { stdio: "inherit" });

  const home = join(folder, "home");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }\n');
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs], { cwd: home });
  compile(home);
  const command = join(home, "node_modules/.bin/xswim");
  if (!run(command, ["agent", "--help"], { cwd: home }).includes("BIND_ADDR"))
    throw new Error("the installed command does not tell its use");
  if (!existsSync(join(home, "node_modules/xswim-agent/dist/page/index.html")))
    throw new Error("the page is not in the package");
  await runAgents(command, home);
  run("npm", ["exec", "--offline", "--", "xswim", "--version"], { cwd: home, stdio: "inherit" });
} finally {
  rmSync(folder, { recursive: true });
}
