import { PERFECT, type LinkFaults } from "./faults.js";
import type { Host } from "./host.js";
import type { Machine } from "./machine.js";
import type { RunningNode } from "./running-node.js";

/** More names than this in a list are counted, not named. */
const MOST_NAMES = 12;
const STATES = ["Alive", "Suspect", "Asleep", "Down"] as const;

/** Says how things stand on a network: a line for the time and the faults, then several for each host. */
export function describeNetwork(
  nowMs: number,
  faults: LinkFaults,
  all: Iterable<Host>,
  isCut: (from: Machine, to: Machine) => boolean,
): string {
  const hosts = [...all];
  const wrong = Object.entries(faults).filter(([name, value]) => value !== PERFECT[name as keyof LinkFaults]);
  const lines = ["at " + rounded(nowMs) + " ms of virtual time" + listed("; faults: ", wrong.map(pair))];
  for (const host of hosts) {
    const others = hosts.filter((other) => other !== host);
    const deaf = others.filter((other) => isCut(other, host));
    const mute = others.filter((other) => isCut(host, other));
    lines.push(
      host.address +
        " " +
        conditionOf(host, nowMs) +
        (host.driftPpm === 0 ? "" : "; its clock drifts by " + host.driftPpm + " ppm") +
        listed("; cut off from ", addresses(deaf.filter((other) => mute.includes(other)))) +
        listed("; cannot reach ", addresses(mute.filter((other) => !deaf.includes(other)))) +
        listed("; cannot hear ", addresses(deaf.filter((other) => !mute.includes(other)))),
    );
    for (const node of host.nodes) lines.push("  node " + describeNode(node));
  }
  return lines.join("\n");
}

/** What a host does, apart from its nodes. */
function conditionOf(host: Host, nowMs: number): string {
  if (host.isOff)
    return host.startsAtMs === Infinity
      ? "is off"
      : "is off, and starts at " + rounded(host.startsAtMs) + " ms";
  if (host.sleepsUntilMs > nowMs) return "sleeps until " + rounded(host.sleepsUntilMs) + " ms";
  if (host.frozenUntilMs > nowMs) return "stalls until " + rounded(host.frozenUntilMs) + " ms";
  return host.nodes.size === 0 ? "runs no node" : "runs";
}

function describeNode(node: RunningNode): string {
  const known = STATES.map((): string[] => []);
  for (const { identity, state } of node.members()) known[STATES.indexOf(state)].push(nameOf(identity));
  const asleep = known[STATES.indexOf("Asleep")];
  for (const { identity, state } of node.swim.membershipState()) {
    const name = nameOf(identity);
    // Who naps is kept as Down.
    if (state === "Down" && !asleep.includes(name)) known[STATES.indexOf("Down")].push(name);
  }
  const groups = STATES.flatMap((state, index) =>
    known[index].length === 0 ? [] : [state + " " + listed("", known[index].sort())],
  );
  const own = node.identity as { bump?: unknown } | null;
  const life = typeof own === "object" && own?.bump !== undefined ? " (bump " + String(own.bump) + ")" : "";
  const absence = node.absence === "" ? "" : " " + node.absence;
  return nameOf(own) + life + absence + ": " + (groups.length === 0 ? "knows nobody" : groups.join("; "));
}

/** The address in an identity, or the whole of one that has none. */
function nameOf(identity: unknown): string {
  const { addr } = (identity ?? {}) as { addr?: unknown };
  if (typeof addr === "string") return addr;
  if (typeof identity === "string") return identity;
  return JSON.stringify(identity, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

function addresses(hosts: readonly Host[]): string[] {
  return hosts.map((host) => host.address);
}

function pair([name, value]: [string, unknown]): string {
  return name + " " + String(value);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A list behind `before`, shortened when it is long; an empty text for an empty list. */
function listed(before: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length > MOST_NAMES ? " and " + (names.length - MOST_NAMES) + " more" : "";
  return before + names.slice(0, MOST_NAMES).join(", ") + more;
}
