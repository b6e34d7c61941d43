// A live table of every sensor's reading on the LAN. Members keep what the sensors published last, so the table is full within
// a second of the start, and says how old each reading is.
//
//   node examples/lan-peer/main.js [--port 7946] [--advertise 192.168.1.5] [--key-file FILE | --key KEY] [SEED…]
//
// A key is 32 hex digits, or an id from 0 to 15, a colon and 32 hex digits, as `xswim keygen` prints it. A file has one to four
// of them, one a line. `--key` takes one or several with commas between them, and so does the environment's XSWIM_KEY; others on
// this machine can see what is on a command line, so that is for trying out.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { lan, SwimNode } from "xswim/node";
import { i16, struct, u8 } from "xswim/schema";

const { values, positionals } = parseArgs({
  options: {
    port: { type: "string", default: "7946" },
    advertise: { type: "string" },
    key: { type: "string", default: process.env.XSWIM_KEY ?? "" },
    "key-file": { type: "string" },
  },
  allowPositionals: true,
});

/** The keys of the cluster; the first one seals. */
function parseKeys(text) {
  const lines = text.split(/[\n,]/).map((line) => line.replace(/#.*/, "").trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [secret, id] = line.split(":").reverse();
      return { id: Number(id ?? 0), secret };
    });
}

const keyFile = values["key-file"];
const keys = parseKeys(keyFile === undefined ? values.key : readFileSync(keyFile, "utf8"));
// A file without a key would let everybody in.
if (keyFile !== undefined && keys.length === 0) throw new Error(`there is no key in ${keyFile}`);

/** The state of each member that was ever up, by its address. */
const states = new Map();

/** How a reading stands in bytes: as in `examples/esp32-sensor/reading.ts`. */
const reading = struct({ deciCelsius: i16, battery: u8 });
const describe = ({ deciCelsius, battery }) =>
  `${(deciCelsius / 10).toFixed(1)} degrees, battery ${battery} %`;
const secondsOf = (address) => `${Math.round(node.valueAgeMs(address) / 1000)} s`;

const node = new SwimNode({
  port: Number(values.port),
  ...(values.advertise === undefined ? {} : { advertise: values.advertise }),
  ...(keys.length > 0 ? { keys } : {}),
  seeds: positionals,
  config: lan(16),
  value: reading,
  onReady: () => log(`listening as ${node.identity.addr}${keys.length > 0 ? ", sealed" : ""}`),
  onMemberUp: ({ addr }) => {
    states.set(addr, "up");
    log(`up ${addr}`);
  },
  onMemberDown: ({ addr }) => {
    states.set(addr, "down");
    log(`down ${addr}`);
  },
  onMemberNap: ({ addr }, ms) => {
    states.set(addr, "asleep");
    log(`asleep ${addr} for ${Math.round(ms / 1000)} s`);
  },
  onMemberOverdue: ({ addr }) => {
    states.set(addr, "overdue");
    log(`overdue ${addr}`);
  },
  // Once for each that was published before this node started, then for each new one.
  onValue: (value, { addr }) => log(`${addr} reads ${describe(value)}, ${secondsOf(addr)} ago`),
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
  for (const [address, state] of [...states].sort()) {
    // That of a member that is down stays until the member is forgotten.
    const value = node.value(address);
    const [age, text] = value === undefined ? ["", ""] : [secondsOf(address), describe(value)];
    lines.push(`${address.padEnd(24)}${state.padEnd(8)}${age.padStart(6)}  ${text}`);
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
