export { FakeTime as default } from "./world.js";
