// A thread that floods a port of 127.0.0.1 with forgeries of one sealed datagram, in the pace that it is told. It waits while
// `inFlight` of them have not been received, so that the operating system has room for the datagrams of others.
import { createSocket } from "node:dgram";
import { workerData } from "node:worker_threads";

/** Places in the shared counters. */
const SENT = 0;
const RECEIVED = 1;
const IS_OVER = 2;
/** Sent at most without looking up. */
const BURST = 32;
/** What was not received after so long is lost. */
const PATIENCE_MS = 1000;
/** No more than this is made up for when the machine was busy. */
const LATE_MS = 20;

const { port, datagram, perMs, inFlight, shared } = workerData;
const counts = new Int32Array(shared);
const socket = createSocket("udp4");
let dueMs = performance.now();
let movedMs = dueMs;
let before = 0;
let lost = 0;

function turn() {
  if (Atomics.load(counts, IS_OVER) === 1) return socket.close();
  const nowMs = performance.now();
  const received = Atomics.load(counts, RECEIVED);
  if (received !== before) movedMs = nowMs;
  else if (nowMs - movedMs > PATIENCE_MS) lost = counts[SENT] - received;
  before = received;
  dueMs = Math.max(dueMs, nowMs - LATE_MS);
  for (let i = 0; i < BURST && dueMs <= nowMs && counts[SENT] - received - lost < inFlight; i++) {
    const forged = Buffer.from(datagram);
    // The number of one that may come next, and a tag that is wrong.
    forged.writeUInt32BE(counts[SENT] + 1, 9);
    forged.writeUInt32BE(counts[SENT], forged.length - 4);
    socket.send(forged);
    Atomics.add(counts, SENT, 1);
    dueMs += 1 / perMs;
  }
  setImmediate(turn);
}

socket.bind(0, "127.0.0.1", () => socket.connect(port, "127.0.0.1", turn));
