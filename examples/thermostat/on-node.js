// The thermostat, or a sensor that makes its readings up, on this machine.
//
//   node examples/thermostat/on-node.js thermostat 127.0.0.1:7946 127.0.0.1:7947
//   node examples/thermostat/on-node.js sensor 127.0.0.1:7947 127.0.0.1:7946
//
// The first address is its own, and the others are seeds. What it keeps goes to a file in the current folder.
import { readFileSync, writeFileSync } from "node:fs";
import { SwimNode } from "xswim/node";
import { startSensor } from "./sensor.js";
import { Thermostat } from "./thermostat.js";

const [role, own = "", ...seeds] = process.argv.slice(2);
const [, advertise, port] = /^([\d.]+):(\d+)$/.exec(own) ?? [];

/** A store in a file. */
class FileStore {
  #file;
  #texts = {};
  constructor(file) {
    this.#file = file;
    try {
      this.#texts = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  get(domain, key) {
    return this.#texts[`${domain}/${key}`];
  }
  set(domain, key, value) {
    this.#texts[`${domain}/${key}`] = value;
    writeFileSync(this.#file, JSON.stringify(this.#texts));
  }
}

if ((role !== "thermostat" && role !== "sensor") || advertise === undefined) {
  console.error("usage: node on-node.js thermostat|sensor ADDRESS:PORT [SEED…]");
  process.exit(2);
}
const device = {
  SwimNode,
  setInterval,
  store: new FileStore(`${role}-${port}.json`),
  setHeater: (isOn) => console.log(isOn ? "heater on" : "heater off"),
};
const options = { room: 3, seeds, advertise, port: Number(port) };
if (role === "thermostat") new Thermostat(device, options);
else startSensor(device, { ...options, measure: () => 18 + 4 * Math.sin(performance.now() / 60_000) });
