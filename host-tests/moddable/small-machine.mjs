// The sensor example among 32 members, in a simulated machine with the stack of an ESP8266's and with slots and chunks in
// the bounds that its one block sets. The simulator does not honour `static`, where slots and chunks share the block: each
// may grow here by what the other does not need. That both together fit is tested on the 32-bit engine
// (`host-tests/footprint/sensor`). What a 64-bit host takes is counted as what the device would: a slot of 32 bytes as 16,
// and chunks by what the same run takes on the 64-bit and the 32-bit engine.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { report } from "./builds.mjs";
import { startDisplay, startPeer, startSimulator } from "./processes.mjs";

const PORTS = Object.freeze({ sensor: 7639, first: 7640 });
const MEMBERS = 32;
const HOST_SLOT_BYTES = 32;
const SLOT_BYTES = 16;
/** What is alive at most while the example runs, an empty program's slots included. */
const LIVE_SLOTS = 1045;
const LIVE_CHUNK_BYTES = 5000;
/** Chunks of the run with 64-bit pointers over those with 32-bit ones: 6,304 bytes over 4,607 on average. */
const CHUNK_RATIO = 1.37;

export const esp8266 = JSON.parse(readFileSync("host-tests/budgets.json", "utf8")).esp8266;
const { staticBytes, stackBytes, machineBytes } = esp8266;

/** What a machine is made with; `part` below 1 makes it smaller. Nothing grows beyond. */
function creation(part) {
  const heapBytes = staticBytes - stackBytes;
  const chunkBytes = (heapBytes - LIVE_SLOTS * SLOT_BYTES) * CHUNK_RATIO;
  const slots = (heapBytes - LIVE_CHUNK_BYTES) / SLOT_BYTES;
  return {
    chunk: { initial: Math.floor(chunkBytes * part), incremental: 0 },
    heap: { initial: Math.floor(slots * part), incremental: 0 },
    stack: stackBytes / SLOT_BYTES,
  };
}

function buildSensor(sdk, folder, name, part) {
  const app = join(folder, name);
  mkdirSync(app);
  const manifest = {
    include: resolve("examples/esp32-sensor/manifest.json"),
    platforms: { lin: { creation: creation(part) } },
  };
  writeFileSync(join(app, "manifest.json"), JSON.stringify(manifest));
  const config = { port: PORTS.sensor, advertise: "127.0.0.1", seeds: `127.0.0.1:${PORTS.first}` };
  return sdk.build(app, join(folder, `out-${name}`), config);
}

/** What an empty program's machine holds is what the measurement on the 32-bit engine takes it to be. */
async function checkBareMachine(checks, sdk, folder, display) {
  cpSync("host-tests/moddable/bare", join(folder, "bare"), { recursive: true });
  const built = sdk.build(join(folder, "bare"), join(folder, "out-bare"));
  if (report(checks, "an empty app", built) === undefined) return;
  const simulator = await startSimulator("the empty app", sdk, display, built.so);
  try {
    await checks.try(`a machine with an empty program holds ${machineBytes} bytes at most`, async () => {
      const [, slots, chunks] = /slots (\d+) chunks (\d+)/.exec(await simulator.log.wait(/^bare /));
      const bytes = (slots / HOST_SLOT_BYTES) * SLOT_BYTES + Number(chunks);
      console.log(
        `     ${slots / HOST_SLOT_BYTES} slots, ${chunks} chunk bytes: ${bytes} bytes with slots of 16`,
      );
      if (bytes > machineBytes) throw new Error(`${bytes} bytes`);
    });
  } finally {
    await simulator.stop();
  }
}

/** Waits until the sensor knows all members, and has traced a reading of each. */
async function waitForAll(log) {
  for (let i = 0; i < MEMBERS; i++)
    await log.wait(new RegExp(`^reading of 127\\.0\\.0\\.1:${PORTS.first + i}: `), 0, 120_000);
  await log.wait(new RegExp(`^published .* members:( 127\\.0\\.0\\.1:\\d+){${MEMBERS}}$`));
}

export async function checkSmallMachine(checks, sdk, folder) {
  const display = await startDisplay();
  const args = ["host-tests/moddable/neighbours.mjs", resolve("dist"), String(PORTS.first), String(MEMBERS)];
  const neighbours = startPeer("32 Node members", process.execPath, args);
  let simulator;
  try {
    await checkBareMachine(checks, sdk, folder, display.display);
    const built = buildSensor(sdk, folder, "small", 1);
    if (report(checks, "the sensor example for a small machine", built) === undefined) return;
    simulator = await startSimulator("the sensor in a small machine", sdk, display.display, built.so);
    await checks.try(
      `the sensor knows and hears ${MEMBERS} members in a machine with an ESP8266's bounds`,
      () => waitForAll(simulator.log),
    );
    await checks.try("and goes on for a minute", async () => {
      for (let i = 0; i < 12; i++) await simulator.log.wait(/^published /, simulator.log.mark);
    });
    await simulator.stop();

    const smaller = buildSensor(sdk, folder, "smaller", 0.6);
    if (report(checks, "the same for a machine of 60 % of that", smaller) === undefined) return;
    simulator = await startSimulator("the sensor in too small a machine", sdk, display.display, smaller.so);
    await checks.try("which is too small: the machine ends with its memory full", () =>
      simulator.log.wait(/memory full|failed in fixed size heap/),
    );
  } finally {
    await simulator?.stop();
    for (const program of [neighbours, display]) await program.stop();
  }
}
