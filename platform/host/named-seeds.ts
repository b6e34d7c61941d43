import { hostPort } from "../shared/addresses.js";

/** The first pause between two tries while the node is alone; doubled every time, and shortened by up to half. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** How often a connected node calls those of them that it does not know, so that the halves of a split cluster find each other. */
const CALL_SILENT_MS = 60_000;

/** A seed that is given by the name of its host. */
export interface NamedSeed {
  readonly host: string;
  readonly port: number;
}

/** The node that calls them, and its platform. */
export interface NamingNode {
  /** Whether the node has joined, and neither left nor been declared Down. */
  readonly isConnected: boolean;
  /** From 0 up to 1. */
  fraction(): number;
  /** Calls `callback` once, in `ms` milliseconds; returns what takes that back. */
  later(ms: number, callback: () => void): () => void;
  /** Finds the address of a host by its name. It calls `found` once, later, with an address or an error. */
  lookUp(host: string, found: (error: unknown, address?: string) => void): void;
  /** Announces to an address such as `192.168.1.10:7946`, unless that is the node itself or a member. */
  call(address: string): void;
  failed(error: unknown): void;
}

/**
 * Calls the seeds that are given by names. Each is looked up again at each try, since the host may have another address by then.
 * A name that is not found is told once, and again when it was found meanwhile.
 */
export class NamedSeeds {
  private readonly seeds: readonly NamedSeed[];
  private readonly node: NamingNode;
  private readonly missing = new Set<string>();
  private cancel: (() => void) | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private isClosed = false;

  constructor(seeds: readonly NamedSeed[], node: NamingNode) {
    this.seeds = seeds;
    this.node = node;
  }

  /** Tries now, and then from time to time. */
  hurry(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.try();
  }

  /** Stops for good. What is being looked up is not called any more. */
  close(): void {
    this.isClosed = true;
    this.cancel?.();
  }

  private try(): void {
    this.cancel?.();
    if (this.isClosed) return;
    const { node } = this;
    for (const seed of this.seeds)
      node.lookUp(seed.host, (error, address) => this.found(seed, error, address));
    const pauseMs = node.isConnected ? CALL_SILENT_MS : this.pauseMs * (1 - node.fraction() / 2);
    this.pauseMs = node.isConnected ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    this.cancel = node.later(Math.ceil(pauseMs), () => this.try());
  }

  private found({ host, port }: NamedSeed, error: unknown, address: string | undefined): void {
    if (this.isClosed) return;
    if (address === undefined) {
      if (this.missing.has(host)) return;
      this.missing.add(host);
      this.node.failed(new Error("no address is known for the seed " + host + ": " + String(error)));
      return;
    }
    this.missing.delete(host);
    try {
      this.node.call(hostPort(address, port));
    } catch (mistake) {
      this.node.failed(mistake);
    }
  }
}

/** A name by the rules of RFC 1123, with underscores, and a port; its last part is not all digits, as that of an IPv4 address is. */
const NAME =
  /^(?=.{1,253}:)(?:[a-z\d_](?:[-\w]{0,61}[a-z\d_])?\.)*(?!\d+\.?:)[a-z\d_](?:[-\w]{0,61}[a-z\d_])?\.?:(\d{1,5})$/i;

/** Takes a seed such as `lamp.local:7946` apart; undefined when it is something else. */
export function namedSeed(seed: unknown): NamedSeed | undefined {
  const port = typeof seed === "string" ? Number(NAME.exec(seed)?.[1]) : NaN;
  if (typeof seed !== "string" || !(port >= 1 && port <= 65535)) return undefined;
  return { host: seed.slice(0, seed.lastIndexOf(":")), port };
}
