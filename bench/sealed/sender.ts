// A thread that sends records to a port of 127.0.0.1, each once, and never more ahead of their receiver than it may.
import { createSocket } from "node:dgram";
import { workerData } from "node:worker_threads";

/** What the thread is given. */
export interface Sending {
  readonly port: number;
  readonly records: Uint8Array;
  /** Of each record. */
  readonly bytes: number;
  /** How many may be sent and not yet received. */
  readonly inFlight: number;
  /** How many were received, as an `Int32Array`. */
  readonly received: SharedArrayBuffer;
}

const { port, records, bytes, inFlight, received } = workerData as Sending;
const counter = new Int32Array(received);
const count = records.length / bytes;
const socket = createSocket("udp4");
let sent = 0;

function turn(): void {
  const limit = Math.min(count, Atomics.load(counter, 0) + inFlight);
  for (; sent < limit; sent++) socket.send(records.subarray(sent * bytes, (sent + 1) * bytes));
  if (sent < count) setImmediate(turn);
  else setImmediate(() => socket.close());
}

socket.bind(0, "127.0.0.1", () => socket.connect(port, "127.0.0.1", turn));
