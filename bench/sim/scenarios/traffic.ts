import type { Host } from "../host.js";
import type { Run } from "../run.js";

/** What went out of hosts, or came in. */
interface Sums {
  datagrams: number;
  bytes: number;
}

/** What all nodes sent since it was made; where some are foca's, also what each kind sent and was sent. */
export class Traffic {
  private readonly run: Run;
  private readonly startMs: number;
  private readonly before: readonly Host["counts"][];

  constructor(run: Run) {
    this.run = run;
    this.startMs = run.world.nowMs;
    this.before = run.world.hosts.map(({ counts }) => ({ ...counts }));
  }

  /** Notes, for every node that runs, what it sent in a second. */
  note(): void {
    const { run } = this;
    const { world } = run;
    const seconds = (world.nowMs - this.startMs) / 1000;
    for (const { index, node } of world.hosts) {
      if (node === undefined) continue;
      const sent = this.sent(index);
      run.addOf(index, "datagrams", "1/s", sent.datagrams / seconds);
      run.addOf(index, "bytes", "B/s", sent.bytes / seconds);
      if (run.settings.foca === 0) continue;
      const received = this.received(index);
      run.add("datagramsTo" + run.kindOf(index), "1/s", received.datagrams / seconds);
      run.add("bytesTo" + run.kindOf(index), "B/s", received.bytes / seconds);
    }
  }

  /** Notes what the nodes that run sent on average in a second. */
  noteMeanRate(prefix: string): void {
    const { run } = this;
    const seconds = (run.world.nowMs - this.startMs) / 1000;
    const running = run.world.hosts.filter(({ node }) => node !== undefined);
    let datagrams = 0;
    let bytes = 0;
    for (const { index } of running) {
      const sent = this.sent(index);
      datagrams += sent.datagrams;
      bytes += sent.bytes;
    }
    run.add(prefix + "Datagrams", "1/s", datagrams / running.length / seconds);
    run.add(prefix + "Bytes", "B/s", bytes / running.length / seconds);
  }

  /** Notes what the nodes that run sent on average, all in all. */
  noteSum(prefix: string): void {
    const { hosts } = this.run.world;
    const running = hosts.filter(({ node }) => node !== undefined).map(({ index }) => index);
    this.noteMean(prefix, "", running, (host) => this.sent(host));
    if (this.run.settings.foca === 0) return;
    for (const kind of ["Xswim", "Foca"] as const) {
      const some = running.filter((host) => this.run.kindOf(host) === kind);
      if (some.length === 0) continue;
      this.noteMean(prefix, "Of" + kind, some, (host) => this.sent(host));
      this.noteMean(prefix, "To" + kind, some, (host) => this.received(host));
    }
  }

  private noteMean(prefix: string, suffix: string, hosts: number[], of: (host: number) => Sums): void {
    let datagrams = 0;
    let bytes = 0;
    for (const host of hosts) {
      const sums = of(host);
      datagrams += sums.datagrams;
      bytes += sums.bytes;
    }
    this.run.add(prefix + "Datagrams" + suffix, "1/node", datagrams / hosts.length);
    this.run.add(prefix + "Bytes" + suffix, "B/node", bytes / hosts.length);
  }

  private sent(host: number): Sums {
    const { sent, sentBytes } = this.run.world.hosts[host].counts;
    const before = this.before[host];
    return { datagrams: sent - before.sent, bytes: sentBytes - before.sentBytes };
  }

  private received(host: number): Sums {
    const { received, receivedBytes } = this.run.world.hosts[host].counts;
    const before = this.before[host];
    return { datagrams: received - before.received, bytes: receivedBytes - before.receivedBytes };
  }
}
