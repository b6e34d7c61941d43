import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useIsDark } from "./use-media.js";
import { clockTime } from "./words.js";

export interface Series {
  readonly name: string;
  /** The name of a colour of the style, such as `--accent`. */
  readonly color: string;
  readonly isFilled?: boolean;
  /** Points with a line between, for what comes seldom. */
  readonly hasPoints?: boolean;
}

interface ChartProps {
  /** Seconds since 1970, and the figures of each series. */
  readonly data: readonly (readonly (number | null)[])[];
  readonly series: readonly Series[];
  readonly heightPx: number;
  /** What it shows, for who cannot see it. */
  readonly label: string;
  readonly format: (figure: number) => string;
  /** Whether the figures are a level, which need not be seen against 0. */
  readonly isLevel?: boolean;
}

/** Figures over time. */
export function Chart(props: ChartProps): JSX.Element {
  const { data, heightPx, label } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const isDark = useIsDark();
  const aligned = data as unknown as uPlot.AlignedData;
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const made = new uPlot(optionsOf(box, props), aligned, box);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0) made.setSize({ width: box.clientWidth, height: heightPx });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [isDark, heightPx]);
  useEffect(() => plot.current?.setData(aligned), [data]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

function optionsOf(
  box: HTMLElement,
  { series, heightPx, format, isLevel = false }: ChartProps,
): uPlot.Options {
  const style = getComputedStyle(box);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color("--quiet"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
    gap: 4,
  };
  return {
    width: Math.max(box.clientWidth, 100),
    height: heightPx,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: isLevel ? {} : { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        size: 22,
        space: 80,
        grid: { show: false },
        values: (_plot, splits) => timesOf(splits),
      },
      { ...axis, size: 52, space: 28, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...series.map(({ name, color: of, isFilled = false, hasPoints = false }): uPlot.Series => ({
        label: name,
        stroke: color(of),
        width: 1.5,
        points: { show: hasPoints, size: 5, fill: color(of) },
        ...(isFilled ? { fill: color(of) + "26" } : {}),
      })),
    ],
  };
}

/** Each second is written once. */
function timesOf(splits: readonly number[]): string[] {
  const times = splits.map((at) => clockTime(at * 1000));
  return times.map((time, index) => (time === times[index - 1] ? "" : time));
}
