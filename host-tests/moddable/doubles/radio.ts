// The Wi-Fi of a device that changes only when a test says so, and the objects by which a program looks at it.
import type FakeWiFi from "./wifi.js";

export class Radio {
  connection = 200;
  address: string | undefined = undefined;
  /** The objects that are open. */
  readonly interfaces: FakeWiFi[] = [];
  /** What was asked of it. */
  readonly asked: string[] = [];
  /** How many of the next calls throw: of the constructor, of `connect` and `disconnect`, of the getters. */
  constructorFailures = 0;
  callFailures = 0;
  readFailures = 0;

  /** The radio changed, which is told. */
  become(connection: number, address?: string): void {
    this.connection = connection;
    this.address = address;
    for (const network of [...this.interfaces]) network.onChanged?.("connection");
  }

  /** Takes part in a call. @throws Error when it is to fail */
  ask(what: string): void {
    this.asked.push(what);
    if (this.callFailures-- > 0) throw new Error("connect failed");
  }

  read<T>(value: T): T {
    if (this.readFailures-- > 0) throw new SyntaxError("invalid host data");
    return value;
  }
}

export let radio = new Radio();

export function resetRadio(): Radio {
  radio = new Radio();
  return radio;
}
