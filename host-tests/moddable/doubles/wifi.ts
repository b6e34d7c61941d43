import { radio } from "./radio.js";

/** The SDK's `embedded:network/interface/wifi`, on the radio of the test. */
export default class FakeWiFi {
  readonly onChanged: ((property: string) => void) | undefined;

  constructor(options: { onChanged?: (property: string) => void }) {
    if (radio.constructorFailures-- > 0) throw new Error("no memory");
    this.onChanged = options.onChanged;
    radio.interfaces.push(this);
  }

  get connection(): number {
    return radio.read(radio.connection);
  }

  get address(): string | undefined {
    return radio.read(radio.address);
  }

  connect(options: { SSID: string; password?: string }): void {
    radio.ask("connect " + JSON.stringify(options));
    radio.connection = 300;
  }

  disconnect(): void {
    radio.ask("disconnect");
    radio.connection = 200;
    radio.address = undefined;
  }

  close(): void {
    const at = radio.interfaces.indexOf(this);
    if (at < 0) throw new SyntaxError("invalid host data");
    radio.interfaces.splice(at, 1);
  }
}
