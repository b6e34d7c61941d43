import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Chart, type Series } from "./chart.js";
import { useTopics } from "./pulse.js";
import type { Store } from "./store.js";
import type { Amount } from "./wire.js";
import { useIsNarrow } from "./use-media.js";
import { bytes } from "./words.js";

const SERIES: readonly Series[] = [
  { name: "received", color: "--received", isFilled: true },
  { name: "sent", color: "--sent" },
];
const round = (figure: number): string => (Number.isInteger(figure) ? String(figure) : "");

/** What this node sends and receives. */
export function TrafficPanel({ store }: { store: Store }): JSX.Element {
  const version = useTopics(store.trafficTopic);
  const [unit, setUnit] = useState<keyof Amount>("datagrams");
  const isNarrow = useIsNarrow();
  const { seconds } = store;
  const data = useMemo(
    () => [
      seconds.map(({ at }) => Date.parse(at) / 1000),
      seconds.map(({ received }) => received[unit]),
      seconds.map(({ sent }) => sent[unit]),
    ],
    [version, unit],
  );
  const last = seconds.at(-1);
  const figure = (number: number): string => (unit === "bytes" ? bytes(number) : String(number)) + "/s";
  const [received, sent] =
    last === undefined ? ["–", "–"] : [figure(last.received[unit]), figure(last.sent[unit])];
  return (
    <section class="panel traffic" aria-label="Traffic of this node">
      <div class="panel-head">
        <h2>Traffic</h2>
        <div class="kinds" role="group" aria-label="Unit">
          {(["datagrams", "bytes"] as const).map((name) => (
            <button key={name} type="button" aria-pressed={unit === name} onClick={() => setUnit(name)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <p class="legend">
        <span class="received">received {received}</span>
        <span class="sent">sent {sent}</span>
      </p>
      <Chart
        data={data}
        series={SERIES}
        heightPx={isNarrow ? 240 : 120}
        label={"Traffic in " + unit + " a second: received " + received + ", sent " + sent}
        format={unit === "bytes" ? bytes : round}
      />
    </section>
  );
}
