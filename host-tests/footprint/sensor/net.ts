export { Net as default } from "./device.js";
