// What a member costs on a device: ours in XS, and foca as compiled Rust, on the same emulated board.
import { parseArgs } from "node:util";
import { measureFoca, missingForFoca, type Profile } from "./foca.js";
import { measureOurs, missingForOurs } from "./ours.js";
import { rowsOf, tableOf } from "./rows.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    /** Builds foca for speed instead of size. */
    fast: { type: "boolean", default: false },
    "only-foca": { type: "boolean", default: false },
  },
});

const profile: Profile = values.fast ? "fast" : "release";
const skipped: { peer: string; reason: string }[] = [];

function isThere(peer: string, reason: string | undefined): boolean {
  if (reason !== undefined) skipped.push({ peer, reason });
  return reason === undefined;
}

const foca = isThere("foca", missingForFoca()) ? measureFoca(profile) : null;
const wantsOurs = !values["only-foca"] && isThere("xswim", missingForOurs());
const ours = wantsOurs ? await measureOurs() : null;
const rows = rowsOf(ours, foca);

if (values.json) console.log(JSON.stringify({ profile, rows, ours, foca, skipped }, null, 1));
else {
  console.log(tableOf(rows));
  for (const { peer, reason } of skipped) console.log(`skipped ${peer}: ${reason}`);
}
