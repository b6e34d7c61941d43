import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, settled, waited } from "./cluster.js";
import type { Implementation } from "./implementations.js";
import type { Member } from "./member.js";
import { Network } from "./network.js";
import { keepRows, type Row } from "./table.js";

/** How long the clusters may take to form. */
const FORM_LIMIT_MS = 40_000;
/** How long a death may take to be known. */
const DEATH_LIMIT_MS = 60_000;
/** How long a cluster has to stay whole, to count as whole again. */
const STEADY_MS = 5000;

/** Where a fault happens. */
export interface Place {
  network: Network;
  clusters: readonly Cluster[];
}

/** A fault, and what is right in it. */
export interface Fault {
  name: string;
  begin(place: Place): Promise<void>;
  /** How long it lasts, unless it kills: then it ends when the death is known, and no sooner than this. */
  lastsMs: number;
  end(place: Place): Promise<void>;
  /** The hosts whose members are dead while it lasts; none when left out. */
  dead?: readonly number[];
  /** Whether a member on the first host may declare one on the second host dead; nobody may when left out. */
  mayDeclareDead?(observer: number, target: number): boolean;
  /** How long to wait, after its end, until the clusters are whole. */
  limitMs: number;
  /** How long they then have to stay whole. */
  steadyMs?: number;
}

/** The hosts at a switch in every ordeal. */
const HOSTS = 5;

/** Lets clusters of all implementations on the same hosts go through the same fault; returns how each fared. */
export async function ordeal(
  fault: Fault,
  implementations: readonly Implementation[],
  seed: number,
): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "xswim-network-"));
  const network = await Network.open(HOSTS, seed);
  const clusters = implementations.map((name) => new Cluster(name, network, folder));
  try {
    await Promise.all(clusters.map((cluster) => cluster.start()));
    await Promise.all(clusters.map((cluster) => formed(cluster)));
    const rows = await suffer(fault, { network, clusters });
    keepRows(fault.name, rows);
    return rows;
  } finally {
    await Promise.all(clusters.map((cluster) => cluster.kill()));
    await network.close();
    await rm(folder, { recursive: true });
  }
}

async function formed(cluster: Cluster): Promise<void> {
  const ms = await waited(() => cluster.isWhole(), FORM_LIMIT_MS);
  if (ms === undefined)
    throw new Error(cluster.implementation + " did not form a cluster\n" + cluster.known());
}

async function suffer(fault: Fault, place: Place): Promise<Row[]> {
  const beganMs = performance.now();
  await fault.begin(place);
  const [deaths] = await Promise.all([deathsKnown(fault, place.clusters), sleep(fault.lastsMs)]);
  await fault.end(place);
  const whole = await Promise.all(
    place.clusters.map((cluster) =>
      settled(() => cluster.isWhole(), fault.steadyMs ?? STEADY_MS, fault.limitMs),
    ),
  );
  return place.clusters.map((cluster, at) => ({
    fault: fault.name,
    implementation: cluster.implementation,
    members: cluster.members.length,
    falseDeaths: falseDeaths(fault, cluster, beganMs),
    strangers: strangers(cluster),
    ...(fault.dead === undefined ? {} : { deathKnownMs: deaths[at] ?? null }),
    wholeMs: whole[at] ?? null,
    limitMs: fault.limitMs,
    lost: cluster.lost(),
  }));
}

function deathsKnown(fault: Fault, clusters: readonly Cluster[]): Promise<(number | undefined)[]> {
  const dead = fault.dead ?? [];
  return Promise.all(
    clusters.map(({ members }) => {
      const addresses = members.filter(isOn(dead)).map((member) => member.address);
      const rest = members.filter((member) => !isOn(dead)(member));
      const isKnown = (): boolean =>
        rest.every((member) => addresses.every((address) => !member.knows(address)));
      return waited(isKnown, DEATH_LIMIT_MS);
    }),
  );
}

function isOn(hosts: readonly number[]): (member: Member) => boolean {
  return ({ host }) => hosts.includes(host.index);
}

function strangers({ members }: Cluster): number {
  const known = new Set(members.map(({ address }) => address));
  const all = members.flatMap(({ learned }) => learned.filter(({ news }) => news === "up"));
  return new Set(all.map(({ about }) => about).filter((address) => !known.has(address))).size;
}

function falseDeaths(fault: Fault, { members }: Cluster, sinceMs: number): number {
  const hostOf = new Map(members.map((member) => [member.address, member.host.index]));
  const dead = fault.dead ?? [];
  let count = 0;
  for (const member of members) {
    for (const { about } of member.deathsSince(sinceMs)) {
      const target = hostOf.get(about);
      // A damaged datagram may have brought somebody who was never there.
      if (target === undefined || dead.includes(target)) continue;
      if (!(fault.mayDeclareDead?.(member.host.index, target) ?? false)) count++;
    }
  }
  return count;
}
