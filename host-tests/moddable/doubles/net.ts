export { FakeNet as default } from "./world.js";
