export { FakeUdp as default } from "./world.js";
