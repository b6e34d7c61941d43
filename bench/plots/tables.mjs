// The tables of docs/MEASUREMENTS.md and docs/SCALE.md, from what the runs said: each is a list of rows, the first its head.
import { resultOf } from "./data.mjs";
import { field, fieldSettings } from "./field-tables.mjs";
import { MISSING, show, spread } from "./figures.mjs";
import { MEMBERS, NODES, OPERATIONS, PEERS, STALLED, STALLS, STALLS_WITH_FOCA, stallName } from "./runs.mjs";
import { oneMember, scale, views } from "./scale-tables.mjs";
import { SETTINGS } from "./settings.mjs";

function showNs(ns) {
  if (typeof ns !== "number") return MISSING;
  return ns < 1000 ? show(ns, " ns") : ns < 1e6 ? show(ns / 1000, " µs") : show(ns / 1e6, " ms");
}

function costs(read) {
  const rows = [["", "members", ...Object.values(PEERS), "xswim over foca", "swim over xswim"]];
  for (const [operation, what] of Object.entries(OPERATIONS)) {
    for (const members of MEMBERS) {
      const [ours, foca, swim] = Object.keys(PEERS).map(
        (peer) => resultOf(read, peer, operation, members)?.medianNs,
      );
      const ratios = [ours / foca, swim / ours].map((ratio) => (Number.isFinite(ratio) ? ratio : undefined));
      rows.push([
        what,
        String(members),
        showNs(ours),
        showNs(foca),
        showNs(swim),
        show(ratios[0]),
        show(ratios[1]),
      ]);
    }
  }
  return rows;
}

function growth(read) {
  const rows = [["xswim at 8,192 members over 16", ""]];
  for (const each of read("bench")?.growth ?? []) {
    if (each.peer === "xswim" && each.operation in OPERATIONS)
      rows.push([OPERATIONS[each.operation], show(each.ratio)]);
  }
  return rows;
}

function memory(read) {
  const rows = [["bytes a member, queue empty / full", ...MEMBERS.map(String)]];
  for (const [peer, name] of Object.entries(PEERS)) {
    const cells = MEMBERS.map((members) =>
      ["memoryQueueEmpty", "memoryQueueFull"]
        .map((operation) => show(resultOf(read, peer, operation, members)?.bytesPerMember))
        .join(" / "),
    );
    rows.push([name, ...cells]);
  }
  return rows;
}

function settings(read) {
  const names = {
    none: "none of them: foca's way",
    twelve: "none, but 12 transmissions for 6",
    ...Object.fromEntries(SETTINGS.map((name) => [name, `\`${name}\` alone`])),
    ...Object.fromEntries(SETTINGS.map((name) => [`all-but-${name}`, `all but \`${name}\``])),
    all: "all of them: `lan(50)`",
  };
  const rows = [
    [
      "50 nodes; 1,000 seeds, 200 for alone and all but",
      "a death known by all, s",
      "bytes",
      "a start known by all, s",
      "bytes",
    ],
  ];
  for (const [name, title] of Object.entries(names)) {
    const [kill, bootstrap] = [read(`${name}-kill`), read(`${name}-bootstrap`)];
    rows.push([
      title,
      spread(kill, "allHoldDown"),
      show(kill?.metrics.windowBytes.p50),
      spread(bootstrap, "allKnowAll"),
      show(bootstrap?.metrics.windowBytes.p50),
    ]);
  }
  return rows;
}

function nodes(read) {
  const rows = [
    [
      "nodes",
      "first suspicion",
      "a death known by all",
      "foca's way",
      "a start known by all",
      "foca's way",
      "datagrams a second",
      "bytes a second",
    ],
  ];
  const ends = ["p50", "max"];
  for (const count of NODES) {
    const [on, off, steady] = ["kill-on", "kill-off", "steady-on"].map((name) =>
      read(name.replace("-", `-${count}-`)),
    );
    rows.push([
      String(count),
      spread(on, "firstSuspicion", ends),
      spread(on, "allHoldDown", ends),
      spread(off, "allHoldDown", ends),
      spread(read(`bootstrap-${count}-on`), "allKnowAll", ends),
      spread(read(`bootstrap-${count}-off`), "allKnowAll", ends),
      show(steady?.metrics.datagrams.p50),
      show(steady?.metrics.bytes.p50),
    ]);
  }
  return rows;
}

