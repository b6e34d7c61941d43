import { parentPort, workerData } from "node:worker_threads";
import { exploreScenario, type Task } from "./explore.js";

if (parentPort === null) throw new Error("explore: this module runs on a thread of its own");
parentPort.postMessage(exploreScenario(workerData as Task));
