// The tables of docs/SCALE.md.
import { show } from "./figures.mjs";
import { ONE_MEMBERS, SCALE_NODES, VIEWS } from "./scale-runs.mjs";

/** What is shown for each number of nodes: the measurement, the metric, and what it is. */
const COLUMNS = [
  ["life", "newcomerKnownByAll", "a newcomer known by all, s"],
  ["life", "newcomerKnowsAll", "it knows all, s"],
  ["life", "firstSuspicion", "a death suspected, s"],
  ["life", "deathKnownByAll", "known by all, s"],
  ["value", "valueKnownByAll", "a value known by all, s"],
  ["life", "restMeanDatagrams", "datagrams a node and second at rest"],
  ["life", "restMeanBytes", "bytes"],
  ["life", "roundPeriods", "periods of a round of probes"],
  ["life", "tableBytes", "bytes of RAM of the table"],
  ["start", "startAllKnowAll", "a start known by all, s"],
  ["start", "startDatagrams", "datagrams a node until then"],
  ["start", "firstMinuteBytes", "bytes a node in the first minute"],
];

function figureOf(read, name, metric, figure = "p50") {
  const found = read(name)?.metrics[metric];
  return found === undefined ? "–" : found[figure] === null ? "never" : show(found[figure]);
}

export function scale(read) {
  const measured = SCALE_NODES.filter((nodes) => read(`scale-life-${nodes}`) !== undefined);
  return [
    ["nodes", ...measured.map((nodes) => nodes.toLocaleString("en-US"))],
    ...COLUMNS.map(([measurement, metric, what]) => [
      what,
      ...measured.map((nodes) => figureOf(read, `scale-${measurement}-${nodes}`, metric)),
    ]),
  ];
}

const OF_ONE = {
  tableBytes: "RAM of the table, bytes",
  memberBytes: "… by member",
  handlePing: "a Ping answered, µs",
  probeCycle: "a probe and its Ack, µs",
  gossip20Known: "a Gossip of 20 known members, µs",
  feed: "an Announce answered by a Feed, µs",
  lookUp: "a look-up by address, µs",
  list: "`members()`, µs",
  applyMany: "`applyMany` of all, µs",
};

export function oneMember(read) {
  return [
    ["members", ...ONE_MEMBERS.map((members) => members.toLocaleString("en-US"))],
    ...Object.entries(OF_ONE).map(([metric, what]) => [
      what,
      ...ONE_MEMBERS.map((members) => figureOf(read, `scale-one-${members}`, metric)),
    ]),
  ];
}

/** What is shown of tables that hold a part: the metric, the figure of it, and what it is. */
const OF_VIEWS = [
  ["viewHeldBy", "p50", "held by so many others, median"],
  ["viewHeldByLeast", "p50", "… least"],
  ["viewHeldByNobody", "p50", "held by nobody, part"],
  ["viewKnowsSuccessor", "p50", "know their true successor, part"],
  ["viewStrong", "p50", "reach each other, part"],
  ["newcomerHeldBy30s", "p50", "a newcomer is held by, after 30 s"],
  ["firstDown", "p50", "a death is declared after, s, median"],
  ["firstDown", "max", "… longest"],
  ["heldByNobody", "p50", "no table has the dead any more after, s, median"],
  ["heldByNobody", "max", "… longest"],
  ["stillHeldBy", "max", "tables that still have one at the end, most"],
];

export function views(read) {
  const names = Object.keys(VIEWS).filter((name) => read(`scale-views-${name}`) !== undefined);
  const title = {
    dealt: "16,384 with room for 512, dealt",
    grown: "… grown",
    "small-dealt": "1,024 with room for 64, dealt",
    "small-grown": "… grown",
    "small-whole-4": "… grown, 4 with room for all",
  };
  return [
    ["", ...names.map((name) => title[name])],
    ...OF_VIEWS.map(([metric, figure, what]) => [
      what,
      ...names.map((name) => figureOf(read, `scale-views-${name}`, metric, figure)),
    ]),
  ];
}
