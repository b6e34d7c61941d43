// Named checks, one line each, and a count at the end.

export class Checks {
  #passed = 0;
  #failed = 0;

  /** Says how a check went; `detail` explains a failure. */
  report(name, ok, detail = "") {
    if (ok) this.#passed++;
    else this.#failed++;
    console.log(`${ok ? "ok  " : "FAIL"} ${name}${ok || detail === "" ? "" : `\n     ${detail}`}`);
    return ok;
  }

  /** A check that passes when `work` ends without an exception. Returns what it gives, or undefined. */
  async try(name, work) {
    try {
      const result = await work();
      this.report(name, true);
      return result;
    } catch (error) {
      this.report(name, false, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Prints the last line; returns the exit code. */
  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
