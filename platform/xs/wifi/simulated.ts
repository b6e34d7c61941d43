// In the place of the SDK's `embedded:network/interface/wifi` in its simulator, which has none: the network of the host,
// that is there at once and stays.
import Net from "net";

const DISCONNECTED = 200;
const CONNECTED = 500;

export default class SimulatedWiFi {
  connection = CONNECTED;

  /** It tells of no change, because there is none. */
  constructor(_options: { onChanged(): void }) {}

  get address(): string | undefined {
    return this.connection === CONNECTED ? Net.get("IP") : undefined;
  }

  get MAC(): string | undefined {
    return Net.get("MAC");
  }

  connect(_network: { SSID: string; password?: string }): void {
    this.connection = CONNECTED;
  }

  disconnect(): void {
    this.connection = DISCONNECTED;
  }

  close(): void {}
}
