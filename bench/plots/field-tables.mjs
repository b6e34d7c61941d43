// The two tables of the field in docs/MEASUREMENTS.md.
import { FIELD, FIELD_ROWS, FIELD_SCENARIOS } from "./field.mjs";
import { MISSING, spread } from "./figures.mjs";

/** What happened in a scenario, a row for each figure; the command stands in the first. */
export function field(read) {
  const rows = [["", "", "p50 / p90 / p99 / max", "before", "command"]];
  for (const { name, words, about, figures } of FIELD) {
    const report = read(`field-${name}`);
    figures.forEach(([metric, what, before = MISSING], i) => {
      const isFirst = i === 0;
      const command = isFirst ? `\`npm run sim -- ${words}\`` : "";
      rows.push([isFirst ? about : "…", what, spread(report, metric), before, command]);
    });
  }
  return rows;
}

/** What each of the seven settings of the field does. */
export function fieldSettings(read) {
  const seedsOf = (scenario) => FIELD_SCENARIOS[scenario].match(/--seeds (\d+)/)[1];
  const rows = [
    [
      "",
      `stall, false Downs at healthy (${seedsOf("stall")} seeds)`,
      `flap, false Downs (${seedsOf("flap")})`,
      `late, datagrams a second (${seedsOf("late")})`,
      "late, refutations",
      `burst-loss, false Downs (${seedsOf("burst")})`,
      `partition, whole after, s (${seedsOf("partition")})`,
      `flood, new device in, s (${seedsOf("flood")})`,
      "flood, a death known, s",
    ],
  ];
  const ends = ["p50", "max"];
  for (const [name, title] of FIELD_ROWS) {
    const of = (scenario) => read(`set-${scenario}-${name}`);
    rows.push([
      title,
      spread(of("stall"), "falseDownsAtHealthy", ends),
      spread(of("flap"), "falseDowns", ends),
      spread(of("late"), "datagrams", ends),
      spread(of("late"), "refutations", ends),
      spread(of("burst"), "falseDowns", ends),
      spread(of("partition"), "allKnowAll", ends),
      spread(of("flood"), "newDeviceIn", ["max"]),
      spread(of("flood"), "deathKnown", ["max"]),
    ]);
  }
  return rows;
}
