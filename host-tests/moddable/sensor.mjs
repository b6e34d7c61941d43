// The sensor examples in the simulator, with `examples/lan-peer` on Node's side.
import { startDisplay, startPeer, startSimulator } from "./processes.mjs";

export const SENSOR = Object.freeze({ port: 7621, peer: 7622 });

/** The settings that the example is built with. */
export const sensorConfig = Object.freeze({
  port: SENSOR.port,
  advertise: "127.0.0.1",
  seeds: `127.0.0.1:${SENSOR.peer}`,
  everySeconds: 1,
  runSeconds: 12,
});

export async function checkSensor(checks, sdk, so) {
  const display = await startDisplay();
  const args = ["examples/lan-peer/main.js", "--port", String(SENSOR.peer), "--advertise", "127.0.0.1"];
  const peer = startPeer("lan-peer", process.execPath, args);
  const sensor = await startSimulator("the sensor", sdk, display.display, so);
  const address = `127.0.0.1:${SENSOR.port}`;
  try {
    await checks.try("the sensor example joins the peer on Node", () =>
      sensor.log.wait(/^up 127\.0\.0\.1:7622$/),
    );
    await checks.try("lan-peer shows the sensor's reading", () =>
      peer.log.wait(new RegExp(`^${address} reads \\d+\\.\\d degrees, battery \\d+ %, \\d s ago$`)),
    );
    await checks.try("the sensor leaves politely", () => sensor.log.wait(/^left$/));
    await checks.try("lan-peer sees it leave", () => peer.log.wait(new RegExp(`^down ${address}$`)));
  } finally {
    for (const program of [peer, sensor, display]) await program.stop();
  }
}

const NAPPER = Object.freeze({ port: 7625, peer: 7626 });

/** The settings that the example that naps is built with. */
export const napperConfig = Object.freeze({
  port: NAPPER.port,
  advertise: "127.0.0.1",
  seeds: `127.0.0.1:${NAPPER.peer}`,
  sleepSeconds: 5,
  awakeSeconds: 2,
});

export async function checkNapper(checks, sdk, so) {
  const display = await startDisplay();
  const args = ["examples/lan-peer/main.js", "--port", String(NAPPER.peer), "--advertise", "127.0.0.1"];
  const peer = startPeer("lan-peer", process.execPath, args);
  const napper = await startSimulator("the sensor that naps", sdk, display.display, so);
  const address = `127.0.0.1:${NAPPER.port}`;
  let mark = 0;
  try {
    for (const life of ["first", "second", "third"]) {
      await checks.try(`lan-peer shows the reading of the napper's ${life} time awake`, () =>
        peer.log.wait(new RegExp(`^${address} reads `), mark),
      );
      await checks.try("and that it sleeps, and for how long at most", () =>
        peer.log.wait(new RegExp(`^asleep ${address} for 1\\d s$`), mark),
      );
      mark = peer.log.mark;
    }
    const bad = peer.log.lines.filter((line) => line.startsWith("down ") || line.startsWith("overdue "));
    checks.report("nobody takes the napper for dead", bad.length === 0, bad.join("\n     "));
  } finally {
    for (const program of [peer, napper, display]) await program.stop();
  }
}
