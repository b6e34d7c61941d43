import { createRequire } from "node:module";
import { addressOf } from "../datagrams.js";

/** A member as npm's swim puts it into messages. */
export interface Update {
  meta?: undefined;
  host: string;
  state: number;
  incarnation: number;
  attempts?: number;
}

interface NpmSwimMember {
  data(): Update;
}

/** The parts of npm's swim that a benchmark touches. */
interface NpmSwim {
  net: {
    udpSocket: { close(): void; send(buffer: Buffer, offset: number, length: number): void };
    onNetMessage(buffer: Buffer, from: { address: string; port: number }): void;
    on(event: string, listener: (...values: never[]) => void): void;
  };
  failureDetector: {
    seq: number;
    ping(): void;
    pingListener(): void;
    pingReqListener(): void;
    ackListener(): void;
  };
  membership: {
    hostToMember: Record<string, NpmSwimMember>;
    hostToIterable: Record<string, NpmSwimMember>;
    start(): void;
    size(hasLocal: boolean): number;
    updateAlive(update: Update): void;
  };
  disseminator: {
    disseminationLimit: number;
    hostToAttempts: Record<string, number>;
    start(): void;
    addUpdate(update: Update): void;
    removeUpdate(update: Update): void;
  };
}

const require = createRequire(import.meta.url);

/**
 * npm's swim loads two native modules that it needs for its other codec and for its checksum. Neither is
 * measured, nor built, so they are empty here.
 */
function load(): new (options: object) => NpmSwim {
  const fromSwim = createRequire(require.resolve("swim"));
  for (const name of ["farmhash", "msgpack"]) {
    const path = fromSwim.resolve(name);
    require.cache[path] = { id: path, filename: path, loaded: true, exports: {} } as unknown as NodeJS.Module;
  }
  return require("swim") as new (options: object) => NpmSwim;
}

const Constructor = load();

export const KIND = Object.freeze({ Compound: 0, Ping: 10, Ack: 13, Update: 14 });

/** As long as those of the other peers; 512 is its default. */
const MAX_DATAGRAM_SIZE = 1400;

/** A message as it stands in a datagram: its kind, and JSON. */
export function message(kind: number, value: object): Buffer {
  return Buffer.concat([Buffer.from([kind]), Buffer.from(JSON.stringify(value))]);
}

/** Several messages in one datagram. */
export function compound(messages: readonly Buffer[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from([KIND.Compound, messages.length & 255, messages.length >> 8])];
  for (const part of messages) parts.push(Buffer.from([part.length & 255, part.length >> 8]), part);
  return Buffer.concat(parts);
}

export function updateOf(index: number): Update {
  return { host: addressOf(index), state: 0, incarnation: 1 };
}

/** npm's swim with its JSON codec, without a socket, that knows a number of members. */
export class NpmSwimNode {
  readonly swim: NpmSwim;
  readonly members: number;
  sentTo = "";
  sentBytes = 0;
  /** The length of the latest datagram. */
  sentLength = 0;

  constructor(members: number, known: number) {
    this.members = members;
    const swim = new Constructor({
      local: { host: addressOf(0) },
      codec: "json",
      udp: { maxDgramSize: MAX_DATAGRAM_SIZE },
    });
    this.swim = swim;
    swim.net.udpSocket.close();
    swim.net.udpSocket = this;
    const { net, failureDetector, membership, disseminator } = swim;
    net.on("ping", failureDetector.pingListener);
    net.on("pingreq", failureDetector.pingReqListener);
    net.on("ack", failureDetector.ackListener);
    membership.start();
    for (let index = 1; index <= known; index++) membership.updateAlive(updateOf(index));
    disseminator.start();
    if (membership.size(false) !== known) throw new Error("members missing");
  }

  /** In the place of the socket's. */
  send(_buffer: Buffer, _offset: number, length: number, _port?: string, address?: string): void {
    this.sentTo = address ?? "";
    this.sentBytes += length;
    this.sentLength = length;
  }

  close(): void {}

  receive(datagram: Buffer, from: { address: string; port: number }): void {
    this.swim.net.onNetMessage(datagram, from);
  }

  /** Queues an update about every member. */
  fillQueue(): void {
    const { membership, disseminator } = this.swim;
    for (const host of Object.keys(membership.hostToMember)) {
      const update = { ...membership.hostToMember[host].data(), attempts: 0 };
      disseminator.removeUpdate(update);
      disseminator.addUpdate(update);
    }
    if (this.backlog !== this.members) throw new Error("the queue is not full");
  }

  /** Updates queued. */
  get backlog(): number {
    return Object.keys(this.swim.disseminator.hostToAttempts).length;
  }
}
