import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Table from "cli-table3";
import type { Implementation } from "./implementations.js";
import { ROWS, TABLE } from "./paths.js";

/** How one implementation fared in one fault. Times are in milliseconds. */
export interface Row {
  fault: string;
  implementation: Implementation;
  members: number;
  /** How often a member declared one dead that was alive and that it could reach. */
  falseDeaths: number;
  /** How many addresses were taken for members that never were any: damaged datagrams bring such. */
  strangers: number;
  /** Until all who could know it knew that the dead were dead; null: never; missing: nobody was dead. */
  deathKnownMs?: number | null;
  /** From the end of the fault until all knew all others again; null: not within the limit. */
  wholeMs: number | null;
  /** How long was waited for that. */
  limitMs: number;
  /** The addresses of those who were lost to others, or others to them, at the end. */
  lost: string[];
}

/** Keeps what a story measured. */
export function keepRows(fault: string, rows: readonly Row[]): void {
  writeFileSync(
    join(ROWS, (fault + " " + rows[0].implementation).replaceAll(/\W+/g, "-") + ".json"),
    JSON.stringify(rows),
  );
}

/** Puts together what the stories measured, into a file and onto the screen. */
export function writeTable(): void {
  const files = readdirSync(ROWS).sort();
  const rows = files.flatMap((name) => JSON.parse(readFileSync(join(ROWS, name), "utf8")) as Row[]);
  if (rows.length === 0) return;
  mkdirSync(dirname(TABLE), { recursive: true });
  writeFileSync(TABLE, JSON.stringify({ date: new Date().toISOString(), rows }, undefined, 2) + "\n");
  const table = new Table({
    head: ["fault", "members of", "false deaths", "strangers", "death known", "whole again", "lost"],
  });
  for (const row of rows) {
    table.push([
      row.fault,
      row.implementation,
      String(row.falseDeaths),
      String(row.strangers),
      row.deathKnownMs === undefined ? "" : seconds(row.deathKnownMs),
      row.wholeMs === null ? `not in ${row.limitMs / 1000} s` : seconds(row.wholeMs),
      row.lost.length === 0 ? "" : `${row.lost.length} of ${row.members}`,
    ]);
  }
  process.stdout.write(table.toString() + "\n");
}

function seconds(ms: number | null): string {
  return ms === null ? "never" : (ms / 1000).toFixed(1) + " s";
}
