// How many requests an agent answers beside its probes. Usage: node bench/agent-load/main.mjs [--rate N] [--seconds N]
// [--streams N] [--path PATH] [--members N] [--connections N]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createSocket } from "node:dgram";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const number = { type: "string" };
const { values } = parseArgs({
  options: {
    rate: { ...number, default: "10000" },
    seconds: { ...number, default: "10" },
    streams: { ...number, default: "100" },
    members: { ...number, default: "5" },
    connections: { ...number, default: "64" },
    path: { ...number, default: "/api/members" },
  },
});
const [rate, seconds, streams, members, connections] = [
  "rate",
  "seconds",
  "streams",
  "members",
  "connections",
].map((name) => Number(values[name]));
const CLI = fileURLToPath(new URL("../../agent/bin/xswim.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "xload-"));

async function freePort() {
  const socket = createSocket("udp4");
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}

function start(port, ...flags) {
  const child = spawn(process.execPath, [CLI, "agent", "127.0.0.1:" + port, "--json", ...flags], {
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const agent = { child, lines: [] };
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    agent.lines.push(...lines.map((line) => JSON.parse(line)));
  });
  return agent;
}

function get(port, path) {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve(text));
    });
    asking.on("error", reject).end();
  });
}

/** A stream; counts the events with numbers. */
function stream(port) {
  const reader = { events: 0, hasEnded: false };
  request({ host: "127.0.0.1", port, path: "/api/events?since=0", agent: false }, (answer) => {
    answer.setEncoding("latin1").on("data", (text) => (reader.events += text.split("\nid: ").length - 1));
    answer.on("close", () => (reader.hasEnded = true));
  })
    .on("error", () => (reader.hasEnded = true))
    .end();
  return reader;
}

const agents = [];
try {
  const [port, http] = [await freePort(), await freePort()];
  agents.push(start(port, "--http", "127.0.0.1:" + http));
  await sleep(1000);
  for (let i = 1; i < members; i++) agents.push(start(await freePort(), "-a", "127.0.0.1:" + port));
  for (
    let i = 0;
    i < 100 &&
    JSON.parse(await get(http, "/api/info").catch(() => '{"numMembers":-1}')).numMembers < members - 1;
    i++
  )
    await sleep(200);
  const readers = Array.from({ length: streams }, () => stream(http));
  await sleep(2000);
  const before = JSON.parse(await get(http, "/api/info"));
  const cpuOf = async () => Number(/^process_cpu_seconds_total (\S+)/m.exec(await get(http, "/metrics"))[1]);
  const cpu = await cpuOf();
  const workerData = { port: http, path: values.path, rate, connections, seconds };
  const worker = new Worker(new URL("client.mjs", import.meta.url), { workerData });
  const result = await new Promise((resolve) => worker.once("message", resolve));
  const cpuSeconds = (await cpuOf()) - cpu;
  await sleep(500);
  const after = JSON.parse(await get(http, "/api/info"));
  const grown = (name) => after.counters[name] - before.counters[name];
  const suspected = agents.flatMap(({ lines }) =>
    lines.filter(({ event }) => event === "memberSuspect"),
  ).length;
  console.log({
    asked: rate,
    path: values.path,
    bytes: Buffer.byteLength(await get(http, values.path)),
    answeredPerSecond: Math.round(result.answered / seconds),
    turnedAwayPerSecond: Math.round(result.turnedAway / seconds),
    failed: result.failed,
    medianMs: Number(result.medianMs.toFixed(2)),
    p99Ms: Number(result.p99Ms.toFixed(2)),
    cpuShare: Number((cpuSeconds / seconds).toFixed(2)),
    streamsOpen: readers.filter(({ hasEnded }) => !hasEnded).length,
    streamsWithAllEvents: readers.filter(({ events }) => events === readers[0].events).length,
    probes: grown("probes"),
    probeFailures: grown("probeFailures"),
    stalls: grown("stalls"),
    suspected,
  });
} finally {
  for (const { child } of agents) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
}
process.exit(0);
