export { UDP as default } from "./device.js";
