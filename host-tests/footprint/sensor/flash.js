// What the sensor example has in flash on a device: the modules that its manifest preloads, and the SDK's.
export * as xs from "../../../platform/xs/index.js";
export { default as Network } from "../../../examples/esp32-sensor/network-wifi.js";
export * as reading from "../../../examples/esp32-sensor/reading.js";
export { config, Preference, Timer } from "./device.js";
