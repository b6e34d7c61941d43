// The tests of the suite at odd places.
import { declareSuite } from "./suite/run.js";

declareSuite(1);
