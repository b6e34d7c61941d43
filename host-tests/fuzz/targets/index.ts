import { addresses } from "./addresses.js";
import { beacons } from "./beacons.js";
import { datagrams } from "./datagrams.js";
import { files } from "./files.js";
import { planted } from "./planted.js";
import { requests } from "./requests.js";
import { schemas } from "./schemas.js";
import { seals } from "./seals.js";
import type { Target } from "../engine/target.js";

/** All that there are. The last one runs only when it is named. */
export const targets: readonly Target[] = [
  datagrams,
  seals,
  schemas,
  addresses,
  beacons,
  requests,
  files,
  planted,
];
