// Asks one agent as often as it is told to, over connections that stay open. A worker thread, or a process of its own.
import { connect } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const { port, path, rate, connections, seconds } = workerData;
const REQUEST = Buffer.from("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
const counts = { answered: 0, turnedAway: 0, failed: 0 };
const waitsMs = [];
const idle = [];
let isOver = false;

/** One connection, on which one request at a time is under way. */
function open() {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  let startMs = 0;
  let left = -1;
  const ask = () => {
    startMs = performance.now();
    left = -1;
    socket.write(REQUEST);
  };
  socket.on("connect", () => idle.push(ask));
  socket.on("data", (bytes) => {
    if (left < 0) {
      const end = bytes.indexOf("\r\n\r\n");
      const head = bytes.toString("latin1", 0, end);
      if (head.includes(" 503 ")) counts.turnedAway++;
      else counts.answered++;
      left = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) + end + 4;
    }
    left -= bytes.length;
    if (left > 0) return;
    if (waitsMs.length < 1_000_000) waitsMs.push(performance.now() - startMs);
    idle.push(ask);
  });
  socket.on("error", () => counts.failed++);
  socket.on("close", () => {
    const at = idle.indexOf(ask);
    if (at >= 0) idle.splice(at, 1);
    if (!isOver) setTimeout(open, 10);
  });
}

for (let i = 0; i < connections; i++) open();
const beginMs = performance.now();
let asked = 0;
const timer = setInterval(() => {
  const due = ((performance.now() - beginMs) / 1000) * rate;
  // What cannot be asked in time is not made up for later.
  if (due - asked > rate / 10) asked = due - rate / 10;
  for (; asked < due && idle.length > 0; asked++) idle.shift()();
}, 1);
setTimeout(() => {
  clearInterval(timer);
  isOver = true;
  waitsMs.sort((a, b) => a - b);
  const at = (part) => waitsMs[Math.floor(waitsMs.length * part)] ?? NaN;
  parentPort.postMessage({ ...counts, seconds, medianMs: at(0.5), p99Ms: at(0.99) });
  process.exit(0);
}, seconds * 1000);
