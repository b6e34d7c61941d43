// The plots: each takes what the runs said and gives a specification of Vega-Lite.
import { resultOf } from "./data.mjs";
import { lines } from "./lines.mjs";
import { SCALE_CHARTS } from "./scale.mjs";
import { MEMBERS, NODES, PEERS, STALLED, STALLS, stallName } from "./runs.mjs";

/** e/(e-1) periods of a second: the SWIM paper's mean time until a failure is first detected, without suspicion. */
const DETECTION_S = Math.E / (Math.E - 1);

/** One line: a figure of a metric over the runs PREFIX-N-MODE. */
function over(read, prefix, mode, metric, figure, series) {
  return NODES.map((x) => ({ x, y: read(`${prefix}-${x}-${mode}`)?.metrics[metric]?.[figure], series }));
}

function constant(xs, y, series) {
  return xs.map((x) => ({ x, y, series }));
}

function detection(read) {
  const theirs = "SWIM paper: first detection, e/(e−1) periods (no suspicion)";
  const names = [
    "first suspicion, median",
    "first held Down, median",
    "all hold it Down, median",
    "all hold it Down, worst of the seeds",
    theirs,
  ];
  return lines({
    title: "Detection of a death over the number of nodes",
    subtitle: "lan(N), probe period 1 s, latency 1 ms; a suspect is held Down log10(N) × 4 periods later",
    x: "nodes",
    y: "seconds after the death",
    values: NODES,
    isLog: false,
    series: names,
    rows: [
      ...over(read, "kill", "on", "firstSuspicion", "p50", names[0]),
      ...over(read, "kill", "on", "firstDetection", "p50", names[1]),
      ...over(read, "kill", "on", "allHoldDown", "p50", names[2]),
      ...over(read, "kill", "on", "allHoldDown", "max", names[3]),
      ...constant(NODES, DETECTION_S, theirs),
    ],
  });
}

function dissemination(read) {
  const names = [
    "lan: median",
    "lan: worst of the seeds",
    "foca's way: median",
    "foca's way: worst of the seeds",
  ];
  const rows = ["on", "off"].flatMap((mode, i) =>
    ["p50", "max"].flatMap((figure, j) =>
      over(read, "kill", mode, "dissemination", figure, names[2 * i + j]),
    ),
  );
  return lines({
    title: "Dissemination over the number of nodes",
    subtitle:
      "From the first to the last member that holds the dead Down; foca's way = all twelve settings off",
    x: "nodes",
    y: "seconds (log)",
    values: NODES,
    series: names,
    rows,
  });
}

function traffic(read) {
  const theirs = "SWIM paper: 2 messages a period";
  const names = ["datagrams sent a second, mean node", "datagrams sent a second, busiest node", theirs];
  return lines({
    title: "Steady traffic a member over the number of nodes",
    subtitle: "lan(N), nothing happens; one probe period is a second",
    x: "nodes",
    y: "datagrams a member and second",
    values: NODES,
    isLog: false,
    series: names,
    rows: [
      ...over(read, "steady", "on", "datagrams", "p50", names[0]),
      ...over(read, "steady", "on", "datagrams", "max", names[1]),
      ...constant(NODES, 2, theirs),
    ],
  });
}

function bootstrap(read) {
  const names = [
    "lan: all know all, median",
    "lan: worst of the seeds",
    "foca's way: median",
    "foca's way: worst of the seeds",
  ];
  const rows = ["on", "off"].flatMap((mode, i) =>
    ["p50", "max"].flatMap((figure, j) =>
      over(read, "bootstrap", mode, "allKnowAll", figure, names[2 * i + j]),
    ),
  );
  return lines({
    title: "All join at once by one seed, until all know all",
    subtitle: "lan(N), latency 1 ms; foca's way = all twelve settings off",
    x: "nodes",
    y: "seconds (log)",
    values: NODES,
    series: names,
    rows,
  });
}

function ofBench(read, peer, operation, figure, series) {
  return MEMBERS.map((x) => ({
    x,
    y: resultOf(read, peer, operation, x)?.[figure],
    series,
  }));
}

function memory(read) {
  const states = { memoryQueueEmpty: "queue empty", memoryQueueFull: "queue full" };
  const names = [];
  const rows = [];
  for (const [peer, title] of Object.entries(PEERS)) {
    for (const [operation, state] of Object.entries(states)) {
      names.push(`${title}, ${state}`);
      rows.push(...ofBench(read, peer, operation, "bytesPerMember", `${title}, ${state}`));
    }
  }
  return lines({
    title: "Memory a member over the number of members",
    subtitle: "Heap and typed arrays that N members add to a node, divided by N",
    x: "known members",
    y: "bytes a member (log)",
    values: MEMBERS,
    series: names,
    rows,
  });
}

function cost(operation, title) {
  return (read) =>
    lines({
      title,
      subtitle: "Medians of one run side by side: ratios count, not nanoseconds",
      x: "known members",
      y: "microseconds (log)",
      values: MEMBERS,
      series: Object.values(PEERS),
      rows: Object.entries(PEERS)
        .flatMap(([peer, name]) => ofBench(read, peer, operation, "medianNs", name))
        .map((row) => ({ ...row, y: typeof row.y === "number" ? row.y / 1000 : undefined })),
    });
}

function stall(read) {
  const figures = {
    falseDownsAtHealthy: "healthy held Down at healthy hosts",
    falseDowns: "healthy held Down at all hosts",
  };
  const rows = [];
  const names = [];
  for (const [mode, title] of Object.entries({ plain: "plain SWIM", lan: "lan(100)" })) {
    for (const [metric, what] of Object.entries(figures)) {
      const series = `${title}: ${what}`;
      names.push(series);
      for (const each of STALLS) {
        const pauses = `freezes of ${each.stallMs / 1000} s, ${each.gapMs / 1000} s between`;
        for (const x of STALLED) {
          const y = read(stallName(mode, x, each))?.metrics[metric]?.p50;
          rows.push({ x, y, series, pauses });
        }
      }
    }
  }
  const { title, data, ...rest } = lines({
    title: "The stall sweep: of 100 hosts a few freeze again and again for 300 s",
    subtitle: "How often a healthy host was wrongly held Down (observer by observer), median of 5 runs",
    x: "freezing hosts",
    y: "wrongly held Down",
    values: STALLED,
    isLog: false,
    series: names,
    rows,
  });
  return {
    title,
    data,
    columns: 2,
    facet: { field: "pauses", type: "nominal", title: null, header: { labelFontSize: 12 } },
    spec: { ...rest, width: 300, height: 220 },
    resolve: { scale: { y: "independent" } },
  };
}

export const CHARTS = {
  detection,
  dissemination,
  traffic,
  bootstrap,
  memory,
  "cost-ping": cost("handlePing", "A Ping handled, nothing to spread"),
  "cost-full-queue": cost("handlePingFullQueue", "A Ping handled, with a full queue of updates"),
  stall,
  ...SCALE_CHARTS,
};
