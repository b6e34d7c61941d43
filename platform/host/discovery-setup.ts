/** What a platform needs to look for other nodes, and whom it tells. */
export interface DiscoverySetup {
  /** The UDP port of the node. */
  readonly port: number;
  readonly cluster: string;
  readonly beaconPort: number;
  /** Whether to use multicast DNS. */
  readonly mdns: boolean;
  /** The only network interface to use; undefined for all that lead to other machines. */
  readonly interface: string | undefined;
  /** The name of the wire format of the node. */
  readonly codec: string;
  /** Somebody was found by multicast DNS. */
  take(address: string, port: number): void;
  /** A datagram came to a port of beacons. */
  heard(bytes: Uint8Array, address: string, port: number): void;
  /** The time asked for by `arm` is over. */
  wake(): void;
  failed(error: unknown): void;
}
