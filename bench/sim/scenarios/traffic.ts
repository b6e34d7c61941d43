import { Metric } from "../../../core/index.js";
import type { Run } from "../run.js";

/** What all nodes sent since it was made. */
export class Traffic {
  private readonly run: Run;
  private readonly startMs: number;
  private readonly datagrams: number[];
  private readonly bytes: number[];

  constructor(run: Run) {
    this.run = run;
    this.startMs = run.world.nowMs;
    this.datagrams = run.world.hosts.map((_, host) => datagramsOf(run, host));
    this.bytes = run.world.hosts.map((_, host) => bytesOf(run, host));
  }

  /** Notes, for every node that runs, what it sent in a second. */
  note(prefix = ""): void {
    const { world } = this.run;
    const seconds = (world.nowMs - this.startMs) / 1000;
    for (const { index, swim } of world.hosts) {
      if (swim === undefined) continue;
      this.run.add(
        prefix + "datagrams",
        "1/s",
        (datagramsOf(this.run, index) - this.datagrams[index]) / seconds,
      );
      this.run.add(prefix + "bytes", "B/s", (bytesOf(this.run, index) - this.bytes[index]) / seconds);
    }
  }

  /** Notes what the nodes that run sent on average, all in all. */
  noteSum(prefix: string): void {
    let count = 0;
    let datagrams = 0;
    let bytes = 0;
    for (const { index, swim } of this.run.world.hosts) {
      if (swim === undefined) continue;
      count++;
      datagrams += datagramsOf(this.run, index) - this.datagrams[index];
      bytes += bytesOf(this.run, index) - this.bytes[index];
    }
    this.run.add(prefix + "Datagrams", "1/node", datagrams / count);
    this.run.add(prefix + "Bytes", "B/node", bytes / count);
  }
}

function bytesOf(run: Run, host: number): number {
  return run.world.hosts[host].swim?.metrics[Metric.BytesSent] ?? 0;
}

function datagramsOf(run: Run, host: number): number {
  const metrics = run.world.hosts[host].swim?.metrics;
  let sum = 0;
  if (metrics !== undefined) for (let kind = 0; kind < 11; kind++) sum += metrics[Metric.SentPing + kind];
  return sum;
}
