import type { Store } from "../../../platform/shared/bump.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";
import { Wholeness } from "./wholeness.js";

export const powerCut: Scenario = {
  name: "power-cut",
  about:
    "The whole house loses power at one moment, and gets it back: hosts start within spreadMs of that, but for those that all join by. With remember=1 each of ours has kept up to 8 members that it heard from, as SwimNode does. Measures until all know all.",
  nodes: 50,
  durationS: 180,
  numSeeds: 3,
  parameters: { offS: 60, spreadMs: 5000, remember: 1, settleS: 120, limitMs: 60_000 },
  run(run) {
    const { world } = run;
    const { seeds } = world;
    if (run.number("remember") !== 0) for (const host of world.hosts) host.joining.store = new MapStore();
    world.startSettled();
    world.run(run.number("settleS") * 1000);
    const falseDowns = new FalseDowns(run);
    for (const { index } of world.hosts) world.crash(index);
    world.run(run.number("offS") * 1000);
    const returning = world.hosts.map(({ index }) => index).filter((index) => !seeds.includes(index));
    let numBack = 0;
    for (const host of returning)
      world.plan(run.number("spreadMs") * world.chance.fraction(), () => {
        numBack++;
        world.start(host);
        run.add("remembered", "1", world.hosts[host].joining.rememberedPeers().length);
      });
    const wholeness = new Wholeness(run);
    const traffic = new Traffic(run);
    wholeness.watch(run.durationMs, () => numBack === returning.length);
    traffic.noteSum("window");
    wholeness.note(run.number("remember") === 0 ? Infinity : run.number("limitMs"));
    falseDowns.note();
  },
};

/** A store that outlives a crash. */
class MapStore implements Store {
  private readonly values = new Map<string, string>();

  get(domain: string, key: string): unknown {
    return this.values.get(domain + " " + key);
  }

  set(domain: string, key: string, value: string): void {
    this.values.set(domain + " " + key, value);
  }
}
