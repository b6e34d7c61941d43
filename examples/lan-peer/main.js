// A live table of every sensor's reading on the LAN.
//
//   node examples/lan-peer/main.js [--port 7946] [--advertise 192.168.1.5] [SEED…]
import { parseArgs } from "node:util";
import { lan, SwimNode } from "xswim/node";

const { values, positionals } = parseArgs({
  options: { port: { type: "string", default: "7946" }, advertise: { type: "string" } },
  allowPositionals: true,
});

/** What is known of each member, by its address. */
const rows = new Map();
const row = (address) => {
  if (!rows.has(address)) rows.set(address, { state: "up", reading: "", heardMs: undefined });
  return rows.get(address);
};

const node = new SwimNode({
  port: Number(values.port),
  ...(values.advertise === undefined ? {} : { advertise: values.advertise }),
  seeds: positionals,
  config: lan(16),
  onReady: () => log(`listening as ${node.identity.addr}`),
  onMemberUp: ({ addr }) => {
    row(addr).state = "up";
    log(`up ${addr}`);
  },
  onMemberDown: ({ addr }) => {
    row(addr).state = "down";
    log(`down ${addr}`);
  },
  onMemberNap: ({ addr }, ms) => {
    row(addr).state = "asleep";
    log(`asleep ${addr} for ${Math.round(ms / 1000)} s`);
  },
  onMemberOverdue: ({ addr }) => {
    row(addr).state = "overdue";
    log(`overdue ${addr}`);
  },
  onBroadcast: (bytes, from) => {
    const reading = new TextDecoder().decode(bytes);
    Object.assign(row(from), { reading, heardMs: performance.now() });
    log(`reading of ${from}: ${reading}`);
  },
  onError: (error) => log(String(error)),
});

/** A line when the output goes to a file or a pipe; a terminal shows the table. */
function log(line) {
  if (process.stdout.isTTY) draw();
  else console.log(line);
}

function draw() {
  const lines = [`${node.identity.addr} knows ${node.swim.numMembers} members; Ctrl-C leaves`, ""];
  lines.push(`${"member".padEnd(24)}${"state".padEnd(8)}${"age".padStart(6)}  reading`);
  for (const [address, { state, reading, heardMs }] of [...rows].sort()) {
    const age = heardMs === undefined ? "" : `${Math.round((performance.now() - heardMs) / 1000)} s`;
    lines.push(`${address.padEnd(24)}${state.padEnd(8)}${age.padStart(6)}  ${reading}`);
  }
  process.stdout.write("\x1b[H\x1b[2J" + lines.join("\n") + "\n");
}

const drawing = process.stdout.isTTY ? setInterval(draw, 1000) : undefined;

function leave() {
  clearInterval(drawing);
  node.leave();
  node.close();
}
process.once("SIGINT", leave);
process.once("SIGTERM", leave);
