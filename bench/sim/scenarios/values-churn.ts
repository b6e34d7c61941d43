import { churn } from "./churn.js";
import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";

export const valuesChurn: Scenario = {
  ...churn,
  name: "values-churn",
  about:
    "As churn, while all hosts that run publish every everyMs on average. When it has calmed down they publish nothing for quietS, so that the checkers see that all hold the same.",
  durationS: 1800,
  parameters: { ...churn.parameters, ...VALUES, everyMs: 10_000 },
  withoutFoca: "its nodes publish under versions that know nothing of lives",
  run(run) {
    const { world } = run;
    const publishing = new Publishing(run);
    const everyMs = run.number("everyMs");
    const publishSome = (): void => {
      if (world.nowMs >= run.durationMs) return;
      const host = world.chance.below(world.hosts.length);
      if (world.truth.isLive[host] === 1) publishing.publish(host);
      world.plan(world.chance.exponential(everyMs / world.hosts.length), publishSome);
    };
    world.plan(10_000, publishSome);
    churn.run(run);
    world.run(run.number("quietS") * 1000);
    let without = 0;
    for (const { index } of world.hosts)
      if (world.truth.isLive[index] === 1) without += publishing.numWithout(index);
    run.add("without", "1", without);
  },
};
