import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { bincode, parseEndpoint, postcard, type Config } from "xswim";
import type { ClusterKey, DiscoverOptions } from "xswim/node";
import { freePorts } from "../demo/free-ports.js";
import { Guest, type GuestOptions } from "./guest.js";
import { Search } from "./search.js";
import { findingsOf, type Finding, type SeenMember, type Sight } from "./findings.js";

const CODECS = { bincode, postcard };
export type CodecName = keyof typeof CODECS;

/** The part of the time after which other guests try what the first one may lack. */
const OTHERS_PART = 0.25;
/** The part of the time that is left for asking each member for an answer. */
const SWEEP_PART = 0.4;
/** How often a member is asked. */
const ATTEMPTS = 3;
/** The most members that are asked. */
const MOST_ASKED = 1024;
/** How long an error about a port without a listener may take to come. */
const REFUSAL_MS = 300;

/** What to look at, and how. Addresses are texts such as `127.0.0.1:8080`. */
export interface ExaminationOptions {
  readonly target: string;
  readonly seconds: number;
  readonly codec: CodecName;
  readonly config: Config;
  readonly keys: readonly ClusterKey[] | undefined;
  readonly keyFile: string | undefined;
  /** The local address to bind; that from which the target is reached when left out. */
  readonly bind: string | undefined;
  readonly identity: string | undefined;
  /** How to look for members nearby, too; undefined when nobody should. */
  readonly discover: DiscoverOptions | undefined;
  /** The name of the cluster to be found nearby. */
  readonly cluster: string | undefined;
}

/** What an examination found. */
export interface Report extends Sight {
  readonly findings: readonly Finding[];
}

/** Joins as a guest, looks around, and leaves. @throws Error when it cannot open a socket */
export async function examine(options: ExaminationOptions): Promise<Report> {
  const address = await localAddress(options);
  const first = await join(options, address);
  let others = new Others();
  const search = await startSearch(options, address);
  try {
    const totalMs = options.seconds * 1000;
    const startMs = performance.now();
    const until = (part: number): Promise<void> =>
      sleep(Math.max(0, startMs + part * totalMs - performance.now()));
    let connectedMs = Infinity;
    const noting = setInterval(() => {
      if (first.isAnswered) connectedMs = Math.min(connectedMs, performance.now());
    }, 50);
    await until(OTHERS_PART);
    if (!first.isAnswered) others = await Others.join(options, address);
    await until(1 - SWEEP_PART);
    const connectedSeconds = (performance.now() - connectedMs) / 1000;
    const pings = totalPings(first);
    await sweep(first, SWEEP_PART * totalMs);
    clearInterval(noting);
    const before = { connectedSeconds: Math.max(0, connectedSeconds), pings };
    const seen = sightOf(options, first, others, before);
    const sight = search === undefined ? seen : withSearch(seen, search);
    return { ...sight, findings: findingsOf(sight) };
  } finally {
    await Promise.all([first.close(), others.close(), search?.close()]);
  }
}

/** Guests that try what the first one may lack, when nobody answers it. */
class Others {
  readonly otherCodec: Guest | undefined;
  readonly codec: CodecName | null;
  readonly plain: Guest | undefined;
  readonly isRefused: boolean;

  constructor(codec: CodecName | null = null, otherCodec?: Guest, plain?: Guest, isRefused = false) {
    this.codec = codec;
    this.otherCodec = otherCodec;
    this.plain = plain;
    this.isRefused = isRefused;
  }

  static async join(options: ExaminationOptions, address: string): Promise<Others> {
    const codec = options.codec === "bincode" ? "postcard" : "bincode";
    const own = { ...options, bind: undefined, identity: undefined };
    const otherCodec = await join({ ...own, codec }, address);
    const plain = options.keys === undefined ? undefined : await join({ ...own, keys: undefined }, address);
    return new Others(codec, otherCodec, plain, await isRefused(options.target));
  }

  async close(): Promise<void> {
    await Promise.all([this.otherCodec?.close(), this.plain?.close()]);
  }
}

async function startSearch(options: ExaminationOptions, address: string): Promise<Search | undefined> {
  const { discover, cluster, codec, config, keys } = options;
  if (discover === undefined) return undefined;
  const bind = bracketed(address) + ":" + (await freePorts(1, address))[0];
  return new Search({ bind, codec: CODECS[codec], config, keys, cluster, discover });
}

