import { randomBytes } from "node:crypto";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  parseEndpoint,
  renewableAddr,
  Status,
  Swim,
  type Codec,
  type Config,
  type HeaderValue,
  type IdentityRef,
  type Renewable,
  type Runtime,
} from "xswim";
import type { ClusterKey } from "xswim/node";
import { Seal, SEAL_HEADROOM, SEAL_OVERHEAD, SEAL_TAILROOM, SealMetric } from "xswim/sealed";

/** How often the guest asks to be let in. */
const ANNOUNCE_PERIOD_MS = 1000;
/** How long it waits for its farewell to leave the machine. */
const FAREWELL_MS = 200;
/** What a sealed datagram begins with, in the upper four bits of its first byte. */
const SEALED = 0xe0;
/** The most members that it keeps an account of. */
const MOST_MEMBERS = 4096;

/** How a guest joins. Addresses are texts such as `127.0.0.1:8080`. */
export interface GuestOptions {
  readonly target: string;
  /** The local IP address and port to bind. */
  readonly bind: string;
  /** The address at which others reach the guest. */
  readonly identity: string;
  readonly codec: Codec;
  readonly config: Config;
  readonly keys: readonly ClusterKey[] | undefined;
}

/** What came from one member itself. */
export interface Account {
  /** Its datagrams of any kind, and its Pings among them. */
  datagrams: number;
  pings: number;
  /** Whether it answered us, and after how many milliseconds last; undefined when it did not. */
  rttMs: number | undefined;
  /** Whether it sent a Ping before we had sent it anything: what only who is reachable gets. */
  isUnsolicited: boolean;
  /** The endpoint that its datagrams came from, when that is not its address. */
  otherSource: string | undefined;
}

/** A member for a few seconds, which keeps an account of all that it is sent. */
export class Guest implements Runtime<Renewable> {
  readonly swim: Swim<Renewable>;
  readonly seal: Seal | undefined;
  /** By address. */
  readonly accounts = new Map<string, Account>();
  /** Datagrams by what became of them. */
  readonly counts = { understood: 0, refused: 0, sealed: 0, largestBytes: 0, rejoins: 0 };
  private readonly options: GuestOptions;
  private readonly socket: Socket;
  private readonly contacted = new Set<string>();
  /** When we asked a member for a Feed. */
  private readonly askedMs = new Map<string, number>();
  private from = "";
  private timer: NodeJS.Timeout | undefined;
  private calls: NodeJS.Timeout | undefined;

  /** @throws TypeError or RangeError for wrong options */
  constructor(options: GuestOptions) {
    this.options = options;
    const { identity, codec, keys } = options;
    if (keys !== undefined) this.seal = new Seal({ keys });
    const overhead = this.seal === undefined ? 0 : SEAL_OVERHEAD;
    this.swim = new Swim<Renewable>({
      identity: { addr: identity, bump: Math.floor(Date.now() / 1000) },
      identityType: renewableAddr,
      codec,
      config: { ...options.config, maxPacketSize: options.config.maxPacketSize - overhead },
      runtime: this,
      random: () => randomBytes(4).readUInt32LE(),
      broadcastHandler: { receiveItem: () => null },
      headroom: this.seal === undefined ? 0 : SEAL_HEADROOM,
      tailroom: this.seal === undefined ? 0 : SEAL_TAILROOM,
    });
    this.socket = createSocket(isIPv6(parseEndpoint(options.bind).address) ? "udp6" : "udp4");
  }

  /** Opens the socket and asks to be let in until somebody answers. @throws what the socket says */
  async open(): Promise<void> {
    const { address, port } = parseEndpoint(this.options.bind);
    this.socket.bind({ address, port, exclusive: true });
    await once(this.socket, "listening");
    this.socket.on("message", (bytes, info) => this.received(bytes, info));
    this.socket.on("error", () => undefined);
    this.calls = setInterval(() => this.call(), ANNOUNCE_PERIOD_MS);
    this.call();
  }

  /** Whether anybody of the cluster was understood. */
  get isAnswered(): boolean {
    return this.counts.understood > 0;
  }

  /** Asks a member for a list of members, which shows whether it reaches us and we reach it. */
  ask(identity: Renewable): void {
    this.askedMs.set(identity.addr, performance.now());
    this.swim.announce(identity);
  }

  /** Tells the cluster that the guest leaves, and closes. */
  async close(): Promise<void> {
    clearInterval(this.calls);
    this.swim.leaveCluster();
    await sleep(FAREWELL_MS);
    clearTimeout(this.timer);
    this.socket.close();
  }

  now(): number {
    return performance.now();
  }

  sendTo(to: IdentityRef<Renewable>, data: Uint8Array, start: number, end: number): void {
    const { addr } = to.value;
    const { address, port } = parseEndpoint(addr);
    if (port === 0) return;
    this.contacted.add(addr);
    const { seal } = this;
    seal?.seal(data, start, end);
    const bytes = seal === undefined ? data.slice(start, end) : data.slice(seal.start, seal.end);
    this.socket.send(bytes, port, address, () => undefined);
  }

  submitAfter(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.swim.handleTimer(), Math.min(ms, 0x7fffffff));
  }

  rejoin(): void {
    this.counts.rejoins++;
  }

  probeAnswered(identity: Renewable, rttMs: number): void {
    this.account(identity.addr).rttMs = rttMs;
  }

  dataReceived({ source, message }: HeaderValue<Renewable>): void {
    const account = this.account(source.addr);
    account.datagrams++;
    if (this.from !== source.addr) account.otherSource = this.from;
    if (message.kind === "Ping") {
      account.pings++;
      if (!this.contacted.has(source.addr)) account.isUnsolicited = true;
    }
    const askedMs = this.askedMs.get(source.addr);
    if (message.kind === "Feed" && askedMs !== undefined) account.rttMs ??= performance.now() - askedMs;
  }

  private call(): void {
    if (this.swim.isConnected || this.swim.isDefunct) return;
    const identity = { addr: this.options.target, bump: 0 };
    if (!this.swim.isSelf(identity)) this.ask(identity);
  }

  private received(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    const { counts, seal, swim } = this;
    this.from = (isIPv6(address) ? "[" + address + "]" : address) + ":" + port;
    counts.largestBytes = Math.max(counts.largestBytes, bytes.length);
    if (seal !== undefined && !seal.open(bytes, 0, bytes.length)) {
      counts.refused++;
      return;
    }
    const status = seal === undefined ? swim.handleData(bytes) : swim.handleData(bytes, seal.start, seal.end);
    if (status === Status.Decode || status === Status.MalformedPacket || status === Status.DataTooBig) {
      counts.refused++;
      if (seal === undefined && (bytes[0] & 0xf0) === SEALED) counts.sealed++;
    } else counts.understood++;
  }

  /** How many datagrams came that are sealed under another key. */
  get underOtherKeys(): number {
    const metrics = this.seal?.metrics;
    return metrics === undefined ? 0 : metrics[SealMetric.UnknownKey] + metrics[SealMetric.Forged];
  }

  private account(addr: string): Account {
    const known = this.accounts.get(addr);
    if (known !== undefined) return known;
    const account: Account = {
      datagrams: 0,
      pings: 0,
      rttMs: undefined,
      isUnsolicited: false,
      otherSource: undefined,
    };
    if (this.accounts.size < MOST_MEMBERS) this.accounts.set(addr, account);
    return account;
  }
}
