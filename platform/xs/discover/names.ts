import Net from "net";
import { hostPort } from "../../shared/addresses.js";
import type { InnerNode } from "./inner-node.js";

/** The first pause between two tries while the node is alone; doubled every time. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Calls seeds that are given by the names of their hosts while the node is alone. Each is looked up again at each try. */
export class Names<T> {
  private readonly seeds: readonly string[];
  private readonly node: InnerNode<T>;
  private nextMs = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private hasTold = false;
  private isClosed = false;

  /** @param seeds that passed `checkSeeds` */
  constructor(node: InnerNode<T>, seeds: readonly string[]) {
    this.node = node;
    this.seeds = seeds;
  }

  /** Looks them up when it is time to. */
  wake(nowMs: number): void {
    const { node, seeds } = this;
    if (node.swim.isConnected) {
      this.nextMs = nowMs;
      this.pauseMs = FIRST_PAUSE_MS;
    }
    if (node.swim.isConnected || node.swim.isDefunct || nowMs < this.nextMs) return;
    this.nextMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    for (let i = 0; i < seeds.length; i++) this.lookUp(seeds[i]);
  }

  /** What is being looked up is not called any more. */
  close(): void {
    this.isClosed = true;
  }

  private lookUp(seed: string): void {
    const colon = seed.lastIndexOf(":");
    try {
      // eslint-disable-next-line no-restricted-syntax -- made for a try
      Net.resolve(seed.slice(0, colon), (_host: string, address?: string) => {
        if (!this.isClosed) this.found(seed, address, Number(seed.slice(colon + 1)));
      });
    } catch (error) {
      this.failed(seed, error);
    }
  }

  private found(seed: string, address: string | undefined, port: number): void {
    const { swim, type } = this.node;
    try {
      if (address === undefined) this.failed(seed, "no address is known");
      else if (type.at !== undefined && !swim.isDefunct) {
        const identity = type.at(hostPort(address, port), 0);
        if (!swim.isSelf(identity) && !swim.knows(identity)) swim.announce(identity);
      }
    } catch (error) {
      this.failed(seed, error);
    }
  }

  /** Tells only the first error. */
  private failed(seed: string, error: unknown): void {
    if (this.hasTold) return;
    this.hasTold = true;
    this.node.failed(new Error("discover: the seed " + seed + " could not be looked up: " + String(error)));
  }
}

/** @throws TypeError that names the seed that is not a name and a port */
export function checkSeeds(seeds: unknown): void {
  if (!Array.isArray(seeds)) throw new TypeError("discover: seeds must be an array of names and ports");
  for (let i = 0; i < seeds.length; i++) {
    const seed: unknown = seeds[i];
    const port = typeof seed === "string" ? Number(/^[-.\w]+:(\d{1,5})$/.exec(seed)?.[1]) : NaN;
    if (!(port >= 1 && port <= 65535))
      throw new TypeError("discover: seeds[" + i + "] must be a name and a port, such as lamp.local:7946");
  }
}
