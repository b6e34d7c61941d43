// What the sensor example has in flash on a device: the modules that its manifest preloads, and the SDK's.
export * as xs from "../../../platform/xs/index.js";
export * as schema from "../../../platform/shared/schema.js";
export * as sealed from "../../../platform/xs/sealed/index.js";
export * as wifi from "../../../platform/xs/wifi/connection.js";
export * as reading from "../../../examples/esp32-sensor/reading.js";
export * as keys from "../../../examples/esp32-sensor/keys.js";
export { config, store, Timer } from "./device.js";
