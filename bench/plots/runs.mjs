// What is run for the plots and tables of docs/MEASUREMENTS.md: a name of a file, and the command that fills it.

import { fieldRuns } from "./field.mjs";
import { scaleRuns } from "./scale-runs.mjs";
import { OFF, SETTINGS, without } from "./settings.mjs";

/** What is measured over the number of nodes, and of known members. */
export const NODES = [16, 64, 256, 512, 1024, 4096];
export const MEMBERS = [16, 128, 1024, 8192];
export const PEERS = { xswim: "xswim", foca: "foca 1.0.0 (Rust, bincode)", swim: "npm swim 0.6.0" };
/** The operations of the benchmark that are shown, by their names there. */
export const OPERATIONS = {
  handlePing: "a Ping answered, nothing to spread",
  handlePingFullQueue: "a Ping answered, full queue",
  probeCycle: "a probe cycle",
  gossip20Known: "a gossip of 20 known members",
  gossip20New: "a gossip of 20 new members",
  feed: "an Announce answered by a Feed",
  applyMany: "`applyMany` of all members",
};
const SEEDS = { 16: 200, 64: 100, 256: 20, 512: 10, 1024: 5, 4096: 1 };
/** Lifeguard's sweep: so many of 100 hosts freeze, for so long, and are well for so long in between. */
export const STALLED = [1, 4, 8, 16, 32];
export const STALLS = [
  { stallMs: 4000, gapMs: 100 },
  { stallMs: 8000, gapMs: 100 },
  { stallMs: 8000, gapMs: 2000 },
  { stallMs: 32000, gapMs: 2000 },
];
/** The same with the published foca: a name, how many hosts run it, and how many freeze. */
export const STALLS_WITH_FOCA = [
  ["half", 50, 8],
  ["few", 100, 4],
];

const sim = (name, words) => ({ name, command: "npm run sim -- " + words });

function* overNodes() {
  for (const [nodes, seeds] of Object.entries(SEEDS)) {
    for (const [mode, set] of [
      ["on", ""],
      ["off", " " + OFF],
    ]) {
      const words = `--nodes ${nodes} --duration 900 --with windowS=0${set}`;
      yield sim(`kill-${nodes}-${mode}`, `kill --seeds ${seeds} ${words}`);
      if (nodes === "4096" && mode === "off") continue; // hours of virtual time
      yield sim(`bootstrap-${nodes}-${mode}`, `bootstrap --seeds ${Math.min(seeds, 20)} ${words}`);
    }
    yield sim(`steady-${nodes}-on`, `steady --nodes ${nodes} --seeds ${Math.min(seeds, 2)} --duration 60`);
  }
}

function* settings() {
  for (const name of ["kill", "bootstrap"]) {
    const scenario = `${name} --seeds 1000`;
    yield sim(`all-${name}`, scenario);
    yield sim(`none-${name}`, `${scenario} ${OFF}`);
    yield sim(`twelve-${name}`, `${scenario} ${OFF} maxTransmissions=12`);
    for (const one of SETTINGS) {
      const others = SETTINGS.filter((other) => other !== one);
      yield sim(`${one}-${name}`, `${name} --seeds 200 ${without(others)}`);
      yield sim(`all-but-${one}-${name}`, `${name} --seeds 200 ${without([one])}`);
    }
  }
}

/** The name of a run of the stall sweep. */
export function stallName(mode, stalled, { stallMs, gapMs }) {
  return `stall-${mode}-${stalled}-${stallMs}-${gapMs}`;
}

function* stalls() {
  for (const stalled of STALLED) {
    for (const stall of STALLS) {
      const words = `stall --seeds 5 --with stalled=${stalled} stallMs=${stall.stallMs} gapMs=${stall.gapMs}`;
      yield sim(stallName("plain", stalled, stall), `${words} ${OFF}`);
      yield sim(stallName("lan", stalled, stall), words);
    }
  }
}

function* stallsWithFoca() {
  for (const [mode, foca, stalled] of STALLS_WITH_FOCA) {
    for (const stall of STALLS) {
      const words = `--with stalled=${stalled} stallMs=${stall.stallMs} gapMs=${stall.gapMs}`;
      yield sim(stallName(mode, stalled, stall), `stall --foca ${foca} --seeds 2 ${words}`);
    }
  }
}

/** With the published foca among our nodes, and alone: half of them, and all. */
function* mixed() {
  for (const foca of [25, 50]) {
    yield sim(`mixed-kill-${foca}`, `kill --foca ${foca} --seeds 1000`);
    yield sim(`mixed-bootstrap-${foca}`, `bootstrap --foca ${foca} --seeds 1000`);
    yield sim(`mixed-steady-${foca}`, `steady --foca ${foca} --seeds 20`);
  }
  for (const foca of [256, 512]) {
    const words = `bootstrap --nodes 512 --foca ${foca} --seeds 5 --duration 900 --with windowS=0`;
    yield sim(`mixed-bootstrap-512-${foca}`, words);
  }
  yield sim("mixed-churn-16", "churn --foca 16 --seeds 10");
}

export const RUNS = [
  ...overNodes(),
  ...settings(),
  sim("loss", "loss --seeds 100"),
  sim("steady-50-on", "steady --seeds 20"),
  sim("steady-50-off", `steady --seeds 20 ${OFF}`),
  ...stalls(),
  ...stallsWithFoca(),
  ...Array.from(fieldRuns(), ([name, words]) => sim(name, words)),
  ...mixed(),
  sim("thousand", "steady --nodes 1000 --duration 600"),
  ...Array.from(scaleRuns(), ([name, words]) => ({ name, command: "npm run scale -- " + words })),
  { name: "bench", command: "npm run bench -- --rounds 5" },
];
