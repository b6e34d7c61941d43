// npm run test:moddable [-- --cycles N --logs FOLDER]: the package on the Moddable SDK's own simulator.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildNapper, buildSensor, buildTestApps, buildWrongApp, installPackage } from "./builds.mjs";
import { printBytecode } from "./bytecode.mjs";
import { checkFlash } from "./flash-check.mjs";
import { Checks } from "./checks.mjs";
import { checkCluster, PORTS } from "./cluster.mjs";
import { checkDevices } from "./devices.mjs";
import { focaAgent } from "./foca-agent.mjs";
import { checkIncludes } from "./includes.mjs";
import { buildAndCheckLate } from "./late.mjs";
import { checkSealed, sealedConfigs } from "./sealed.mjs";
import { Sdk, whySkipped } from "./sdk.mjs";
import { checkNapper, checkSensor, napperConfig, sensorConfig } from "./sensor.mjs";
import { checkSmallMachine, esp8266 } from "./small-machine.mjs";

/** An hour of a LAN's probes, one a second. */
const HOUR_CYCLES = "3600";

const { values } = parseArgs({
  options: { cycles: { type: "string", default: HOUR_CYCLES }, logs: { type: "string" } },
});

const reason = whySkipped();
if (reason !== undefined) {
  console.log(`Skipped: ${reason}.`);
  process.exit(0);
}
if (!existsSync("dist/xs/xs.js")) throw new Error("dist/ is missing: npm run build");

const checks = new Checks();
const sdk = new Sdk(process.env.MODDABLE);
const folder = mkdtempSync(join(tmpdir(), "xswim-moddable-"));
try {
  installPackage(folder);
  const [a, b] = buildTestApps(checks, sdk, folder, [
    { name: "a", port: PORTS.a, seeds: `127.0.0.1:${PORTS.b}`, probePeriodMs: 100 },
    { name: "b", port: PORTS.b, seeds: `127.0.0.1:${PORTS.a}`, probePeriodMs: 1000 },
  ]);
  const [c, d] = buildTestApps(checks, sdk, folder, sealedConfigs, "sealed");
  buildWrongApp(checks, sdk, folder);
  const sensor = buildSensor(checks, sdk, folder, sensorConfig);
  const napper = buildNapper(checks, sdk, folder, napperConfig);
  checkDevices(checks, sdk, folder, esp8266);
  await checkFlash(checks, sdk, folder);
  printBytecode(sdk);
  await checkIncludes(checks, sdk, folder);
  if (sensor !== undefined) await checkSensor(checks, sdk, sensor);
  if (napper !== undefined) await checkNapper(checks, sdk, napper);
  if (c !== undefined && d !== undefined) await checkSealed(checks, sdk, { c, d });
  await buildAndCheckLate(checks, sdk, folder, values.logs);
  await checkSmallMachine(checks, sdk, folder);
  if (focaAgent() === undefined) console.log("foca's agent is not installed: the cluster has none");
  if (a !== undefined && b !== undefined)
    await checkCluster(checks, sdk, { a, b }, folder, Number(values.cycles), values.logs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(checks.finish());
