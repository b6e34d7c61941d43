import { networkInterfaces } from "node:os";
import { isIpv6, isLinkLocal, type Interfaces } from "./addresses.js";

/** How often the interfaces are looked at. */
const PERIOD_MS = 3000;
/**
 * For how many looks an address must be gone before one is taken that was there beside it: an interface of virtual
 * machines must not take the place of a network that is back soon.
 */
const PATIENCE = 10;

/** An address of the machine that others may reach. */
interface OuterAddress {
  readonly name: string;
  readonly address: string;
}

/**
 * Watches the address that a node found for itself. While it is there on any interface, it is kept. When it is gone,
 * another one of the same interface takes its place at once, as does one that was not there before; one that was there
 * all along only after half a minute. When the interface at which the node began has an address again, the node goes
 * back there.
 */
export class InterfaceWatch {
  private readonly interfaces: Interfaces;
  private readonly changed: (address: string) => void;
  private readonly timer: NodeJS.Timeout;
  private address: string;
  /** The interface at which the node began; undefined while there was none. */
  private home: string | undefined;
  /** All addresses when ours was last there. */
  private known: readonly OuterAddress[] = [];
  private missedLooks = 0;

  /**
   * @param address the address that the node has found
   * @param changed is called with the address when the node has another one, and when its own is there again after it
   *   was gone
   */
  constructor(
    address: string,
    changed: (address: string) => void,
    interfaces: Interfaces = networkInterfaces,
  ) {
    this.address = address;
    this.changed = changed;
    this.interfaces = interfaces;
    this.note(this.outer());
    this.timer = setInterval(() => this.look(), PERIOD_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    let outer: OuterAddress[];
    try {
      outer = this.outer();
    } catch {
      // The system does not say; it may at the next look.
      return;
    }
    const next = this.choose(outer);
    if (next === undefined) {
      this.missedLooks++;
      return;
    }
    const isNews = next !== this.address || this.missedLooks > 0;
    this.address = next;
    this.missedLooks = 0;
    this.note(outer);
    if (isNews) this.changed(next);
  }

  /** Returns the address to have from now on, or undefined when there is none for now. */
  private choose(outer: readonly OuterAddress[]): string | undefined {
    const own = outer.find(({ address }) => address === this.address);
    const atHome = outer.find(({ name }) => name === this.home);
    if (own !== undefined && (own.name === this.home || atHome === undefined)) return own.address;
    if (atHome !== undefined) return atHome.address;
    const isPatient = this.missedLooks < PATIENCE;
    const isNew = ({ address }: OuterAddress): boolean => !this.known.some((old) => old.address === address);
    return outer.find((found) => !isPatient || isNew(found))?.address;
  }

  private note(outer: readonly OuterAddress[]): void {
    this.known = outer;
    this.home ??= outer.find(({ address }) => address === this.address)?.name;
  }

  /** The addresses that others may reach, of the family of ours. */
  private outer(): OuterAddress[] {
    const isV6 = isIpv6(this.address);
    const found: OuterAddress[] = [];
    for (const [name, infos] of Object.entries(this.interfaces())) {
      for (const { address, family, internal } of infos ?? []) {
        if (!internal && (family === "IPv6") === isV6 && !isLinkLocal(address)) found.push({ name, address });
      }
    }
    return found;
  }
}
