import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";

export const stall: Scenario = {
  name: "stall",
  about:
    "A few hosts stall again and again (Lifeguard). Counts hosts that are wrongly held Down. kind=io (timers run) or freeze.",
  nodes: 100,
  durationS: 300,
  parameters: { stalled: 8, stallMs: 8000, gapMs: 2000, spread: 0.5, kind: "io", thaw: "timers" },
  run(run) {
    const { world } = run;
    const thaw = run.word("thaw");
    if (thaw !== "timers" && thaw !== "datagrams")
      throw new Error(`thaw: expected timers or datagrams, got ${thaw}`);
    const kind = run.word("kind");
    if (kind !== "io" && kind !== "freeze") throw new Error(`kind: expected io or freeze, got ${kind}`);
    world.timersFirst = thaw === "timers";
    const spread = run.number("spread");
    const stalled = new Set(world.chance.sample(world.hosts.length, run.number("stalled")));
    const falseDowns = new FalseDowns(run, (host) => stalled.has(host));
    world.startSettled();
    world.run(10_000);
    const around = (ms: number): number => ms * world.chance.between(1 - spread, 1 + spread);
    const endMs = world.nowMs + run.durationMs;
    const freeze = (host: number): void => {
      if (world.nowMs >= endMs) return;
      const ms = around(run.number("stallMs"));
      if (kind === "io") world.block(host, ms);
      else world.freeze(host, ms);
      world.plan(ms + around(run.number("gapMs")), () => freeze(host));
    };
    for (const host of stalled)
      world.plan(around(run.number("gapMs")) * world.chance.fraction(), () => freeze(host));
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    falseDowns.note();
    traffic.noteSum("window");
    run.addMs("settle", world.runUntilAgreed(600_000));
  },
};
