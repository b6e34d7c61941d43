// What a program printed, line by line, for checks that wait for a line.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

export class TraceLog {
  /** What was printed so far. */
  lines = [];
  #name;
  #times = [];
  #waiting = new Set();

  constructor(name) {
    this.#name = name;
  }

  add(line) {
    this.lines.push(line);
    this.#times.push(performance.now());
    for (const look of [...this.#waiting]) look();
  }

  /** Writes all lines, with the seconds since the start, to a file of the program's name. */
  save(folder) {
    const text = this.lines.map((line, i) => `${(this.#times[i] / 1000).toFixed(2)} ${line}\n`).join("");
    writeFileSync(join(folder, `${this.#name.replace(/\W+/g, "-")}.log`), text);
  }

  /** How many lines there are: a mark for `seen` and `wait`. */
  get mark() {
    return this.lines.length;
  }

  /** The first line after the mark that matches. */
  seen(pattern, mark = 0) {
    return this.lines.slice(mark).find((line) => pattern.test(line));
  }

  /**
   * Waits for a line that matches; rejects after `limitMs` with the last lines. The limit only bounds a failing
   * run: nothing is measured by it.
   */
  wait(pattern, mark = 0, limitMs = 60_000) {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(look);
        clearTimeout(timeout);
      };
      const look = () => {
        const line = this.seen(pattern, mark);
        if (line === undefined) return;
        stop();
        resolve(line);
      };
      const timeout = setTimeout(() => {
        stop();
        const tail = this.lines.slice(-8).join("\n       ");
        reject(
          new Error(
            `${this.#name} did not print ${pattern} in ${limitMs / 1000} s; its last lines:\n       ${tail}`,
          ),
        );
      }, limitMs);
      this.#waiting.add(look);
      look();
    });
  }
}
