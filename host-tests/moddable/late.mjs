// What members published once is told to who comes late: two simulators and a Node peer publish a value each, and once the
// last copy of it was sent, a Node peer starts, and then a third simulator. foca's agent is among them where it is installed.
// Alone: node --import ./host-tests/support/typescript-loader.mjs host-tests/moddable/late.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildTestApps, installPackage } from "./builds.mjs";
import { Checks } from "./checks.mjs";
import { focaAgent } from "./foca-agent.mjs";
import { startDisplay, startPeer, startSimulator } from "./processes.mjs";
import { Sdk, whySkipped } from "./sdk.mjs";

const PORTS = Object.freeze({ e: 7651, f: 7652, g: 7653, peer: 7654, latePeer: 7655, foca: 7656 });
/** Of each the value; small, so that its bytes are a text, as foca's agent takes nothing else. */
const CELSIUS = Object.freeze({ e: 21, f: 22, g: 23, peer: 24, latePeer: 25 });
/** How old a value is, at least, when the first of those starts who come late. */
const OLD_MS = 12_000;
const at = (name) => `127.0.0.1:${PORTS[name]}`;

/** What the three simulators are built with. */
export const lateConfigs = ["e", "f", "g"].map((name) => ({
  name,
  port: PORTS[name],
  seeds: name === "e" ? at("f") : at("e"),
  celsius: CELSIUS[name],
}));

function startNode(name) {
  const args = [resolve("dist"), String(PORTS[name]), at("e"), String(CELSIUS[name])];
  return startPeer(`the Node peer ${name}`, process.execPath, [
    "host-tests/moddable/value-peer.mjs",
    ...args,
  ]);
}

/** Waits until a program was told the value of each of these, and none of them twice; `oldMs` says how old each is at least. */
async function checkTold(checks, title, log, names, oldMs) {
  for (const name of names)
    await checks.try(`${title} gets the value of ${name}, ${oldMs / 1000} s old or more`, async () => {
      const pattern = new RegExp(`^value ${CELSIUS[name]} \\d+ of ${at(name)} age (\\d+)$`);
      const [, ageMs] = pattern.exec(await log.wait(pattern));
      // An age is exact to a second.
      if (Number(ageMs) < oldMs - 1000) throw new Error(`${ageMs} ms old`);
    });
  const told = log.lines.filter((line) => line.startsWith("value "));
  const owners = new Set(told.map((line) => / of (\S+) /.exec(line)[1]));
  checks.report(`${title} is told each once`, owners.size === told.length, told.join("\n     "));
}

async function startEarly(sdk, apps, display) {
  const early = {};
  early.e = await startSimulator("simulator e", sdk, display, apps.e);
  early.f = await startSimulator("simulator f", sdk, display, apps.f);
  await Promise.all([early.e.log.wait(/^ready/), early.f.log.wait(/^ready/)]);
  early.peer = startNode("peer");
  const foca = focaAgent();
  if (foca !== undefined) early.foca = startPeer("foca's agent", foca, [at("foca"), "-a", at("e")]);
  return early;
}

/** @param apps paths of the built apps e, f and g */
export async function checkLate(checks, sdk, apps, logs) {
  const display = await startDisplay();
  const all = [];
  try {
    const early = await startEarly(sdk, apps, display.display);
    all.push(...Object.values(early));
    const { e, f, peer, foca } = early;
    await checkTold(checks, "simulator e", e.log, ["f", "peer"], 0);
    await checkTold(checks, "simulator f", f.log, ["e", "peer"], 0);
    await checkTold(checks, "a Node peer", peer.log, ["e", "f"], 0);
    await sleep(OLD_MS);
    const latePeer = startNode("latePeer");
    all.push(latePeer);
    await checkTold(checks, "a Node peer started last", latePeer.log, ["e", "f", "peer"], OLD_MS);
    const g = await startSimulator("simulator g", sdk, display.display, apps.g);
    all.push(g);
    await checkTold(checks, "a simulator started last", g.log, ["e", "f", "peer"], OLD_MS);
    await checkTold(checks, "a simulator started last", g.log, ["latePeer"], 0);
    await checks.try("which keeps the value of each, beside it", () =>
      g.log.wait(new RegExp(`^kept ${CELSIUS.latePeer} of ${at("latePeer")} age \\d+$`)),
    );
    await checks.try("and counts that they were sent by who kept them", () => g.log.wait(/^repaired [3-9] /));
    await checks.try("simulator e gets the value of who came last", () =>
      e.log.wait(new RegExp(`^value ${CELSIUS.g} 90 of ${at("g")} `)),
    );
    if (foca !== undefined) await checkFoca(checks, foca, e);
  } finally {
    for (const program of [...all, display]) await program.stop();
    if (logs !== undefined) for (const { log } of all) log.save(logs);
  }
}

/** foca's agent takes each value for a text, and passes it on; what it publishes is no such value. */
async function checkFoca(checks, foca, e) {
  for (const name of ["e", "f", "g"])
    await checks.try(`foca's agent hears the value of simulator ${name}`, () =>
      // A celsius is written as its double, and the battery is 90.
      foca.log.wait(new RegExp(`payload="[${String.fromCharCode(2 * CELSIUS[name])}]Z"`)),
    );
  await checks.try("simulator e refuses what foca's agent publishes", () =>
    e.log.wait(/^repaired \d+ refused [1-9]/),
  );
  const complaints = foca.log.lines.filter((line) => /ERROR|error/.test(line));
  checks.report("foca's agent complains of nothing", complaints.length === 0, complaints.join("\n     "));
}

/** Builds the three apps and checks them. */
export async function buildAndCheckLate(checks, sdk, folder, logs) {
  const [e, f, g] = buildTestApps(checks, sdk, folder, lateConfigs, "late");
  if (e !== undefined && f !== undefined && g !== undefined) await checkLate(checks, sdk, { e, f, g }, logs);
}

if (process.argv[1] === import.meta.filename) {
  const reason = whySkipped();
  if (reason !== undefined) {
    console.log(`Skipped: ${reason}.`);
    process.exit(0);
  }
  const checks = new Checks();
  const folder = mkdtempSync(join(tmpdir(), "xswim-moddable-"));
  try {
    installPackage(folder);
    await buildAndCheckLate(checks, new Sdk(process.env.MODDABLE), folder, process.argv[2]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(checks.finish());
}
