// A sensor: measures the temperature of its room every ten seconds, and publishes it.
import { PORT, report, SENSOR, settings } from "./house.js";

const EVERY_MS = 10_000;

/**
 * @param device what the platform has: `SwimNode`, `setInterval` and `store`
 * @param options the `room`, the `seeds`, and `measure`, which returns degrees Celsius, or undefined when that failed;
 *   and what else a node may be given, such as `advertise` and `keys`
 */
export function startSensor(device, { room, measure, ...options }) {
  const node = new device.SwimNode({
    port: PORT,
    config: settings,
    value: report,
    store: device.store,
    ...options,
  });
  const publish = () => {
    const celsius = measure();
    if (celsius === undefined) return;
    node.publish({ role: SENSOR, room, tenths: Math.round(celsius * 10), isHeating: false });
  };
  publish();
  device.setInterval(publish, EVERY_MS);
  return node;
}
