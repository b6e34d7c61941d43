import { badLinks } from "./bad-links.js";
import { bootstrap } from "./bootstrap.js";
import { burstLoss } from "./burst-loss.js";
import { churn } from "./churn.js";
import { clockBack } from "./clock-back.js";
import { corruption } from "./corruption.js";
import { flap } from "./flap.js";
import { kill, leave } from "./kill.js";
import { late } from "./late.js";
import { loss } from "./loss.js";
import { mixedSizes } from "./mixed-sizes.js";
import { naps } from "./naps.js";
import { outage } from "./outage.js";
import { partition } from "./partition.js";
import { powerCut } from "./power-cut.js";
import { rollingRestart } from "./rolling-restart.js";
import { rotation } from "./rotation.js";
import type { Scenario } from "./scenario.js";
import { stall } from "./stall.js";
import { steady } from "./steady.js";
import { strangers } from "./strangers.js";
import { swap } from "./swap.js";
import { valuesChurn } from "./values-churn.js";
import { valuesJoin } from "./values-join.js";
import { valuesLoss } from "./values-loss.js";
import { valuesPublish } from "./values-publish.js";
import { valuesRest } from "./values-rest.js";
import { valuesThousand } from "./values-thousand.js";

export const SCENARIOS: readonly Scenario[] = [
  steady,
  bootstrap,
  kill,
  leave,
  loss,
  stall,
  partition,
  flap,
  rollingRestart,
  churn,
  late,
  burstLoss,
  outage,
  swap,
  powerCut,
  naps,
  mixedSizes,
  badLinks,
  clockBack,
  strangers,
  corruption,
  rotation,
  valuesJoin,
  valuesLoss,
  valuesPublish,
  valuesRest,
  valuesThousand,
  valuesChurn,
];

/** @throws Error when there is none of that name. */
export function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(`no scenario ${name}; there are ${SCENARIOS.map((one) => one.name).join(", ")}`);
}
