// The ways by which an app gets the package without a file of ours on its disk: git, with built files and with sources,
// and npm through mcpack. Each app is built and started.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { report } from "./builds.mjs";
import { startDisplay, startSimulator } from "./processes.mjs";
import { readmeApp } from "./readme-app.mjs";

const PORT = 7631;
/** Who makes commits in a copy of the repository. */
const AUTHOR = Object.freeze({
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.com",
});
const APP_INCLUDES = [
  "$(MODDABLE)/examples/manifest_base.json",
  "$(MODDABLE)/modules/base/debug/manifest.json",
  "$(MODDABLE)/modules/base/instrumentation/manifest.json",
];

/** A bare copy of what is committed, with the branch that apps include; returns its address. */
function publish(folder) {
  const repository = join(folder, "xswim.git");
  execFileSync("git", ["clone", "--quiet", "--bare", ".", repository]);
  const env = { ...process.env, ...AUTHOR, GIT_DIR: repository };
  // What is being tested may not be committed yet.
  execFileSync(process.execPath, [resolve("scripts/moddable-branch.mjs"), "--dirty"], { env });
  return `file://${repository}`;
}

/**
 * Builds an app with one more include.
 * @param main which of the starter's programs it is
 */
function buildStarter(checks, sdk, folder, name, include, main = "main") {
  const app = join(folder, name);
  cpSync("host-tests/moddable/starter", app, { recursive: true });
  const manifest = {
    include: [...APP_INCLUDES, include],
    config: { port: PORT },
    modules: { main: `./${main}` },
  };
  writeFileSync(join(app, "manifest.json"), JSON.stringify(manifest));
  const built = sdk.build(app, join(folder, `out-${name}`));
  report(checks, `an app with a git include, ${name},`, built);
  return built;
}

/** An app that names the package in `package.json` only, as npm users do; mcpack finds the manifest. */
function buildMcpackApp(checks, sdk, folder) {
  // mcpack names what it builds after the package.
  const app = join(folder, "packed");
  mkdirSync(app);
  writeFileSync(
    join(app, "package.json"),
    JSON.stringify({ name: "packed", type: "module", main: "main.js", dependencies: { xswim: "*" } }),
  );
  writeFileSync(
    join(app, "main.js"),
    `import { postcard } from "xswim/postcard";
import { SwimNode } from "xswim/xs";
const onReady = () => trace("ready " + node.identity.addr + "\\n");
const node = new SwimNode({ port: ${PORT}, advertise: "127.0.0.1", codec: postcard, onReady });
`,
  );
  cpSync(join(folder, "node_modules"), join(app, "node_modules"), { recursive: true });
  const built = sdk.build(app, join(folder, "out-mcpack"), {}, true);
  report(checks, "an app through mcpack", built);
  return built;
}

/** The README's app, with the package as it names it or by other includes. */
function buildReadmeApp(checks, sdk, folder, name, includes) {
  const app = join(folder, name);
  mkdirSync(app);
  const { program, manifest } = readmeApp();
  writeFileSync(join(app, "main.js"), program.replace("port: 7946", `port: ${PORT}`));
  if (includes === undefined)
    cpSync(join(folder, "node_modules"), join(app, "node_modules"), { recursive: true });
  else manifest.include = [APP_INCLUDES[0], ...includes];
  writeFileSync(join(app, "manifest.json"), JSON.stringify(manifest));
  const built = sdk.build(app, join(folder, `out-${name}`));
  report(checks, `the README's app, ${name},`, built);
  return built;
}

/** Starts an app and waits until its node says that it runs; returns what it traced of its memory. */
async function checkStart(checks, sdk, display, name, built) {
  if (!built.ok) return;
  const simulator = await startSimulator(name, sdk, display, built.so);
  try {
    const line = await checks.try(`the node of that app, ${name}, runs`, () =>
      simulator.log.wait(new RegExp(`^ready (127\\.0\\.0\\.1:${PORT}|at )`)),
    );
    console.log(`     ${line}; aliases ${built.aliases} (4 bytes of RAM each on a device)`);
  } finally {
    await simulator.stop();
  }
}

export async function checkIncludes(checks, sdk, folder) {
  const apps = {
    mcpack: buildMcpackApp(checks, sdk, folder),
    "of the README": buildReadmeApp(checks, sdk, folder, "readme"),
  };
  if (existsSync(".git")) {
    const git = publish(folder);
    apps["of the branch with built files"] = buildStarter(checks, sdk, folder, "branch", {
      git,
      branch: "moddable",
    });
    const full = { git, branch: "moddable", manifest: "manifest_full.json" };
    apps["of everything"] = buildStarter(checks, sdk, folder, "full", full, "full");
    apps["of the sources"] = buildStarter(checks, sdk, folder, "sources", {
      git,
      manifest: "platform/xs/sources/manifest.json",
    });
    const sources = { git, manifest: "platform/xs/sources/manifest.json" };
    apps["of everything, from the sources"] = buildStarter(
      checks,
      sdk,
      folder,
      "full-sources",
      sources,
      "full",
    );
    const manifests = ["manifest.json", "manifest_wifi.json", "manifest_store.json"];
    const all = manifests.map((manifest) => ({ git, branch: "moddable", manifest }));
    apps["of the README, by git"] = buildReadmeApp(checks, sdk, folder, "readme-branch", all);
  } else {
    console.log("this is no git repository: git includes are not checked");
  }
  const display = await startDisplay();
  try {
    for (const [name, built] of Object.entries(apps))
      await checkStart(checks, sdk, display.display, name, built);
  } finally {
    await display.stop();
  }
}