/** Adds what was found, and leaves out the one who searched. */
function withSearch(sight: Sight, { address, found }: Search): Sight {
  return {
    ...sight,
    members: sight.members.filter(({ addr }) => addr !== address),
    discovered: found,
  };
}

async function join(options: ExaminationOptions, address: string): Promise<Guest> {
  const bind = options.bind ?? bracketed(address) + ":" + (await freePorts(1, address))[0];
  const guestOptions: GuestOptions = {
    target: options.target,
    bind,
    identity: options.identity ?? bind,
    codec: CODECS[options.codec],
    config: options.config,
    keys: options.keys,
  };
  const guest = new Guest(guestOptions);
  await guest.open();
  return guest;
}

/** Asks each member for an answer, some times, within so many milliseconds. */
async function sweep(guest: Guest, ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const members = guest.swim.members().slice(0, MOST_ASKED);
    const silent = members.filter(({ identity }) => guest.accounts.get(identity.addr)?.rttMs === undefined);
    const shareMs = (endMs - performance.now()) / (ATTEMPTS - attempt);
    for (const { identity } of silent) {
      guest.ask(identity);
      await sleep((shareMs * 0.5) / silent.length);
    }
    await sleep(silent.length === 0 ? shareMs : shareMs * 0.5);
  }
}

function totalPings(guest: Guest): number {
  return [...guest.accounts.values()].reduce((sum, { pings }) => sum + pings, 0);
}

function sightOf(
  options: ExaminationOptions,
  guest: Guest,
  others: Others,
  before: { connectedSeconds: number; pings: number },
): Sight {
  const { swim, counts, accounts } = guest;
  const members = swim.members().map(({ identity, state }): SeenMember => {
    const account = accounts.get(identity.addr);
    return {
      addr: identity.addr,
      bump: identity.bump,
      state: state === "Suspect" ? "Suspect" : "Alive",
      rttMs: account?.rttMs ?? null,
      datagrams: account?.datagrams ?? 0,
      pings: account?.pings ?? 0,
      otherSource: account?.otherSource ?? null,
    };
  });
  return {
    target: options.target,
    guest: swim.identity.addr,
    seconds: options.seconds,
    codec: options.codec,
    keyFile: options.keyFile ?? null,
    isAnswered: guest.isAnswered,
    isRefused: others.isRefused,
    answeredIn: others.otherCodec?.isAnswered === true ? others.codec : null,
    isPlain: others.plain?.isAnswered === true,
    sealed: counts.sealed + (others.plain?.counts.sealed ?? 0),
    underOtherKeys: guest.underOtherKeys,
    members: members.sort((a, b) => a.addr.localeCompare(b.addr, "en", { numeric: true })),
    pings: before.pings,
    suspicions: swim.incarnation + counts.rejoins,
    connectedSeconds: before.connectedSeconds,
    largestBytes: counts.largestBytes,
    maxPacketSize: options.config.maxPacketSize,
    nowSeconds: Math.floor(Date.now() / 1000),
  };
}

/** The address of this machine from which the target is reached. */
async function localAddress({ bind, target }: ExaminationOptions): Promise<string> {
  if (bind !== undefined) return parseEndpoint(bind).address;
  const { address, port } = parseEndpoint(target);
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  try {
    // This sends nothing.
    socket.connect(port, address);
    await once(socket, "connect");
    return socket.address().address;
  } finally {
    socket.close();
  }
}

/** Whether the machine at an address says that nobody listens at the port, as it does unless a firewall is in between. */
async function isRefused(target: string): Promise<boolean> {
  const { address, port } = parseEndpoint(target);
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  let isRefused = false;
  socket.on("error", () => (isRefused = true));
  socket.connect(port, address);
  try {
    await once(socket, "connect");
    // Its error, when there is one, comes with the second datagram at the latest.
    socket.send(new Uint8Array(0), (error) => (isRefused ||= error !== null));
    await sleep(REFUSAL_MS / 2);
    socket.send(new Uint8Array(0), (error) => (isRefused ||= error !== null));
    await sleep(REFUSAL_MS / 2);
  } finally {
    socket.close();
  }
  return isRefused;
}

function bracketed(address: string): string {
  return isIPv6(address) ? "[" + address + "]" : address;
}
