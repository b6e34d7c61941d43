import { State } from "../../../core/index.js";
import type { Run } from "../run.js";
import { Deaths } from "./deaths.js";
import { FalseDowns } from "./false-downs.js";
import { BOOTED, FLOODED, playBoot, playFlood } from "./flooded.js";
import { Forger } from "./forger.js";
import { Rounds } from "./rounds.js";
import type { Scenario } from "./scenario.js";

/** Hosts that others join by, and that do not die. */
const SEEDS = 3;
/** Of `strangers`, with mode=renew. */
const RENEWED = {
  strangers: 20,
  everyMs: 3000,
  settleS: 60,
  gapMs: 60_000,
  downMs: 300_000,
  limitMs: 60_000,
};
/** An incarnation that a suspicion may still be refuted at. */
const LAST_INCARNATION = 65_000;

/** The stories that there are. */
const MODES: Readonly<Record<string, (run: Run) => void>> = {
  renew: playRenew,
  flood: playFlood,
  boot: playBoot,
};

export const strangers: Scenario = {
  name: "strangers",
  about:
    "Somebody gossips about members that do not exist. mode=renew: as Alive and as Suspect in turn, while hosts die; checks that probe rounds end and that all nodes know of the deaths. mode=flood: about a table full of them; measures until a new device is in, and until a death is known. mode=boot: while all hosts start, which have room for few; measures how many of their peers they know.",
  nodes: 50,
  durationS: 900,
  numSeeds: SEEDS,
  parameters: { mode: "renew", ...RENEWED, ...FLOODED, ...BOOTED },
  configOf(config, _host, { parameters }) {
    if (parameters.mode !== "boot") return config;
    return { ...config, maxMembers: Math.min(config.maxMembers, Number(parameters.room)) };
  },
  run(run) {
    const mode = run.word("mode");
    const play = MODES[mode];
    if (play === undefined) throw new Error(`mode: expected ${Object.keys(MODES).join(", ")}, got ${mode}`);
    play(run);
  },
};

function playRenew(run: Run): void {
  const { world } = run;
  const forger = new Forger(world, run.number("strangers"));
  const rounds = new Rounds(run, forger.count, (stranger) => forger.identity(stranger));
  // Strangers have successors too, so chance leaves some hosts out: these learn of a death by their own probes.
  const { probePeriodMs, suspectToDownAfterMs } = world.hosts[0].config;
  const knownMs = (rounds.limit + 2) * probePeriodMs + suspectToDownAfterMs;
  const deaths = new Deaths(run, { foundMs: run.number("limitMs"), knownMs });
  const falseDowns = new FalseDowns(run);
  world.startSettled();
  world.run(10_000);
  renew(run, forger, 1);
  world.run(run.number("settleS") * 1000);
  deaths.killOften({
    untilMs: world.nowMs + run.durationMs - knownMs,
    gapMs: run.number("gapMs"),
    downMs: run.number("downMs"),
    canDie: (host) => host >= SEEDS,
  });
  world.run(run.durationMs);
  deaths.noteAll();
  rounds.note();
  falseDowns.note();
}

/** Renews all strangers at all hosts as Alive, and half of the time later as Suspect; and so on. */
function renew(run: Run, forger: Forger, incarnation: number): void {
  const { world } = run;
  const everyMs = run.number("everyMs");
  const tellAll = (state: State): void => {
    for (const { index, node } of world.hosts) if (node !== undefined) forger.tell(index, incarnation, state);
  };
  tellAll(State.Alive);
  world.plan(everyMs / 2, () => tellAll(State.Suspect));
  world.plan(everyMs, () => renew(run, forger, Math.min(incarnation + 1, LAST_INCARNATION)));
}
