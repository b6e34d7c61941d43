export { Time as default } from "./device.js";
