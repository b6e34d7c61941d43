// What a member costs on a device: ours in XS, and others as compiled Rust, on the same emulated board.
import { Command } from "commander";
import { measureFoca, missingForFoca, type Foca } from "./foca.js";
import { measureMemberlist, missingForMemberlist, type Memberlist } from "./memberlist.js";
import { measureOurs, missingForOurs, type Ours } from "./ours.js";
import { rowsOf, tableOf } from "./rows.js";

interface Options {
  fast: boolean;
  memberlist: boolean;
  ours: boolean;
  json: boolean;
}

const options = new Command("npm run bench:rivals --")
  .description("Measures xswim on XS beside the Rust crate foca 1.0.0, both on an emulated RV32 board.")
  .option("--fast", "build foca for speed instead of size", false)
  .option(
    "--memberlist",
    "and the codec of the Rust crate memberlist; builds Rust's std, a few minutes",
    false,
  )
  .option("--no-ours", "leave xswim out, which takes the longest")
  .option("--json", "print JSON", false)
  .parse()
  .opts<Options>();

const skipped: { peer: string; reason: string }[] = [];

function isThere(peer: string, reason: string | undefined): boolean {
  if (reason !== undefined) skipped.push({ peer, reason });
  return reason === undefined;
}

const foca: Foca | null = isThere("foca", missingForFoca())
  ? measureFoca(options.fast ? "fast" : "release")
  : null;
const memberlist: Memberlist | null =
  options.memberlist && isThere("memberlist", missingForMemberlist()) ? measureMemberlist() : null;
const ours: Ours | null = options.ours && isThere("xswim", missingForOurs()) ? await measureOurs() : null;
const rows = rowsOf({ ours, foca, memberlist });

if (options.json) console.log(JSON.stringify({ rows, ours, foca, memberlist, skipped }, null, 1));
else {
  if (rows.some((row) => row.xswim !== null || row["foca, postcard"] !== null)) console.log(tableOf(rows));
  for (const { peer, reason } of skipped) console.log(`skipped ${peer}: ${reason}`);
}
