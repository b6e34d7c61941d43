import { declareSuite } from "./suite.js";

declareSuite("quickjs-ng");
