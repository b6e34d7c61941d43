import { addressOf, GOSSIP_SIZE, knownOf, newcomersOf, scattered, SENDERS } from "../datagrams.js";
import type { Operation } from "../measure.js";
import { compound, KIND, message, NpmSwimNode, updateOf } from "./npm-swim-node.js";

interface From {
  address: string;
  port: number;
}

function fromOf(index: number): From {
  const [address, port] = addressOf(index).split(":");
  return { address, port: Number(port) };
}

/** Hands datagrams from members in turn to a node. */
abstract class Handling implements Operation {
  abstract readonly name: string;
  readonly batchSize: number;
  protected readonly node: NpmSwimNode;
  private readonly datagrams: Buffer[];
  private readonly senders: From[];

  constructor(members: number, batchSize: number, build: (nth: number) => Buffer) {
    this.batchSize = batchSize;
    this.node = new NpmSwimNode(members, members);
    this.datagrams = Array.from({ length: SENDERS }, (_, nth) => build(nth));
    this.senders = Array.from({ length: SENDERS }, (_, nth) => fromOf(scattered(nth, members)));
  }
  run(index: number): void {
    this.node.receive(this.datagrams[index % SENDERS], this.senders[index % SENDERS]);
  }
}

function ping(nth: number): Buffer {
  return message(KIND.Ping, { seq: nth });
}

class HandlePing extends Handling {
  readonly name = "handlePing";
  constructor(members: number) {
    super(members, 64, ping);
  }
}

class HandlePingFullQueue extends Handling {
  readonly name = "handlePingFullQueue";
  private left = 0;
  constructor(members: number) {
    super(members, members > 1000 ? 1 : 8, ping);
  }
  prepare(): void {
    if (this.left < this.batchSize) {
      this.node.fillQueue();
      const rounds = this.node.swim.disseminator.disseminationLimit - 2;
      this.left = Math.max(rounds, Math.floor((rounds * this.node.members) / 25));
    }
    this.left -= this.batchSize;
    const { sentBytes, sentLength } = this.node;
    if (sentBytes > 0 && sentLength < Math.min(1300, 50 * this.node.members)) throw new Error("a lean Ack");
    if (this.node.backlog !== this.node.members) throw new Error("the queue is not full");
  }
}

/** A Ping goes out, its Ack comes in; nothing happens in the middle of the cycle then. */
class ProbeCycle implements Operation {
  readonly name = "probeCycle";
  readonly batchSize = 16;
  private readonly node: NpmSwimNode;
  constructor(members: number) {
    this.node = new NpmSwimNode(members, members);
  }
  run(): void {
    const { swim } = this.node;
    swim.failureDetector.ping();
    const from = { address: this.node.sentTo, port: 7946 };
    this.node.receive(message(KIND.Ack, { seq: swim.failureDetector.seq - 1 }), from);
  }
}

class Gossip20Known extends Handling {
  readonly name = "gossip20Known";
  constructor(members: number) {
    super(members, 64, (nth) =>
      compound(knownOf(nth, members).map((index) => message(KIND.Update, updateOf(index)))),
    );
  }
}

/** The newcomers are forgotten again, untimed. */
class Gossip20New extends Handling {
  readonly name = "gossip20New";
  private nth = 0;
  constructor(members: number) {
    super(members, 1, () =>
      compound(newcomersOf(members).map((index) => message(KIND.Update, updateOf(index)))),
    );
  }
  prepare(): void {
    const { membership, disseminator } = this.node.swim;
    if (this.nth > 0 && this.node.backlog !== GOSSIP_SIZE) throw new Error("newcomers were not queued");
    for (const index of newcomersOf(this.node.members)) {
      const update = updateOf(index);
      delete membership.hostToMember[update.host];
      delete membership.hostToIterable[update.host];
      disseminator.removeUpdate(update);
    }
  }
  override run(): void {
    super.run(this.nth++);
  }
}

/** Every operation that npm's swim has. Its answer to a join is as many datagrams as all members take: no Feed. */
export const OPERATIONS: readonly ((members: number) => Operation)[] = [
  (members) => new HandlePing(members),
  (members) => new HandlePingFullQueue(members),
  (members) => new ProbeCycle(members),
  (members) => new Gossip20Known(members),
  (members) => new Gossip20New(members),
];
