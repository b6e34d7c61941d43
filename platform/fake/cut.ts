import type { Machine } from "./machine.js";

/** A partition: two groups of machines that cannot reach each other. */
export class Cut {
  private readonly from: ReadonlySet<Machine>;
  private readonly to: ReadonlySet<Machine>;
  private readonly oneWay: boolean;

  /** @param oneWay whether only datagrams from `from` to `to` are lost, and not those back */
  constructor(from: readonly Machine[], to: readonly Machine[], oneWay: boolean) {
    this.from = new Set(from);
    this.to = new Set(to);
    this.oneWay = oneWay;
  }

  /** Whether a datagram from `from` cannot reach `to`. */
  parts(from: Machine, to: Machine): boolean {
    return (
      (this.from.has(from) && this.to.has(to)) || (!this.oneWay && this.from.has(to) && this.to.has(from))
    );
  }
}
