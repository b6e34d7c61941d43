/** What a metric came to in one run or in many. */
export interface Metric {
  unit: string;
  values: number[];
}

/** The figures of JSON's `metrics`; null stands for what never happened. */
export interface Summary {
  unit: string;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
}

/** Metrics by name, each with all its values. */
export class Samples {
  readonly metrics: Record<string, Metric> = {};

  add(name: string, unit: string, value: number): void {
    this.metric(name, unit).values.push(value);
  }

  /** Takes in what another run measured. */
  merge(metrics: Record<string, Metric>): void {
    for (const [name, { unit, values }] of Object.entries(metrics)) {
      const all = this.metric(name, unit).values;
      for (const value of values) all.push(value);
    }
  }

  summary(): Record<string, Summary> {
    return Object.fromEntries(
      Object.entries(this.metrics).map(([name, { unit, values }]) => [name, summarize(unit, values)]),
    );
  }

  private metric(name: string, unit: string): Metric {
    return (this.metrics[name] ??= { unit, values: [] });
  }
}

function summarize(unit: string, values: number[]): Summary {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
    return value === undefined || !Number.isFinite(value) ? null : value;
  };
  return { unit, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
