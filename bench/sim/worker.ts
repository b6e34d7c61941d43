import { serveSeeds } from "./pool.js";

serveSeeds();
