import type { Outcome } from "./run-seed.js";

/** How far it is, in one line on a terminal; silent where there is none. */
export class Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly count: number;
  private done_ = 0;
  private numViolations = 0;

  constructor(stream: NodeJS.WriteStream, count: number) {
    this.stream = stream;
    this.count = count;
  }

  at(seed: number, virtualMs: number): void {
    this.show(`seed ${seed} at ${Math.floor(virtualMs / 1000)} s`);
  }

  done(outcome: Outcome): void {
    this.done_++;
    this.numViolations += outcome.numViolations;
    this.show(`seed ${outcome.seed} done`);
  }

  clear(): void {
    if (this.stream.isTTY) this.stream.write("\r\x1b[K");
  }

  private show(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`\r\x1b[K${this.done_}/${this.count} seeds, ${this.numViolations} violations, ${text}`);
  }
}
