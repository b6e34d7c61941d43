/**
 * A Wi-Fi connection that never gives up, on Moddable XS.
 * @module xswim/wifi
 */
import WiFi from "embedded:network/interface/wifi";
import Timer from "timer";
import { refuseUnknown } from "../../../core/checks.js";

/** How often the connection is looked at: the SDK tells of no new address while it is connected. */
const CHECK_MS = 1000;
/** The wait before the second attempt to connect, in checks; doubled every time. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 5;
/** After so many checks without an address, an attempt that neither failed nor succeeded is given up. */
const PATIENCE = 30;

/** States of a network interface in ECMA-419: at most this when it is neither connected nor connecting. */
const DISCONNECTED = 200;
const CONNECTED = 500;

/** The longest name and the longest password that a network can have, in bytes. */
const LONGEST_SSID = 32;
const LONGEST_PASSWORD = 64;

/** The options of a `WiFiConnection`. */
export interface WiFiConnectionOptions {
  /** The name of the network, 1 to 32 bytes. */
  ssid: string;
  /** Its password; left out or empty when the network has none. */
  password?: string | undefined;
  /**
   * The device has this IPv4 address. It is called for the first address, for each other one, and when the network is
   * back after `onLost`, with the same address or another. Make the node here, or tell it: `node.networkChanged(address)`.
   */
  onAddress(address: string): void;
  /** The device has no IPv4 address any more. The connection goes on trying. */
  onLost?(): void;
  /**
   * The SDK could not do what it was asked, or one of your callbacks threw. The connection goes on. Without this
   * callback, the error is traced.
   */
  onError?(error: unknown): void;
}

/**
 * A Wi-Fi connection that never gives up. It looks at the network interface once a second, because the SDK does not tell
 * when DHCP gives the device another address. It connects when there is no connection, with pauses of 1 to 5 seconds, and
 * begins anew when it has no IPv4 address 30 seconds after that.
 */
export class WiFiConnection {
  private readonly options: WiFiConnectionOptions;
  private timer: Timer | undefined;
  private wifi: WiFi | undefined = undefined;
  /** The last address that the program was told. */
  private told = "";
  private isUp = false;
  /** Checks until the next attempt to connect, and those from that one to its next. */
  private untilAttempt = 0;
  private pause = FIRST_PAUSE;
  /** Checks since the interface began to connect. */
  private patience = PATIENCE;

  /**
   * Returns at once; the first callback comes later.
   * @throws TypeError that names the wrong or unknown option
   */
  constructor(options: WiFiConnectionOptions) {
    checkOptions(options);
    this.options = options;
    this.timer = Timer.repeat(() => this.check(), 1); // eslint-disable-line no-restricted-syntax -- made once
  }

  /** The IPv4 address that the device has now; undefined when it has none. */
  get address(): string | undefined {
    return this.isUp ? this.told : undefined;
  }

  /**
   * Leaves the network, so that the radio can rest, and calls nothing any more. To connect again make another
   * `WiFiConnection`. A second call does nothing.
   */
  close(): void {
    if (this.timer === undefined) return;
    Timer.clear(this.timer);
    this.timer = undefined;
    this.isUp = false;
    try {
      this.wifi?.disconnect();
    } catch {
      // It had not been connected.
    }
    this.drop();
  }

  private check(): void {
    if (this.timer === undefined) return;
    // Set anew each time: after a stall a repeating timer would make up for all the checks that it missed.
    Timer.schedule(this.timer, CHECK_MS, CHECK_MS);
    this.look();
    if (this.timer === undefined || this.isUp) return;
    try {
      this.work();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Tells the program what has changed. */
  private look(): void {
    const address = this.read();
    if (address !== undefined) {
      if (this.isUp && address === this.told) return;
      this.isUp = true;
      this.told = address;
      this.untilAttempt = 0;
      this.pause = FIRST_PAUSE;
      this.patience = PATIENCE;
      this.tell(true);
    } else if (this.isUp) {
      this.isUp = false;
      this.tell(false);
    }
  }

  /** The IPv4 address of the interface while it is connected. */
  private read(): string | undefined {
    try {
      if (this.wifi === undefined || this.wifi.connection < CONNECTED) return undefined;
      const address = this.wifi.address;
      // Without an IPv4 address an ESP32 gives an IPv6 address that is valid on its own link only.
      const isUsable = address !== undefined && address.indexOf(":") < 0 && address !== "0.0.0.0";
      return isUsable ? address : undefined;
    } catch (error) {
      // The object is of no use any more: the next attempt makes another.
      this.drop();
      this.failed(error);
      return undefined;
    }
  }

  private tell(isUp: boolean): void {
    try {
      if (isUp) this.options.onAddress(this.told);
      else if (this.options.onLost !== undefined) this.options.onLost();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Does the next thing for an address. */
  private work(): void {
    if (this.wifi !== undefined && this.wifi.connection > DISCONNECTED) {
      this.patience--;
      if (this.patience > 0) return;
      this.patience = PATIENCE;
      this.wifi.disconnect();
      return;
    }
    this.patience = PATIENCE;
    this.untilAttempt--;
    if (this.untilAttempt > 0) return;
    this.untilAttempt = this.pause;
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    this.connect();
  }

  private connect(): void {
    if (this.wifi === undefined) {
      this.wifi = new WiFi({ onChanged: () => this.look() }); // eslint-disable-line no-restricted-syntax -- made once
      this.look();
      // It may have been connected before.
      if (this.wifi === undefined || this.wifi.connection > DISCONNECTED) return;
    }
    const { ssid: SSID, password } = this.options;
    this.wifi.connect(password ? { SSID, password } : { SSID });
  }

  private drop(): void {
    const wifi = this.wifi;
    this.wifi = undefined;
    try {
      wifi?.close();
    } catch {
      // It was closed already.
    }
  }

  /** An exception that left a callback of the SDK's would end the machine. */
  private failed(error: unknown): void {
    try {
      if (this.options.onError !== undefined) this.options.onError(error);
      else trace("xswim/wifi: caught " + String(error) + "\n");
    } catch (another) {
      trace("xswim/wifi: caught " + String(another) + "\n");
    }
  }
}

function checkOptions(options: WiFiConnectionOptions): void {
  const where = "WiFiConnection";
  if (options === null || typeof options !== "object")
    throw new TypeError(where + ": expected an object of options");
  refuseUnknown(where, options, ["ssid", "password", "onAddress", "onLost", "onError"]);
  const { ssid, password = "", onAddress, onLost, onError } = options;
  if (typeof ssid !== "string" || ssid === "" || ssid.length > LONGEST_SSID)
    throw new TypeError(where + ": ssid must be the name of a network, 1 to 32 bytes");
  if (typeof password !== "string" || password.length > LONGEST_PASSWORD)
    throw new TypeError(where + ": password must be a string of at most 64 bytes");
  if (typeof onAddress !== "function") throw new TypeError(where + ": onAddress must be a function");
  if (onLost !== undefined && typeof onLost !== "function")
    throw new TypeError(where + ": onLost must be a function");
  if (onError !== undefined && typeof onError !== "function")
    throw new TypeError(where + ": onError must be a function");
}
