import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";
import { Wholeness } from "./wholeness.js";

export const outage: Scenario = {
  name: "outage",
  about:
    "The access point reboots: all hosts lose the network, and each gets it back within spreadMs of its return. Measures until all know all. With notice=1 the programs notice that it is back.",
  nodes: 50,
  durationS: 180,
  parameters: { offS: 60, spreadMs: 2000, notice: 1, settleS: 30, limitMs: 120_000 },
  run(run) {
    const { world } = run;
    const { hosts } = world;
    const falseDowns = new FalseDowns(run);
    world.startSettled();
    world.run(run.number("settleS") * 1000);
    for (const { index } of hosts) world.setLink(index, false);
    const during = new Traffic(run);
    world.run(run.number("offS") * 1000);
    during.noteSum("off");
    let numBack = 0;
    for (const host of hosts)
      world.plan(run.number("spreadMs") * world.chance.fraction(), () => {
        world.setLink(host.index, true);
        numBack++;
        if (run.number("notice") !== 0) host.networkChanged();
      });
    const wholeness = new Wholeness(run);
    const after = new Traffic(run);
    let held = 0;
    for (const { node } of hosts) held += node?.numMembers ?? 0;
    run.add("stillHeld", "1/node", held / hosts.length);
    wholeness.watch(run.durationMs, () => numBack === hosts.length);
    after.noteSum("heal");
    wholeness.note(run.number("limitMs"));
    falseDowns.note();
  },
};
