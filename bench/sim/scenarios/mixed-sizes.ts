import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";

/** What the hosts can send, in turn; all hear the longest. */
const PACKET_SIZES = [256, 512, 1400];

export const mixedSizes: Scenario = {
  name: "mixed-sizes",
  about:
    "Small devices among large ones: they send short datagrams, and some have room for only half of the cluster.",
  nodes: 60,
  durationS: 300,
  withoutFoca: "it has no limit of its own for what it takes, and none for how many members it holds",
  parameters: { partialPart: 0.2 },
  configOf(config, host, settings) {
    const isPartial = host > 0 && host % 100 < Number(settings.parameters.partialPart) * 100;
    const maxMembers = isPartial ? Math.max(1, settings.nodes >> 1) : config.maxMembers;
    return { ...config, maxPacketSize: PACKET_SIZES[host % PACKET_SIZES.length], maxMembers };
  },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run);
    for (let i = 0; i < world.hosts.length; i++) world.start(i);
    run.addMs("allKnowAll", world.runUntilAgreed(run.durationMs));
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    const victim = 1 + world.chance.below(world.hosts.length - 1);
    world.crash(victim);
    run.addMs(
      "allHoldDown",
      world.runUntil(() => world.disagreements.about[victim] === 0, run.durationMs),
    );
    falseDowns.note();
  },
};
