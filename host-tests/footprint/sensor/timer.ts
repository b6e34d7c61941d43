export { Timer as default } from "./device.js";
