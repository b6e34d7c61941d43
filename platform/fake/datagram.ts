import { hostPort } from "../shared/addresses.js";
import type { Clock, Happening } from "./clock.js";
import type { Machine } from "./machine.js";
import type { DatagramEvent, Fate } from "./traffic.js";

/** The network as a datagram uses it. */
interface Carrier {
  readonly clock: Clock;
  settle(datagram: Datagram, fate: Fate): void;
}

/** A datagram on its way; as a happening, its arrival. */
export class Datagram implements Happening {
  isDuplicate = false;
  isCorrupted = false;
  readonly from: Machine;
  readonly to: Machine | undefined;
  readonly bytes: Uint8Array;
  private readonly network: Carrier;
  private readonly fromAddress: string;
  private readonly fromPort: number;
  private readonly address: string;
  private readonly port: number;
  private readonly sentMs: number;

  constructor(
    network: Carrier,
    from: Machine,
    fromPort: number,
    to: Machine | undefined,
    address: string,
    port: number,
    bytes: Uint8Array,
  ) {
    this.network = network;
    this.from = from;
    this.fromAddress = from.address;
    this.fromPort = fromPort;
    this.to = to;
    this.address = address;
    this.port = port;
    this.bytes = bytes;
    this.sentMs = network.clock.nowMs;
  }

  /** Returns a second one. */
  copy(): Datagram {
    const { network, from, fromPort, to, address, port, bytes } = this;
    const copy = new Datagram(network, from, fromPort, to, address, port, bytes.slice());
    copy.isDuplicate = true;
    return copy;
  }

  run(): void {
    const { to, port } = this;
    const isThere = to !== undefined && to.address === this.address;
    const fate = isThere ? to.fateAt(port) : "nobody";
    this.network.settle(this, fate);
    if (isThere && fate === "delivered") to.deliver(port, this.bytes, this.fromAddress, this.fromPort);
  }

  /** Returns what a program is told of it. */
  event(fate: Fate): DatagramEvent {
    return {
      from: hostPort(this.fromAddress, this.fromPort),
      to: hostPort(this.address, this.port),
      bytes: this.bytes.slice(),
      sentMs: this.sentMs,
      nowMs: this.network.clock.nowMs,
      fate,
      isDuplicate: this.isDuplicate,
      isCorrupted: this.isCorrupted,
    };
  }
}
