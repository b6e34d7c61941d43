export { FakeTimer as default } from "./world.js";
