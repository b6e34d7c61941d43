// What a program printed, line by line, for checks that wait for a line.

export class TraceLog {
  /** What was printed so far. */
  lines = [];
  #name;
  #waiting = new Set();

  constructor(name) {
    this.#name = name;
  }

  add(line) {
    this.lines.push(line);
    for (const look of [...this.#waiting]) look();
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
