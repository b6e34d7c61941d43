import type { Samples } from "../sim/samples.js";
import type { Crowd } from "./crowd.js";

/** What the hosts of a crowd sent since it was made. */
export class Traffic {
  private readonly crowd: Crowd;
  private readonly startMs: number;
  private readonly sent: readonly number[];
  private readonly sentBytes: readonly number[];

  constructor(crowd: Crowd) {
    this.crowd = crowd;
    this.startMs = crowd.nowMs;
    this.sent = crowd.members.map(({ sent }) => sent);
    this.sentBytes = crowd.members.map(({ sentBytes }) => sentBytes);
    for (const member of crowd.members) member.longestSent = 0;
  }

  /** Notes what each host that runs sent in a second, and the longest datagram of all. */
  noteRates(samples: Samples, name: string): void {
    const { crowd, sent, sentBytes } = this;
    const seconds = (crowd.nowMs - this.startMs) / 1000;
    for (const member of crowd.members) {
      if (member.swim === undefined) continue;
      samples.add(name + "Datagrams", "1/s", (member.sent - sent[member.index]) / seconds);
      samples.add(name + "Bytes", "B/s", (member.sentBytes - sentBytes[member.index]) / seconds);
    }
    this.noteMeans(samples, name + "Mean", seconds, "/s");
  }

  /** Notes what a host sent on average, all in all or by `divisor`. */
  noteMeans(samples: Samples, name: string, divisor = 1, unit = "/node"): void {
    const { members } = this.crowd;
    const running = members.filter(({ swim }) => swim !== undefined).length;
    let datagrams = 0;
    let bytes = 0;
    let longest = 0;
    let most = 0;
    for (const member of members) {
      datagrams += member.sent - this.sent[member.index];
      bytes += member.sentBytes - this.sentBytes[member.index];
      longest = Math.max(longest, member.longestSent);
      most = Math.max(most, member.sentBytes - this.sentBytes[member.index]);
    }
    samples.add(name + "Datagrams", "1" + unit, datagrams / running / divisor);
    samples.add(name + "Bytes", "B" + unit, bytes / running / divisor);
    samples.add(name + "MostBytes", "B" + unit, most / divisor);
    samples.add(name + "Longest", "B", longest);
  }
}
