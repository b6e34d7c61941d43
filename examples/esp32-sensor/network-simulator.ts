// The simulator uses the network of its host: there is an address at once, and it stays.
import config from "mc/config";
import Net from "net";
import Timer from "timer";

/** As in `network-wifi.ts`. */
interface NetworkOptions {
  ssid: string;
  password: string;
  onAddress(address: string): void;
  onLost(): void;
}

export default class Network {
  constructor(options: NetworkOptions) {
    Timer.set(() => options.onAddress(config.advertise ?? Net.get("IP")), 1);
  }
}
