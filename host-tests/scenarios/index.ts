// Behaviours of the core and of clusters, one a function that throws when it is not so. Engine-free: vitest runs them, and so does XS.
import { scenarios as attacks } from "./attacks.js";
import { scenarios as broadcasts } from "./broadcasts.js";
import { scenarios as cluster } from "./cluster.js";
import { scenarios as connection } from "./connection.js";
import { scenarios as counters } from "./counters.js";
import { scenarios as crowded } from "./crowded.js";
import { scenarios as deadlines } from "./deadlines.js";
import { scenarios as deafness } from "./deafness.js";
import { scenarios as formerIdentities } from "./former-identities.js";
import { scenarios as healing } from "./healing.js";
import { scenarios as lateAnswers } from "./late-answers.js";
import { scenarios as lateness } from "./lateness.js";
import { scenarios as layout } from "./layout.js";
import { scenarios as littleRoom } from "./little-room.js";
import { scenarios as members } from "./members.js";
import { scenarios as misuse } from "./misuse.js";
import { scenarios as naps } from "./naps.js";
import { scenarios as networkChanged } from "./network-changed.js";
import { scenarios as nonces } from "./nonces.js";
import { scenarios as ourselves } from "./ourselves.js";
import { scenarios as periodic } from "./periodic.js";
import { scenarios as piggyback } from "./piggyback.js";
import { scenarios as presets } from "./presets.js";
import { scenarios as probing } from "./probing.js";
import { scenarios as publications } from "./publications.js";
import { scenarios as receiving } from "./receiving.js";
import { scenarios as regressions } from "./regressions.js";
import { scenarios as rejoining } from "./rejoining.js";
import { scenarios as repeatedDeaths } from "./repeated-deaths.js";
import { scenarios as remembered } from "./remembered.js";
import { scenarios as sealed } from "./sealed.js";
import { scenarios as sleepers } from "./sleepers.js";
import { scenarios as sleepingNodes } from "./sleeping-nodes.js";
import { scenarios as spreading } from "./spreading.js";
import { scenarios as storedBump } from "./stored-bump.js";
import { scenarios as strangers } from "./strangers.js";
import { scenarios as suspects } from "./suspects.js";
import { scenarios as swimNode } from "./swim-node.js";
import { scenarios as telling } from "./telling.js";
import { scenarios as throwing } from "./throwing.js";
import { scenarios as values } from "./values.js";
import { scenarios as valuesAttacks } from "./values-attacks.js";
import { scenarios as valuesExchange } from "./values-exchange.js";
import { scenarios as valuesKept } from "./values-kept.js";
import { scenarios as valuesRoom } from "./values-room.js";

/** By subject, then by behaviour. */
export const subjects: Record<string, Record<string, () => void>> = {
  layout,
  littleRoom,
  receiving,
  members,
  ourselves,
  rejoining,
  connection,
  probing,
  deafness,
  lateness,
  lateAnswers,
  suspects,
  telling,
  healing,
  formerIdentities,
  strangers,
  repeatedDeaths,
  naps,
  sleepers,
  periodic,
  spreading,
  piggyback,
  broadcasts,
  crowded,
  deadlines,
  misuse,
  regressions,
  throwing,
  counters,
  cluster,
  publications,
  swimNode,
  storedBump,
  sleepingNodes,
  presets,
  remembered,
  networkChanged,
  nonces,
  sealed,
  attacks,
  values,
  valuesExchange,
  valuesKept,
  valuesRoom,
  valuesAttacks,
};
