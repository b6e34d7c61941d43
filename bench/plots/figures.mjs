// How the tables of docs/MEASUREMENTS.md show what a run said.

export const MISSING = "–";

/** A figure with three digits, or a dash. */
export function show(value, unit = "") {
  if (typeof value !== "number") return MISSING;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }) + unit;
}

/** `p50 / p90 / p99 / max` of a metric. */
export function spread(report, metric, figures = ["p50", "p90", "p99", "max"]) {
  const found = report?.metrics[metric];
  return figures.map((figure) => (found?.[figure] === null ? "never" : show(found?.[figure]))).join(" / ");
}
