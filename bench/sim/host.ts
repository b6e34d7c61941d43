import { Status, statusName, Swim, type Config, type IdentityRef, type Runtime } from "../../core/index.js";
import { seededRandom } from "../../platform/fake/random.js";
import { SEAL_HEADROOM, SEAL_TAILROOM, type Seal } from "../../platform/shared/seal.js";
import { receiveSealed } from "../../platform/shared/sealed.js";
import type { Environment } from "./environment.js";
import { FocaNode, type FocaHost } from "./foca-node.js";
import { identityBytesOf } from "./inside.js";
import { Joining } from "./joining.js";
import type { Node } from "./node.js";
import { Kind } from "./queue.js";
import type { HostValues } from "./values.js";

/** Datagrams that wait for a frozen host, at most; as a real socket, it drops what comes beyond. */
const RECEIVE_QUEUE = 256;
/** Wake-ups of one host at one moment that are a storm. */
const STORM = 10_000;
/** What no node may say of what another sent. */
const UNREADABLE: ReadonlySet<Status> = new Set([Status.DataTooBig, Status.Decode, Status.MalformedPacket]);

/** A machine with a bare core on it, ours or foca's, that joins as every platform's node does. */
export class Host implements Runtime<unknown>, FocaHost {
  /** The number of its address: its place among the hosts of the world. */
  index: number;
  readonly config: Config;
  readonly isFoca: boolean;
  /** What runs on it; undefined while the machine is off. */
  node: Node | undefined = undefined;
  /** The same, where it is our core. */
  swim: Swim<unknown> | undefined = undefined;
  /** What seals its datagrams, where the nodes of the world have keys. */
  seal: Seal | undefined = undefined;
  /** What it keeps of what members published, where the nodes of the world have values. */
  values: HostValues | undefined = undefined;
  /** The latest life that it had: kept over restarts, as a stored counter. */
  life: number;
  starts = 0;
  hasLeft = false;
  /** The hosts that it was told of when it started. */
  contacts: readonly number[] = [];
  /** Whether it has another address than its program knows. */
  isMisplaced = false;
  frozenUntilMs = 0;
  asleepUntilMs = 0;
  /** Until when its timers run, but nothing goes out or in. */
  blockedUntilMs = 0;
  /** Since the machine was built: datagrams and bytes that went out and came in. */
  readonly counts = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0 };
  /** Datagrams that wait while it is frozen. */
  private readonly waiting: number[] = [];
  /** When the core is to be woken, and the soonest wake-up on the queue. */
  private coreMs = Infinity;
  private plannedMs = Infinity;
  readonly joining: Joining;
  /** How often in a row it was woken at one moment. */
  private wakesNow = 0;
  private lastWakeMs = -1;
  private readonly world: Environment;

  constructor(world: Environment, index: number, config: Config, isFoca: boolean, firstLife: number) {
    this.world = world;
    this.index = index;
    this.config = config;
    this.isFoca = isFoca;
    this.life = firstLife - 1;
    this.joining = new Joining(world, this);
  }

  /** Starts a core with an identity of the given life: the one after the latest, unless its clock or store is off. */
  start(seeds: readonly unknown[], random: number, life = this.life + 1): void {
    this.life = life;
    this.starts++;
    this.hasLeft = false;
    this.isMisplaced = false;
    this.coreMs = Infinity;
    const bits = seededRandom(random);
    const { naming, codec } = this.world;
    this.joining.start(seeds, bits, this.isFoca);
    const identity = naming.make(this.index, this.life);
    if (this.isFoca) {
      this.node = new FocaNode(this.world, this, identity, random);
      return;
    }
    this.seal = this.world.sealFor?.(this.index);
    const room = this.seal === undefined ? {} : { headroom: SEAL_HEADROOM, tailroom: SEAL_TAILROOM };
    this.values = this.world.valuesFor?.(this.index);
    const keeper = this.values === undefined ? {} : { keeper: this.values.keeper };
    this.swim = new Swim<unknown>({
      ...room,
      ...keeper,
      identity,
      identityType: naming.type,
      codec,
      config: this.config,
      runtime: this,
      random: bits,
    });
    this.node = this.swim;
    this.values?.setLife(this.life, false);
  }

  /** Publishes a record, or news which nobody keeps. foca's nodes keep nothing but versions. */
  publish(bytes: Uint8Array, isNews = false): void {
    if (this.node instanceof FocaNode) return this.node.publish(bytes);
    if (this.swim === undefined) throw new Error("publish: the host is off");
    if (this.values === undefined) throw new Error("publish: the hosts of this world have no values");
    this.values.publish(this.swim, bytes, isNews);
  }

  /** Ends the core without a word. */
  crash(): void {
    if (this.node instanceof FocaNode) this.node.crash();
    this.node = undefined;
    this.swim = undefined;
    this.values = undefined;
    this.coreMs = Infinity;
    this.joining.stop();
    this.frozenUntilMs = 0;
    this.asleepUntilMs = 0;
    this.blockedUntilMs = 0;
    for (const datagram of this.waiting.splice(0)) this.world.network.release(datagram);
  }

  leave(): void {
    this.hasLeft = true;
    this.joining.stop();
  }

  /** It has another address now, which its program does not know yet. */
  moveTo(index: number): void {
    this.index = index;
    this.isMisplaced = true;
    // The wake-up that is planned is that of the host which had this address.
    this.plannedMs = Infinity;
    this.arm();
  }

  /** Says that it sleeps, and sleeps. */
  nap(ms: number): void {
    this.swim?.nap(ms);
    this.asleepUntilMs = Infinity;
    this.joining.stop();
  }

  endNap(): void {
    this.asleepUntilMs = 0;
    this.swim?.wake();
    this.arm();
  }

  /** A datagram arrives. */
  deliver(datagram: number): void {
    const { network, nowMs } = this.world;
    const isDeaf = this.node === undefined || this.asleepUntilMs > nowMs;
    const mustWait = this.frozenUntilMs > nowMs || this.blockedUntilMs > nowMs || this.waiting.length > 0;
    if (isDeaf || (mustWait && this.waiting.length >= RECEIVE_QUEUE)) {
      network.counts.lost++;
      network.release(datagram);
      return;
    }
    network.counts.delivered++;
    if (mustWait) this.waiting.push(datagram);
    else this.handle(datagram);
  }

  /** A wake-up that was asked for. */
  wake(): void {
    const { nowMs } = this.world;
    // A wake-up in whose place a sooner one was set.
    if (nowMs !== this.plannedMs) return;
    this.plannedMs = Infinity;
    if (this.node === undefined) return;
    if (this.frozenUntilMs > nowMs) {
      this.plannedMs = this.frozenUntilMs;
      this.world.queue.push(this.plannedMs, Kind.Wake, this.index);
      return;
    }
    this.wakesNow = this.lastWakeMs === nowMs ? this.wakesNow + 1 : 0;
    this.lastWakeMs = nowMs;
    if (this.wakesNow > STORM) {
      this.world.storm("host " + this.index + " asks to be woken at once for ever");
      return;
    }
    this.fire();
    this.arm();
  }

  /** The end of a time in which it was frozen or blocked. */
  thaw(): void {
    const { nowMs, timersFirst } = this.world;
    if (this.frozenUntilMs > nowMs || this.blockedUntilMs > nowMs) return;
    if (timersFirst) this.fire();
    for (const datagram of this.waiting.splice(0)) this.handle(datagram);
  }

  /** Sets the wake-up. */
  arm(): void {
    const dueMs = Math.min(this.coreMs, this.joining.nextMs);
    if (dueMs >= this.plannedMs) return;
    this.plannedMs = dueMs;
    this.world.queue.push(dueMs, Kind.Wake, this.index);
  }

  /** For foca: when it is to be woken. */
  dueAt(ms: number): void {
    this.coreMs = ms;
    this.arm();
  }

  /** For foca: it speaks under that life and incarnation, of which it says nothing else. */
  spoke(life: number, incarnation: number): void {
    this.life = Math.max(this.life, life);
    this.world.books.spoke(this.index, life, incarnation);
  }

  /** It took its renewed identity. */
  renewed(life: number): void {
    this.life = life;
    if (!this.isMisplaced) this.world.books.renewed(this.index, life);
  }

  now(): number {
    return this.world.nowMs;
  }

  sendTo(to: IdentityRef<unknown>, data: Uint8Array, start: number, end: number): void {
    const { world, swim, index } = this;
    const { books, naming, codec } = world;
    const isPlaced = swim !== undefined && !this.isMisplaced;
    if (isPlaced && swim.incarnation !== books.truth.incarnationOf[index]) {
      this.life = naming.lifeOf(codec.dialect, identityBytesOf(swim), 0);
      books.spoke(index, this.life, swim.incarnation);
    }
    const { seal } = this;
    const receiver = naming.hostOf(to.bytes, to.at);
    if (seal !== undefined) {
      seal.seal(data, start, end);
      start = seal.start;
      end = seal.end;
    }
    this.send(receiver, start === 0 ? data : data.subarray(start), end - start);
  }

  /** Sends a datagram to a host, once nothing holds it back any more. */
  send(to: number, data: Uint8Array, length: number): void {
    const { network, nowMs } = this.world;
    this.counts.sent++;
    this.counts.sentBytes += length;
    network.send(Math.max(nowMs, this.blockedUntilMs), this.index, to, data, length);
  }

  submitAfter(ms: number): void {
    this.dueAt(this.world.nowMs + ms);
  }

  active(): void {
    this.joining.connectionChanged(true);
  }

  idle(): void {
    this.joining.connectionChanged(false);
    this.arm();
  }

  /** The program notices that its network is back. foca's programs have nothing to call. */
  networkChanged(): void {
    if (this.swim === undefined || this.hasLeft) return;
    this.swim.networkChanged();
    this.joining.hurry();
    this.arm();
  }

  /** One that did not leave was declared Down and cannot renew. */
  defunct(): void {
    const { books } = this.world;
    if (!this.hasLeft && books.truth.isLive[this.index] === 1) books.gone(this.index);
  }

  rejoin(identity: unknown): void {
    this.renewed(this.world.naming.lifeOfValue(identity));
    this.values?.setLife(this.life, true);
  }

  private handle(datagram: number): void {
    const { network } = this.world;
    const length = network.length(datagram);
    this.counts.received++;
    this.counts.receivedBytes += length;
    const status = this.receive(network.bytes(datagram), length);
    if (status !== undefined && UNREADABLE.has(status) && !network.everCorrupts)
      this.world.books.violate("refusal", `host ${this.index} says ${statusName(status)}`);
    network.release(datagram);
    this.arm();
  }

  private receive(bytes: Uint8Array, length: number): Status | undefined {
    const { seal, swim } = this;
    if (seal === undefined || swim === undefined) return this.node?.handleData(bytes, 0, length);
    return seal.open(bytes, 0, length) ? receiveSealed(swim, seal, bytes) : undefined;
  }

  /** Does what is due. */
  private fire(): void {
    const { nowMs } = this.world;
    if (nowMs >= this.coreMs) {
      this.coreMs = Infinity;
      this.node?.handleTimer();
    }
    this.joining.fire();
  }
}
