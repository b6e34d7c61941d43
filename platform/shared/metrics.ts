/**
 * The names of the counters and of the statuses. They are apart from `xswim/xs`, because a device that prints no
 * counters does not need them in its flash.
 * @module xswim/metrics
 */
export { Metric, namedMetrics } from "../../core/metrics.js";
export { Status, statusName } from "../../core/status.js";
