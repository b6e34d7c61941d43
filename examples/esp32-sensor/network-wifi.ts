// Wi-Fi that never gives up: looks every few seconds, connects when there is no connection, for ever.
import Timer from "timer";
import WiFi from "embedded:network/interface/wifi";

const CHECK_MS = 5000;
/** After so many checks in the middle of connecting, begin anew. */
const PATIENCE = 6;
/** ECMA-419 states of a network interface. */
const DISCONNECTED = 200;
const CONNECTED = 500;

/** The class of the SDK, whose typings leave it out. */
interface Interface {
  readonly connection: number;
  readonly address: string | undefined;
  connect(options: { SSID: string; password?: string; secure?: boolean }): void;
  disconnect(): void;
}

interface NetworkOptions {
  ssid: string;
  password: string;
  onAddress(address: string): void;
  onLost(): void;
}

export default class Network {
  private readonly options: NetworkOptions;
  private readonly wifi: Interface;
  private address: string | undefined = undefined;
  private waited = 0;

  constructor(options: NetworkOptions) {
    this.options = options;
    this.wifi = new WiFi({ onChanged: () => this.look() }) as Interface;
    Timer.repeat(() => this.check(), CHECK_MS);
    this.check();
  }

  private look(): void {
    const connection = this.wifi.connection;
    const address = connection >= CONNECTED ? this.wifi.address : undefined;
    if (address !== undefined && address !== this.address) {
      this.address = address;
      this.options.onAddress(address);
    }
    // The last address is kept: when it comes back nothing has changed.
    if (connection <= DISCONNECTED && this.address !== undefined && this.waited === 0) this.options.onLost();
    if (connection >= CONNECTED) this.waited = 0;
  }

  private check(): void {
    this.look();
    const connection = this.wifi.connection;
    if (connection >= CONNECTED) return;
    this.waited++;
    try {
      if (connection <= DISCONNECTED) {
        const { ssid: SSID, password } = this.options;
        this.wifi.connect(password ? { SSID, password, secure: true } : { SSID });
      } else if (this.waited % PATIENCE === 0) {
        this.wifi.disconnect();
      }
    } catch (error) {
      trace(`Wi-Fi: ${error}\n`);
    }
  }
}
