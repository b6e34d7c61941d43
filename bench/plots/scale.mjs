// The plots of docs/SCALE.md.
import { lines } from "./lines.mjs";
import { SCALE_NODES } from "./scale-runs.mjs";

/** One line: a figure of a metric of a measurement, over the number of nodes. */
function over(read, measurement, metric, series, figure = "p50", factor = 1) {
  return SCALE_NODES.map((x) => {
    const y = read(`scale-${measurement}-${x}`)?.metrics[metric]?.[figure];
    return { x, y: typeof y === "number" ? y * factor : undefined, series };
  });
}

function computed(series, yOf) {
  return SCALE_NODES.map((x) => ({ x, y: yOf(x), series }));
}

/** A chart over the number of nodes, whose series are those of its rows. */
function chart(title, subtitle, y, isLog, rows) {
  const series = [...new Set(rows.map((row) => row.series))];
  return lines({ title, subtitle, x: "nodes", y, values: SCALE_NODES, isLog, series, rows });
}

const times = (read) =>
  chart(
    "How soon all know, over the number of nodes",
    "lan(N), all know all, latency 1 ms, probe period 1 s, gossip every 200 ms",
    "seconds",
    false,
    [
      ...over(read, "life", "deathKnownByAll", "a death is known by all"),
      ...over(read, "life", "firstDown", "… is declared by the first"),
      ...over(read, "life", "firstSuspicion", "… is suspected by the first"),
      ...over(read, "life", "newcomerKnowsAll", "a newcomer knows all"),
      ...over(read, "life", "newcomerKnownByAll", "a newcomer is known by all"),
      ...over(read, "value", "valueKnownByAll", "a published value is known by all"),
    ],
  );

const start = (read) =>
  chart(
    "All start at once, over the number of nodes",
    "lan(N), all join by the first node; a Feed names 138 members",
    "seconds (log)",
    true,
    [
      ...over(read, "start", "startAllKnowAll", "the last node knows all"),
      ...over(read, "start", "startNodeKnowsAll", "half of the nodes know all"),
      ...computed("N / 138 full datagrams, one each 200 ms", (nodes) => Math.max(0.2, (nodes / 138) * 0.2)),
    ],
  );

const traffic = (read) =>
  chart("Bytes over the number of nodes", "What one node sends", "bytes (log)", true, [
    ...over(read, "start", "firstMinuteBytes", "in the first minute, when all start at once"),
    ...over(read, "start", "firstMinuteMostBytes", "… the busiest node, by which all join"),
    ...over(read, "life", "deathBytes", "until a death is known by all"),
    ...over(read, "life", "restMeanBytes", "in a minute at rest", "p50", 60),
  ]);

const memory = (read) =>
  chart(
    "Memory of a node over the number of nodes",
    "The table of all members, with the send buffer",
    "bytes (log)",
    true,
    [
      ...over(read, "life", "tableBytes", "measured"),
      ...computed("1,500 bytes and 27 a member", (nodes) => 1500 + 27 * nodes),
    ],
  );

export const SCALE_CHARTS = {
  "scale-times": times,
  "scale-start": start,
  "scale-traffic": traffic,
  "scale-memory": memory,
};
