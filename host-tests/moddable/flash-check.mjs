// The flash that the package takes, by the SDK's linker: within its budget, and what is estimated without the SDK is near.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { estimateFlash } from "../footprint/flash.js";
import { linkedFlash } from "./flash.mjs";

const MANIFESTS = [
  "",
  "_postcard",
  "_metrics",
  "_schema",
  "_full",
  "_wifi",
  "_store",
  "_discover",
  "_sealed",
].map((name) => `manifest${name}.json`);
/** How far the estimate may be off. It is 1.1 % below today. */
const ERROR = 0.03;

export async function checkFlash(checks, sdk, folder) {
  const { linkedBytes: node, sealedBytes } = JSON.parse(
    readFileSync("host-tests/budgets.json", "utf8"),
  ).flash;
  const built = join(folder, "flash");
  mkdirSync(built);
  const all = linkedFlash(
    sdk,
    built,
    MANIFESTS.map((name) => resolve(name)),
  );
  console.log("\nflash of an ESP32, as linked for release, bytes (code, slots of 16, names)");
  for (const [i, { linkedBytes, codeBytes, slots, names }] of all.entries())
    console.log(`${String(linkedBytes).padStart(8)}  ${MANIFESTS[i]} (${codeBytes}, ${slots}, ${names})`);
  const [{ linkedBytes }] = all;
  checks.report(
    `a node takes ${node.limit} bytes of flash at most`,
    linkedBytes <= node.limit,
    String(linkedBytes),
  );
  const sealed = all.at(-1).linkedBytes - linkedBytes;
  checks.report(
    `to seal takes ${sealedBytes.limit} more at most, the SDK's cipher included`,
    sealed <= sealedBytes.limit,
    String(sealed),
  );
  const estimate = await estimateFlash();
  const error = estimate / linkedBytes - 1;
  console.log(`     the estimate without the SDK: ${estimate}, ${(error * 100).toFixed(1)} % off`);
  checks.report("the estimate of that is near", Math.abs(error) <= ERROR, String(estimate));
}
