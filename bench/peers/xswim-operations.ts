import { MessageKind, type Member, type Renewable } from "../../core/index.js";
import { datagram, datagrams, GOSSIP_SIZE, newcomersOf, SENDERS } from "../datagrams.js";
import { percentile, type Operation } from "../measure.js";
import { expect, membersOf, XswimNode } from "./xswim-node.js";

const QUICK_BATCH = 64;
const MOST_TRANSMISSIONS = 255;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Rounds of probes of which each place is a median. */
const ROUNDS = 9;

/** A Ping without updates, answered by an Ack without updates. */
class HandlePing implements Operation {
  readonly name = "handlePing";
  readonly batchSize = QUICK_BATCH;
  private readonly node: XswimNode;
  private readonly pings: Uint8Array[];
  constructor(members: number) {
    this.node = new XswimNode(members, members);
    this.pings = datagrams("pings", members);
  }
  run(index: number): void {
    this.node.receive(this.pings[index % SENDERS]);
  }
}

/** A Ping without updates, answered by an Ack full of them, while an update about every member waits. */
class HandlePingFullQueue implements Operation {
  readonly name = "handlePingFullQueue";
  readonly batchSize: number;
  private readonly node: XswimNode;
  private readonly pings: Uint8Array[];
  private left = 0;
  private wasRun = false;
  constructor(members: number) {
    this.node = new XswimNode(members, members, { maxTransmissions: MOST_TRANSMISSIONS });
    this.pings = datagrams("pings", members);
    this.batchSize = members > 1000 ? 4 : QUICK_BATCH;
  }
  prepare(): void {
    if (this.left < this.batchSize) {
      this.node.fillQueue();
      this.left = pingsUntilOneUpdateIsSpent(this.node.members);
    }
    expect(this.node.swim.updatesBacklog, this.node.members, "the queue stays full");
    if (this.wasRun && this.node.sink.sentLength < fullLength(this.node.members))
      throw new Error("a lean Ack");
    this.left -= this.batchSize;
    this.wasRun = true;
  }
  run(index: number): void {
    this.node.receive(this.pings[index % SENDERS]);
  }
}

/** The least-sent go first, so all are spent at about the same time. */
function pingsUntilOneUpdateIsSpent(members: number): number {
  const mostUpdatesInADatagram = Math.floor(1400 / 15);
  const rounds = MOST_TRANSMISSIONS - 2;
  return Math.max(rounds, Math.floor((rounds * members) / mostUpdatesInADatagram));
}

/** The least length of an Ack with all updates that fit: an update takes 15 to 17 bytes. */
function fullLength(members: number): number {
  return Math.min(1380, 15 * members);
}

/** A probe's start (a Ping goes out), the Ack that comes in, the middle of the cycle (nothing to do). */
class ProbeCycle implements Operation {
  readonly name = "probeCycle";
  readonly batchSize = QUICK_BATCH;
  private readonly node: XswimNode;
  private readonly acks: Uint8Array[];
  private readonly numberAt: number;
  private number = 0;
  constructor(members: number) {
    this.node = new XswimNode(members, members);
    this.acks = Array.from({ length: members + 1 }, (_, from) => datagram(from, MessageKind.Ack, 0, []));
    this.numberAt = this.acks[0].length - 3; // then two bytes of count
  }
  run(): void {
    const node = this.node;
    this.number = (this.number + 1) & 255;
    node.wake();
    const ack = this.acks[node.sink.sentTo];
    ack[this.numberAt] = this.number;
    node.receive(ack);
    const sentBytes = node.sink.sentBytes;
    node.wake();
    if (node.sink.sentBytes !== sentBytes) throw new Error("the Ack did not count");
  }

  /** The slowest place in a round through all members, in nanoseconds. */
  worstNs(): number {
    let worst = 0;
    const places = Array.from({ length: this.node.members }, () => [] as number[]);
    for (let round = 0; round < ROUNDS; round++) {
      for (const place of places) {
        const start = performance.now();
        this.run();
        place.push((performance.now() - start) * 1e6);
      }
    }
    for (const place of places) worst = Math.max(worst, percentile(place, 50));
    return worst;
  }
}

/** A Gossip that tells nothing new of 20 members. */
class Gossip20Known implements Operation {
  readonly name = "gossip20Known";
  readonly batchSize = QUICK_BATCH;
  private readonly node: XswimNode;
  private readonly gossips: Uint8Array[];
  constructor(members: number) {
    this.node = new XswimNode(members, members);
    this.gossips = datagrams("gossipKnown", members);
  }
  run(index: number): void {
    this.node.receive(this.gossips[index % SENDERS]);
  }
}

/** A Gossip of 20 members that are new, with nothing queued before. They are forgotten again, untimed. */
class Gossip20New implements Operation {
  readonly name = "gossip20New";
  readonly batchSize = 1;
  private readonly node: XswimNode;
  private readonly gossips: Uint8Array[];
  private readonly dead: Member<Renewable>[];
  private nth = 0;
  constructor(members: number) {
    const changes = { maxTransmissions: 1, removeDownAfterMs: 1, probePeriodMs: 24 * DAY_MS };
    this.node = new XswimNode(members, members, changes);
    this.gossips = datagrams("gossipNew", members);
    this.dead = newcomersOf(members).flatMap((index) => membersOf(index, 1, 0, "Down"));
  }
  prepare(): void {
    const { swim, sink, members } = this.node;
    if (this.nth > 0) {
      expect(swim.updatesBacklog, GOSSIP_SIZE, "newcomers queued");
      swim.applyMany(this.dead, false);
      sink.nowMs += 1;
      swim.handleTimer();
    }
    while (swim.updatesBacklog > 0) swim.gossip();
    expect(swim.membershipState().length, members, "newcomers forgotten");
  }
  run(): void {
    this.nth++;
    this.node.receive(this.gossips[this.nth % SENDERS]);
  }
}

/** An Announce, answered by a Feed of as many members as fit. */
class Feed implements Operation {
  readonly name = "feed";
  readonly batchSize = QUICK_BATCH;
  private readonly node: XswimNode;
  private readonly announces: Uint8Array[];
  constructor(members: number) {
    this.node = new XswimNode(members, members);
    this.announces = datagrams("announces", members);
  }
  run(index: number): void {
    this.node.receive(this.announces[index % SENDERS]);
  }
}

/** All members told to a node that knows nobody, as after a restart. */
class ApplyMany implements Operation {
  readonly name = "applyMany";
  readonly batchSize = 1;
  private node: XswimNode;
  private readonly all: Member<Renewable>[];
  constructor(members: number) {
    this.node = new XswimNode(members, 0);
    this.all = membersOf(1, members, 0, "Alive");
  }
  prepare(): void {
    this.node = new XswimNode(this.node.members, 0);
  }
  run(): void {
    this.node.swim.applyMany(this.all, false);
  }
}

/** Every operation, each with a node of its own that is built when it is asked for. */
export const OPERATIONS: readonly ((members: number) => Operation)[] = [
  (members) => new HandlePing(members),
  (members) => new HandlePingFullQueue(members),
  (members) => new ProbeCycle(members),
  (members) => new Gossip20Known(members),
  (members) => new Gossip20New(members),
  (members) => new Feed(members),
  (members) => new ApplyMany(members),
];

/** The slowest place of a round, for the operation that has rounds. */
export function worstNsOf(operation: Operation): number | undefined {
  return operation instanceof ProbeCycle ? operation.worstNs() : undefined;
}
