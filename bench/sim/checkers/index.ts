import type { World } from "../world.js";
import { Agreement, type Bounds } from "./agreement.js";
import { Audit } from "./audit.js";
import type { Checker } from "./checker.js";
import { Detection } from "./detection.js";
import { Incarnation } from "./incarnation.js";
import { Memory } from "./memory.js";
import { Pulse } from "./pulse.js";
import { RecordAgreement } from "./record-agreement.js";
import { Records } from "./records.js";
import { Refutation } from "./refutation.js";
import { Resurrection } from "./resurrection.js";

export type { Bounds } from "./agreement.js";
export type { Checker, Violation } from "./checker.js";

/**
 * All checkers, for a world. Turned bits (which UDP's checksum keeps away) are lies that no member can tell from
 * the truth: there only the limits hold. `boundMs` is how long hosts may disagree, in the place of what follows from the
 * settings.
 */
export function allCheckers(world: World, boundMs?: number): Checker[] {
  const bounds =
    boundMs === undefined ? boundsFor(world) : { downMs: boundMs, missMs: boundMs, lostMs: boundMs };
  if (world.network.everCorrupts) return [new Memory(world), new Pulse(world, bounds.missMs)];
  return [
    new Resurrection(world),
    new Incarnation(world),
    new Refutation(world),
    new Agreement(world, bounds),
    new Detection(world, boundMs),
    new Memory(world),
    new Audit(world),
    new Pulse(world, bounds.missMs),
    new Records(world),
    new RecordAgreement(world),
  ];
}

/**
 * Bounds for a world: by the end of two probing rounds everybody has been pinged by everybody, which mends any
 * table; with faults a ping may get lost, so three times that. To it come a suspicion, and the joiner's and the
 * periodic announces' pauses of about a minute. Beyond 120 members gossip mends long before the probes, but for foca's
 * nodes, which chance may leave out (docs/DESIGN.md, decision 14): these wait for the probes. Where the Down are not told (pure SWIM), or cannot renew their identity, nothing brings them back.
 */
export function boundsFor(world: World): Bounds {
  const { hosts, network, naming } = world;
  let periodMs = 0;
  let suspicionMs = 0;
  let areToldOfDeath = true;
  let numProbed = Math.min(hosts.length, 120);
  for (const { config, isFoca } of hosts) {
    if (isFoca) numProbed = hosts.length;
    if (!config.notifyDownMembers) areToldOfDeath = false;
    periodMs = Math.max(periodMs, config.probePeriodMs);
    suspicionMs = Math.max(suspicionMs, config.suspectToDownAfterMs);
  }
  const { loss, reordering, corruption } = network.faults;
  const rounds = loss + reordering + corruption > 0 ? 3 : 1;
  const boundMs = 2 * numProbed * periodMs * rounds + suspicionMs + 65_000;
  const mendedMs = areToldOfDeath && naming.canRenew ? boundMs : Infinity;
  return { downMs: mendedMs, missMs: mendedMs, lostMs: boundMs };
}