function stall(read) {
  const rows = [
    [
      "frozen for, well for",
      "hosts",
      "at healthy: plain",
      "lan",
      "in all: plain",
      "lan",
      "the frozen held Down: plain",
      "lan",
    ],
  ];
  for (const each of STALLS) {
    for (const stalled of STALLED) {
      const [plain, lan] = ["plain", "lan"].map((mode) => read(stallName(mode, stalled, each)));
      const cells = ["falseDownsAtHealthy", "falseDowns", "downsOfSick"].flatMap((metric) => [
        spread(plain, metric, ["p50", "max"]),
        spread(lan, metric, ["p50", "max"]),
      ]);
      rows.push([`${each.stallMs / 1000} s, ${each.gapMs / 1000} s`, String(stalled), ...cells]);
    }
  }
  return rows;
}

function stallWithFoca(read) {
  const titles = { half: "half foca, 8 freeze", few: "foca alone, 4 freeze" };
  const rows = [["frozen for, well for", "xswim alone, 8 freeze", ...Object.values(titles)]];
  const numStalled = Object.fromEntries(STALLS_WITH_FOCA.map(([mode, , stalled]) => [mode, stalled]));
  const ends = ["p50", "max"];
  for (const each of STALLS) {
    const cells = Object.keys(titles).map((mode) =>
      spread(read(stallName(mode, numStalled[mode], each)), "falseDownsAtHealthy", ends),
    );
    const ours = spread(read(stallName("lan", 8, each)), "falseDownsAtHealthy", ends);
    rows.push([`${each.stallMs / 1000} s, ${each.gapMs / 1000} s`, ours, ...cells]);
  }
  return rows;
}

function mixed(read) {
  const runs = {
    "all xswim": ["all-kill", "all-bootstrap", "steady-50-on"],
    "half foca": ["mixed-kill-25", "mixed-bootstrap-25", "mixed-steady-25"],
    "all foca": ["mixed-kill-50", "mixed-bootstrap-50", "mixed-steady-50"],
  };
  const rows = [
    [
      "50 nodes",
      "a death known by all, s",
      "by a node, s",
      "a start known by all, s",
      "by a node, s",
      "bytes a second",
    ],
  ];
  for (const [title, [kill, bootstrap, steady]] of Object.entries(runs)) {
    rows.push([
      title,
      spread(read(kill), "allHoldDown"),
      spread(read(kill), "nodeHoldsDown"),
      spread(read(bootstrap), "allKnowAll"),
      spread(read(bootstrap), "nodeKnowsAll"),
      show(read(steady)?.metrics.bytes.p50),
    ]);
  }
  for (const kind of ["Xswim", "Foca"]) {
    const [kill, bootstrap, steady] = runs["half foca"].map(read);
    rows.push([
      `… its nodes of ${kind.toLowerCase()}`,
      spread(kill, "allHoldDownOf" + kind),
      spread(kill, "nodeHoldsDownOf" + kind),
      "",
      spread(bootstrap, "nodeKnowsAllOf" + kind),
      show(steady?.metrics["bytesOf" + kind]?.p50),
    ]);
  }
  return rows;
}

function loss(read) {
  const metrics = read("loss")?.metrics;
  return [
    ["17 nodes, 10 % of the datagrams lost", "members that a node holds: p50 / least"],
    ["SWIM paper, figure 4, without suspicion", "4 and 2, in its two runs"],
    ["SWIM paper, figure 4, with suspicion", "12"],
    [
      "xswim, `lan(17)`, 100 seeds",
      `${show(metrics?.held.p50)} / ${show(17 - (metrics?.missing.max ?? NaN))}`,
    ],
  ];
}

export const TABLES = {
  costs,
  growth,
  memory,
  settings,
  nodes,
  stall,
  stallWithFoca,
  field,
  fieldSettings,
  mixed,
  loss,
  scale,
  oneMember,
  views,
};

/** Puts each table of a text, between `<!-- table NAME -->` and `<!-- end -->`, in the place of what is there. */
export function fill(text, read) {
  return text.replace(/(<!-- table (\w+) -->\n)[^]*?(<!-- end -->)/g, (_, start, name, end) => {
    const [head, ...rows] = TABLES[name](read);
    const line = (cells) => `| ${cells.join(" | ")} |\n`;
    return `${start}\n${line(head)}${line(head.map((_, i) => (i === 0 ? "---" : "---:")))}${rows.map(line).join("")}\n${end}`;
  });
}
