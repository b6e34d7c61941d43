// The sensor example in the simulator, with `examples/lan-peer` on Node's side.
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
      peer.log.wait(new RegExp(`^reading of ${address}: \\{"celsius":\\d+(\\.\\d)?\\}$`)),
    );
    await checks.try("the sensor leaves politely", () => sensor.log.wait(/^left$/));
    await checks.try("lan-peer sees it leave", () => peer.log.wait(new RegExp(`^down ${address}$`)));
  } finally {
    for (const program of [peer, sensor, display]) await program.stop();
  }
}
