import type { Outcome } from "./run-seed.js";
import { Samples, type Summary } from "./samples.js";
import type { Settings } from "./settings.js";

/** What `--json` prints, and nothing else on stdout. */
export interface Report {
  scenario: string;
  nodes: number;
  /** How many of them were foca's; left out when none was. */
  foca?: number;
  seeds: number;
  violations: number;
  metrics: Record<string, Summary>;
}

export function makeReport(settings: Settings, outcomes: readonly Outcome[]): Report {
  const samples = new Samples();
  let violations = 0;
  for (const outcome of outcomes) {
    samples.merge(outcome.metrics);
    violations += outcome.numViolations;
  }
  const { scenario, nodes, foca } = settings;
  const mixture = foca > 0 ? { foca } : {};
  return { scenario, nodes, ...mixture, seeds: outcomes.length, violations, metrics: samples.summary() };
}

/** A table for people. */
export function formatReport(report: Report): string {
  const head = ["", "p50", "p90", "p99", "max", "unit"];
  const rows = Object.entries(report.metrics).map(([name, { unit, p50, p90, p99, max }]) => [
    name,
    ...[p50, p90, p99, max].map(figure),
    unit,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join("  ")
      .trimEnd(),
  );
  const { scenario, nodes, foca, seeds, violations } = report;
  const mixture = foca === undefined ? "" : ` (${foca} of them foca's)`;
  const title = `${scenario}: ${nodes} nodes${mixture}, ${seeds} ${seeds === 1 ? "seed" : "seeds"}, ${violations} violations`;
  return [title, ...lines].join("\n") + "\n";
}

/** What a failing seed did, and how to see it again. */
export function formatViolations(outcome: Outcome, replay: string, isDetailed: boolean): string {
  const head = `seed ${outcome.seed} fails ${outcome.numViolations} times; replay it with: ${replay}\n`;
  if (!isDetailed) return head;
  const lines = outcome.violations.map(
    ({ checker, atMs, text }) => `  ${(atMs / 1000).toFixed(3)} s  ${checker}: ${text}`,
  );
  const more = outcome.numViolations - outcome.violations.length;
  if (more > 0) lines.push(`  and ${more} more`);
  return head + lines.join("\n") + "\n";
}

function figure(value: number | null): string {
  if (value === null) return "never";
  if (value !== 0 && Math.abs(value) < 10) return value.toFixed(2);
  return value < 1000 ? value.toFixed(1) : value.toFixed(0);
}
