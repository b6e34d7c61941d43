// The same through the sockets of the operating system: how long a SwimNode is busy with a datagram, reading and answering it
// included.
import { once } from "node:events";
import { createSocket, type Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { bincode, makeHeader, MessageKind, Metric, renewableAddr, type Renewable } from "../../core/index.js";
import { SwimNode } from "../../platform/node/index.js";
import { Seal } from "../../platform/node/seal.js";
import { SEAL_HEADROOM, SEAL_OVERHEAD } from "../../platform/shared/seal.js";
import type { Sending } from "./sender.js";

const KEY = { id: 0, secret: "000102030405060708090a0b0c0d0e0f" };
/** Less than a socket has room for. */
const IN_FLIGHT = 64;
const BUMP = 1;
/** How long the last datagrams are waited for at most: a second. */
const MOST_WAITS = 100;
const WAIT_MS = 10;

/** What is sent, and whether the node has keys. */
interface Traffic {
  readonly name: string;
  readonly isSealed: boolean;
  readonly isAnswered: boolean;
  /** Makes so many records of one length out of a Ping. */
  make(ping: Uint8Array, count: number): { records: Uint8Array; bytes: number };
}

function repeat(bytes: Uint8Array, count: number): { records: Uint8Array; bytes: number } {
  const records = new Uint8Array(bytes.length * count);
  for (let i = 0; i < count; i++) records.set(bytes, i * bytes.length);
  return { records, bytes: bytes.length };
}

function sealed(ping: Uint8Array, count: number): { records: Uint8Array; bytes: number } {
  const bytes = ping.length + SEAL_OVERHEAD;
  const records = new Uint8Array(bytes * count);
  const seal = new Seal({ keys: [KEY] });
  for (let i = 0; i < count; i++) {
    const start = i * bytes + SEAL_HEADROOM;
    records.set(ping, start);
    seal.seal(records, start, start + ping.length);
  }
  return { records, bytes };
}

function forged(ping: Uint8Array, count: number): { records: Uint8Array; bytes: number } {
  const made = sealed(ping, count);
  for (let end = made.bytes; end <= made.records.length; end += made.bytes) made.records[end - 1] ^= 1;
  return made;
}

const TRAFFICS: readonly Traffic[] = [
  { name: "plain Ping, answered", isSealed: false, isAnswered: true, make: repeat },
  { name: "sealed Ping, answered", isSealed: true, isAnswered: true, make: sealed },
  { name: "refused: forged", isSealed: true, isAnswered: false, make: forged },
  {
    name: "refused: replayed",
    isSealed: true,
    isAnswered: false,
    make: (ping, count) => repeat(sealed(ping, 1).records, count),
  },
  { name: "refused: plain", isSealed: true, isAnswered: false, make: repeat },
];

/** Counts what came in. */
class Counting extends SwimNode {
  numReceived = 0;
  counter: Int32Array | undefined = undefined;
  protected override receive(bytes: Uint8Array, start: number, end: number): undefined {
    super.receive(bytes, start, end);
    this.numReceived++;
    if (this.counter !== undefined) Atomics.store(this.counter, 0, this.numReceived);
  }
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

/** A Ping from one address to another. */
function pingOf(from: string, to: string): Uint8Array {
  const header = makeHeader<Renewable>({ schema: renewableAddr.schema, dialect: bincode.dialect });
  const [source, destination] = [from, to].map((addr) => {
    const bytes = new Uint8Array(64);
    return bytes.slice(0, renewableAddr.schema.write(bincode.dialect, { addr, bump: BUMP }, bytes, 0));
  });
  header.source.set(source, 0, source.length);
  header.destination.set(destination, 0, destination.length);
  header.kind = MessageKind.Ping;
  header.probeNumber = 1;
  const bytes = new Uint8Array(200);
  return bytes.slice(0, bincode.writeHeader(header, bytes, 0));
}

/** Microseconds that the node's thread is busy with a datagram. */
async function busyUs(traffic: Traffic, count: number): Promise<number> {
  const [peer, taken] = [await boundSocket(), await boundSocket()];
  const { port } = taken.address();
  taken.close();
  await once(taken, "close");
  const [from, to] = [peer, { address: () => ({ port }) }].map((one) => "127.0.0.1:" + one.address().port);
  const node = new Counting({
    port,
    address: "127.0.0.1",
    bump: BUMP,
    ...(traffic.isSealed ? { keys: [KEY] } : {}),
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const received = new SharedArrayBuffer(4);
  node.counter = new Int32Array(received);
  const workerData: Sending = {
    port,
    ...traffic.make(pingOf(from, to), count),
    inFlight: IN_FLIGHT,
    received,
  };
  const worker = new Worker(new URL("sender.js", import.meta.url), { workerData });
  await once(worker, "online");
  const before = performance.eventLoopUtilization();
  await once(worker, "exit");
  // The last ones may still wait in the socket.
  for (let waits = 0; waits < MOST_WAITS && node.numReceived < count; waits++)
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const { active } = performance.eventLoopUtilization(before);
  const { numReceived, swim } = node;
  const answered = swim.metrics[Metric.SentPing + MessageKind.Ack];
  if (traffic.isAnswered !== answered > count * 0.99) throw new Error(`${traffic.name}: ${answered} Acks`);
  node.close();
  peer.close();
  if (numReceived < count * 0.99) throw new Error(`${traffic.name}: ${numReceived} of ${count} came in`);
  return (active * 1000) / numReceived;
}

/** Microseconds of each round, by traffic, in turns. */
export async function overSockets(rounds: number, count: number): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const traffic of TRAFFICS) {
      const us = await busyUs(traffic, count);
      all.set(traffic.name, [...(all.get(traffic.name) ?? []), us]);
    }
  }
  return all;
}
