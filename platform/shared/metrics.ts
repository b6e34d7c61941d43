/** The names of what `Swim.metrics` counts: a device whose program prints no counters does without. */
export { Metric, namedMetrics } from "../../core/metrics.js";
export { Status, statusName } from "../../core/status.js";
