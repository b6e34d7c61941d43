import type { IdentityType, LeanSwim } from "../../core/index.js";
import { DOMAIN, type Store } from "./bump.js";
import { identityAt } from "./seeds.js";

/** How many members are remembered, each under a key of its own: `peer0` to `peer7`. */
const SIZE = 8;
const KEY = "peer";
/** The longest value that an ESP8266 keeps. */
const MAX_LENGTH = 63;
/** How long a node is connected before it writes its members for the first time. */
const FIRST_MS = 60_000;
/** The least time between two writes, but for the one in `close`. */
const PAUSE_MS = 3_600_000;

/** The node that remembers. */
interface Remembering<T> {
  readonly swim: LeanSwim<T>;
  failed(error: unknown): void;
}

/**
 * The addresses of up to eight members that the node heard from itself, kept in its store. A node that is alone calls
 * them beside its seeds, so that a cluster forms again after all its devices lost their power.
 *
 * They are written when the node has been connected for a minute, then once an hour at most, and when it closes; and
 * only where a place is empty or, when two of the members are gone, in their places. They are read from the store each
 * time, because the addresses would take a device 800 bytes.
 */
export class RememberedPeers<T> {
  private readonly store: Store;
  private readonly type: IdentityType<T>;
  /** They are called anyway, so they take no place. */
  private readonly seeds: readonly T[];
  /** When to write next; Infinity while the node is alone. */
  private nextMs = Infinity;
  private notBeforeMs = 0;

  constructor(store: Store, type: IdentityType<T>, seeds: readonly T[]) {
    this.store = store;
    this.type = type;
    this.seeds = seeds;
  }

  /** The node is connected now, or not any more. */
  connectionChanged(isConnected: boolean, nowMs: number): void {
    this.nextMs = isConnected ? Math.max(this.notBeforeMs, nowMs + FIRST_MS) : Infinity;
  }

  /** Writes when it is time to. */
  wake(node: Remembering<T>, nowMs: number): void {
    if (nowMs < this.nextMs) return;
    this.notBeforeMs = nowMs + PAUSE_MS;
    this.nextMs = this.notBeforeMs;
    this.write(node);
  }

  /** Writes what has changed. Errors of the store go to `failed`. */
  write(node: Remembering<T>): void {
    const { swim } = node;
    const peers = this.peers(node);
    const places = freePlaces(swim, peers);
    if (places.length === 0) return;
    try {
      const addresses = this.newcomers(swim, peers, places.length);
      for (let i = 0; i < addresses.length; i++) this.store.set(DOMAIN, KEY + places[i], addresses[i]);
    } catch (error) {
      node.failed(error);
    }
  }

  /**
   * Returns the remembered members, with an empty place for each that is missing. What the store holds that is not
   * another's address is ignored. Returns none when the store throws, which goes to `failed`.
   */
  peers(node: Remembering<T>): (T | undefined)[] {
    const peers: (T | undefined)[] = [];
    try {
      for (let place = 0; place < SIZE; place++) {
        const text = this.store.get(DOMAIN, KEY + place);
        peers[place] = typeof text === "string" ? this.parse(node.swim, text) : undefined;
      }
    } catch (error) {
      node.failed(error);
      peers.length = 0;
    }
    return peers;
  }

  private parse(swim: LeanSwim<T>, text: string): T | undefined {
    try {
      const peer = identityAt(this.type, text, "");
      return swim.isSelf(peer) ? undefined : peer;
    } catch {
      return undefined;
    }
  }

  /** Returns the addresses of so many members that we heard from, and that are neither remembered nor seeds. */
  private newcomers(swim: LeanSwim<T>, peers: readonly (T | undefined)[], count: number): string[] {
    const { type, seeds } = this;
    const found: string[] = [];
    // eslint-disable-next-line no-restricted-syntax -- made once an hour
    swim.forEachHeard((identity) => {
      const address = type.addressOf(identity);
      const isNew = !includes(type, peers, address) && !includes(type, seeds, address);
      if (isNew && typeof address === "string" && address.length <= MAX_LENGTH) found.push(address);
      return found.length < count;
    });
    return found;
  }
}

/**
 * Returns the places that nobody has, and those of members that are gone; none when there is only one, whose member may
 * come back.
 */
function freePlaces<T>(swim: LeanSwim<T>, peers: readonly (T | undefined)[]): number[] {
  const free: number[] = [];
  let hasEmpty = false;
  for (let place = peers.length - 1; place >= 0; place--) {
    const peer = peers[place];
    if (peer === undefined) {
      hasEmpty = true;
      free.unshift(place);
    } else if (!swim.knows(peer)) free.push(place);
  }
  return hasEmpty || free.length > 1 ? free : [];
}

function includes<T>(type: IdentityType<T>, list: readonly (T | undefined)[], address: unknown): boolean {
  for (let i = 0; i < list.length; i++) {
    const one = list[i];
    if (one !== undefined && type.addressOf(one) === address) return true;
  }
  return false;
}
