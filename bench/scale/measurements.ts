import { firstMinute } from "./first-minute.js";
import { life } from "./life.js";
import { one } from "./one.js";
import type { Measurement } from "./run.js";
import { value } from "./value.js";
import { views } from "./views.js";

export const MEASUREMENTS: readonly Measurement[] = [life, firstMinute, value, views, one];
