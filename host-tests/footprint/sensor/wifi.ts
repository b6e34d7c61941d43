export { WiFi as default } from "./device.js";
