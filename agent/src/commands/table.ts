import Table from "cli-table3";

/** Spaces between two columns where there are no lines. */
const GAP = "  ";

/**
 * Returns a table as text, without a line break at its end: with lines for a terminal, else columns that other programs can
 * take apart.
 * @param rows cells without control characters
 */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isForTerminal: boolean,
): string {
  if (!isForTerminal) return drawColumns([head, ...rows]);
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: [...head], style });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function drawColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Shortens a text that has no room. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length - 1) + "…";
}

/** A time span for people: `12 s`, `3 min`, `5 h`, `2 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return seconds + " s";
  if (seconds < 6000) return Math.round(seconds / 60) + " min";
  if (seconds < 172_800) return Math.round(seconds / 3600) + " h";
  return Math.round(seconds / 86_400) + " d";
}

/** A round-trip time for people; `-` where none is known. */
export function roundTrip(ms: number | null): string {
  return ms === null ? "-" : ms.toFixed(1) + " ms";
}
