// Twelve processes on loopback whose datagrams come to be sealed while they run, and whose key is changed then.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import type { ClusterKey } from "../../platform/shared/cluster-keys.js";
import type { Sealing } from "../../platform/shared/seal.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { endAll, Program } from "../agent/support/program.js";
import { KEY, OTHER } from "../support/keys.js";
import { until } from "./support/until.js";

const SIZE = 12;
/** From one process to the next, and from one step to the next. */
const GAP_MS = 150;
const SETTLE_MS = 1500;
const PROGRAM = fileURLToPath(new URL("support/sealed-member.mjs", import.meta.url));

interface Step {
  keys: ClusterKey[];
  sendWith: number;
  sealing: Sealing;
}

/** What a process says. */
interface Report {
  number: number;
  told: string[];
  heard: Record<string, number>;
  errors: string[];
  published: number;
  counts: number[];
  members: number;
}

const STEPS: Step[] = [
  { keys: [KEY], sendWith: 0, sealing: "accept" },
  { keys: [KEY], sendWith: 0, sealing: "send" },
  { keys: [KEY], sendWith: 0, sealing: "require" },
  { keys: [KEY, OTHER], sendWith: 0, sealing: "require" },
  { keys: [KEY, OTHER], sendWith: 1, sealing: "require" },
  { keys: [OTHER], sendWith: 1, sealing: "require" },
];

class Member {
  readonly address: string;
  private readonly program: Program;
  private readonly waiting = new Map<number, (report: Report) => void>();
  private number = 0;

  constructor(port: number, seed: number) {
    this.address = "127.0.0.1:" + port;
    const options = { port, seed, keys: [KEY], sealing: "off", size: SIZE };
    this.program = new Program(
      process.execPath,
      [PROGRAM, JSON.stringify(options)],
      {},
      { hasChannel: true },
    );
    this.program.child.on("message", (message) => {
      const report = message as Report;
      this.waiting.get(report.number)?.(report);
      this.waiting.delete(report.number);
    });
  }

  /** Has it take a step, or none, and say what became of it so far. */
  async ask(step?: Step): Promise<Report> {
    const number = ++this.number;
    const answer = new Promise<Report>((resolve) => this.waiting.set(number, resolve));
    this.program.child.send({ number, step });
    return answer;
  }
}

afterEach(endAll);

function sum(reports: readonly Report[], metric: number): number {
  return reports.reduce((total, report) => total + report.counts[metric], 0);
}

test(
  "twelve-processes-go-from-off-to-require-and-change-their-key-and-lose-nobody",
  { timeout: 120_000 },
  async () => {
    expect(existsSync(fileURLToPath(new URL("../../dist/platform/node/sealed.js", import.meta.url)))).toBe(
      true,
    );
    const ports = await freePorts(SIZE, "127.0.0.1");
    const members = ports.map((port) => new Member(port, ports[0]));
    const ask = (): Promise<Report[]> => Promise.all(members.map((member) => member.ask()));
    let reports = await ask();
    const refresh = setInterval(() => void ask().then((latest) => (reports = latest)), 200);
    try {
      await until("all know all", () => reports.every((report) => report.members === SIZE - 1));
      for (const step of STEPS) {
        for (const member of members) {
          await member.ask(step);
          await sleep(GAP_MS);
        }
        await sleep(SETTLE_MS);
      }
      const after = await ask();
      // What each published since the last step gets to all.
      await until("all heard of all", () =>
        reports.every(({ heard }, i) =>
          members.every(({ address }, j) => i === j || heard[address] > after[j].published),
        ),
      );
      const { TakenPlain, Sealed, Opened, RefusedPlain, UnknownKey, Forged, Reflected, Replayed } =
        SealMetric;
      expect(sum(reports, TakenPlain)).toBe(sum(after, TakenPlain));
      for (const metric of [TakenPlain, Sealed, Opened]) expect(sum(reports, metric)).toBeGreaterThan(100);
      for (const metric of [RefusedPlain, UnknownKey, Forged, Reflected, Replayed])
        expect(sum(reports, metric), "counter " + metric).toBe(0);
      expect(reports.map((report) => report.members)).toEqual(ports.map(() => SIZE - 1));
      expect(reports.flatMap(({ told }) => told.filter((line) => !line.startsWith("up ")))).toEqual([]);
      expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
    } finally {
      clearInterval(refresh);
    }
  },
);
