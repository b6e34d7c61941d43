// What is counted, by name.
import { Metric, METRIC_COUNT, namedMetrics } from "../../core/metrics.js";
import { Status, statusName } from "../../core/status.js";
import { equal, unhex } from "../support/assert.js";
import { Solo } from "../support/solo.js";

type Name = keyof typeof Metric;

function counts(solo: Solo, ...names: Name[]): number[] {
  return names.map((name) => solo.swim.metrics[Metric[name]]);
}

export const scenarios: Record<string, () => void> = {
  "datagrams-are-counted-by-message-and-bytes"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Ping", "2.1", { n: 1, updates: ["Alive 3.1@0"] });
    solo.hear("Announce", "2.1");
    const named = namedMetrics(solo.swim.metrics);
    equal(named.received, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    equal(named.sent, [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    equal(named.bytesReceived, 19 + 2 + 10 + 18);
    // An Ack with an update, a Feed with a member.
    equal(named.bytesSent, 19 + 2 + 10 + (18 + 2 + 10));
    equal([named.updatesReceived, named.updatesSent], [1, 1]);
  },

  "every-status-is-counted"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Down 4.1@0"], config: { maxReceiveSize: 60 } });
    solo.hear("Gossip", "2.1");
    solo.hear("Gossip", "2.1", { to: "9.1" });
    solo.hear("Gossip", "4.1");
    solo.hearBytes(new Uint8Array(61));
    solo.hearBytes(new Uint8Array(0));
    solo.hear("Gossip", "1.7");
    solo.hearBytes(unhex("0a000002 fb581b 01 00 0a000001 fb581b 01 08 00"));
    solo.hear("Gossip", "2.1", { broadcasts: ["01"] });
    solo.hear("PingReq", "2.1", { n: 1, subject: "1.1" });
    equal(namedMetrics(solo.swim.metrics).status, [1, 1, 1, 1, 1, 1, 1, 1, 1]);
  },

  "a-refused-datagram-is-not-among-the-received"() {
    const solo = new Solo();
    solo.hear("Gossip", "2.1", { to: "9.1" });
    equal(namedMetrics(solo.swim.metrics).received, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    equal(counts(solo, "BytesReceived"), [20]);
  },

  "a-death-is-counted-step-by-step"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(6000);
    equal(counts(solo, "Probes", "ProbeFailures", "Suspicions", "Expirations"), [4, 3, 1, 1]);
  },

  "refutations-and-rejoins-are-counted"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 1.1@0", "Suspect 1.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    equal(counts(solo, "Refutations", "Rejoins"), [1, 1]);
  },

  "counters-have-names-for-people"() {
    const named = namedMetrics(new Uint32Array(METRIC_COUNT).fill(3));
    equal(
      Object.values(named)
        .flat()
        .every((count) => count === 3),
      true,
    );
    equal((named.sent as number[]).length, 11);
    equal((named.status as number[]).length, Object.keys(Status).length);
    equal(Object.keys(named).slice(-3), ["replacedBroadcasts", "refusedValues", "repairedValues"]);
    equal(METRIC_COUNT, 51);
    equal(Object.keys(Metric).length, Object.keys(named).length);
  },

  "every-status-has-its-name"() {
    for (const [name, status] of Object.entries(Status)) equal(statusName(status), name);
    equal(statusName(99 as Status), "Unknown");
  },

  "what-is-sent-and-received-can-be-watched"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const seen: unknown[] = [];
    const watched = solo as unknown as Record<string, (header: unknown) => void>;
    watched.dataReceived = (header) => seen.push(["in", header]);
    watched.dataSent = (header) => seen.push(["out", header]);
    solo.hear("PingReq", "2.1", { n: 4, subject: "3.1", incarnation: 2 });
    const [one, two] = [
      { addr: "10.0.0.1:7000", bump: 1 },
      { addr: "10.0.0.2:7000", bump: 1 },
    ];
    const three = { addr: "10.0.0.3:7000", bump: 1 };
    equal(seen, [
      [
        "in",
        {
          source: two,
          sourceIncarnation: 2,
          destination: one,
          message: { kind: "PingReq", probeNumber: 4, target: three },
        },
      ],
      [
        "out",
        {
          source: one,
          sourceIncarnation: 0,
          destination: three,
          message: { kind: "IndirectPing", probeNumber: 4, origin: two },
        },
      ],
    ]);
  },
};
