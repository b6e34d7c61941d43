// A node with keys whose port is flooded with forgeries: it goes on as before.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { lan, Metric, type Status } from "../../core/index.js";
import { SwimNode } from "../../platform/node/index.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { KEY } from "../support/keys.js";
import { makeSeal, sealed, textOf } from "../support/sealing.js";
import { closeAll, Heard } from "./support/nodes.js";
import { until } from "./support/until.js";

/** Forgeries a second; fewer where the machine does not bear as many. */
const RATE = 50_000;
const FLOOD_MS = 6000;
/** Less than what a socket has room for. */
const IN_FLIGHT = 100;

let received = 0;

/** Counts what came in for the flooder, who waits for it. */
class Counting extends SwimNode {
  static counts: Int32Array | undefined;
  protected override receive(bytes: Uint8Array, start: number, end: number): Status | undefined {
    received++;
    if (Counting.counts !== undefined)
      Atomics.store(Counting.counts, 1, this.seal?.metrics[SealMetric.Forged] ?? 0);
    return super.receive(bytes, start, end);
  }
}

afterEach(closeAll);

/** Floods a port for a while; returns how many forgeries were sent. */
async function flood(port: number): Promise<number> {
  const shared = new SharedArrayBuffer(12);
  Counting.counts = new Int32Array(shared);
  // As somebody has it who heard a datagram of a device that is not in this cluster any more.
  const datagram = sealed(makeSeal(), textOf(59));
  const workerData = { port, datagram, perMs: RATE / 1000, inFlight: IN_FLIGHT, shared };
  const worker = new Worker(new URL("support/flooder.mjs", import.meta.url), { workerData });
  const ended = once(worker, "exit");
  await sleep(FLOOD_MS);
  Atomics.store(Counting.counts, 2, 1);
  await ended;
  return Counting.counts[0];
}

test("a-flood-of-forgeries-makes-a-node-miss-no-probe-and-changes-nothing", async ({ annotate }) => {
  const ports = await freePorts(3, "127.0.0.1");
  const options = { keys: [KEY], config: lan(3), seeds: ["127.0.0.1:" + ports[0]] };
  const all = ports.map((port, i) => new Heard(port, options, i === 0 ? Counting : SwimNode));
  const nodes = all.map(({ node }) => node);
  await until("all know all", () => nodes.every((node) => node.swim.numMembers === 2));
  const held = (): string[][] =>
    nodes.map((node) =>
      node.swim
        .membershipState()
        .map((member) => JSON.stringify(member))
        .sort(),
    );
  const before = held();
  const sum = (metric: number): number => nodes.reduce((n, node) => n + node.swim.metrics[metric], 0);
  const probes = sum(Metric.Probes);

  const sent = await flood(ports[0]);
  const forged = nodes[0].seal?.metrics[SealMetric.Forged] ?? 0;
  await annotate(Math.round((forged / FLOOD_MS) * 1000) + " forgeries a second, of " + sent + " sent in all");
  expect(forged).toBeGreaterThan(1000);
  expect(received).toBeGreaterThan(forged);
  // Each node probed meanwhile, and nobody missed anything.
  expect(sum(Metric.Probes) - probes).toBeGreaterThan(3);
  const { ProbeFailures, Suspicions, Expirations, Refutations, Rejoins } = Metric;
  expect([ProbeFailures, Suspicions, Expirations, Refutations, Rejoins].map(sum)).toEqual([0, 0, 0, 0, 0]);
  expect(all.flatMap((one) => one.told).filter((line) => /down|idle|rejoin/.test(line))).toEqual([]);
  expect(held()).toEqual(before);
  expect(all.flatMap((one) => one.errors)).toEqual([]);
});
