// Puts xswim beside the others: the same work, in turns, in one run.
import { Command, InvalidArgumentError } from "commander";
import { hexOf, TRAFFICS } from "./datagrams.js";
import type { Budget } from "./measure.js";
import { findPeer, focaDatagrams, PEER_NAMES, run, type Line, type Peer, type PeerName } from "./peers.js";
import { growthOf, ratiosOf, resultsOf } from "./results.js";
import { growthTableOf, tableOf } from "./table.js";

interface Options {
  peers: PeerName[];
  members: number[];
  rounds: number;
  quick: boolean;
  json: boolean;
}

const BUDGET: Budget = { warmUpMs: 300, budgetMs: 100 };
const QUICK_BUDGET: Budget = { warmUpMs: 5, budgetMs: 5 };

function parseOptions(): Options {
  const program = new Command("npm run bench --")
    .description("Times xswim on Node beside foca 1.0.0 (Rust) and npm's swim 0.6.0 (with its JSON codec).")
    .option("--peers <names>", "of " + PEER_NAMES.join(", "), peerNames, ["xswim", "foca", "swim"])
    .option("--members <numbers>", "how many members are known", memberCounts, [16, 128, 1024, 8192])
    .option("--rounds <number>", "how often each peer takes its turn", positive, 5)
    .option("--quick", "one short round with 16 members: shows that it runs, not how fast", false)
    .option("--json", "print JSON", false)
    .parse();
  const options = program.opts<Options>();
  return options.quick ? { ...options, members: [16], rounds: 1 } : options;
}

function peerNames(text: string): PeerName[] {
  const names = text.split(",") as PeerName[];
  for (const name of names) if (!PEER_NAMES.includes(name)) throw new InvalidArgumentError("no peer " + name);
  return names;
}

function memberCounts(text: string): number[] {
  return text.split(",").map(positive);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 30_000) return value;
  throw new InvalidArgumentError("expected an integer from 1 to 30000");
}

/** @throws Error when foca is not handed the very bytes that xswim is handed. */
async function checkSameWork(peers: readonly Peer[], members: number): Promise<void> {
  for (const peer of peers) {
    if (peer.name !== "foca" || "skipped" in peer) continue;
    const theirs = await focaDatagrams(peer, members);
    for (const traffic of TRAFFICS) {
      if (theirs.get(traffic) !== hexOf(traffic, members))
        throw new Error(traffic + ": the datagrams differ");
    }
  }
}

/** The peers take turns, so that what else the machine does befalls all of them. */
async function runInTurns(peers: readonly Peer[], options: Options): Promise<Line[]> {
  const lines: Line[] = [];
  const turns = options.rounds * options.members.length * peers.length;
  let turn = 0;
  for (const members of options.members) {
    await checkSameWork(peers, members);
    for (let round = 0; round < options.rounds; round++) {
      for (const peer of peers) {
        progress(`${++turn} of ${turns}: ${peer.name}, ${members} members`);
        lines.push(...(await run(peer, members, options.quick ? QUICK_BUDGET : BUDGET)));
      }
    }
  }
  progress("");
  return lines;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K" + text);
}

async function main(): Promise<void> {
  const options = parseOptions();
  const peers = options.peers.map(findPeer);
  const present = peers.filter((peer) => !("skipped" in peer));
  const skipped = peers.flatMap((peer) =>
    "skipped" in peer ? [{ peer: peer.name, reason: peer.skipped }] : [],
  );
  const results = resultsOf(await runInTurns(present, options));
  const ratios = ratiosOf(results);
  const growth = growthOf(results);
  if (options.json) {
    console.log(JSON.stringify({ results, ratios, growth, skipped }, null, 1));
    return;
  }
  console.log(tableOf(results, ratios));
  if (growth.length > 0) console.log(growthTableOf(growth));
  for (const { peer, reason } of skipped) console.log(`skipped ${peer}: ${reason}`);
}

await main();
