// The SDK's modules inside a machine, as far as the sensor example uses them, on the host's one timer and its messages.
// A socket, a timer and a received datagram make about as many slots as the SDK's own.
import type { XsHost } from "../../xs/host.js";

declare const host: XsHost;

/** The other side's address before each message. */
const HEADER_LENGTH = 6;

(globalThis as { trace?: (text: string) => void }).trace = (text) => host.print(text);

interface Alarm {
  callback: (alarm: Alarm) => void;
  atMs: number;
  /** 0: once. */
  repeatMs: number;
}

const alarms: Alarm[] = [];

function rearm(): void {
  let soonestMs = Infinity;
  for (let i = 0; i < alarms.length; i++) soonestMs = Math.min(soonestMs, alarms[i].atMs);
  if (soonestMs === Infinity) host.disarm();
  else host.arm(Math.max(0, soonestMs - host.now()));
}

host.onTimer = () => {
  for (let i = alarms.length - 1; i >= 0; i--) {
    const alarm = alarms[i];
    if (alarm === undefined || alarm.atMs > host.now()) continue;
    if (alarm.repeatMs === 0) alarms.splice(i, 1);
    else alarm.atMs = host.now() + alarm.repeatMs;
    alarm.callback(alarm);
  }
  rearm();
};

export const Timer = {
  repeat(callback: (alarm: Alarm) => void, ms: number): Alarm {
    return Timer.set(callback, ms, ms);
  },
  set(callback: (alarm: Alarm) => void, ms: number, repeatMs = 0): Alarm {
    const alarm = { callback, atMs: host.now() + ms, repeatMs };
    alarms.push(alarm);
    rearm();
    return alarm;
  },
  schedule(alarm: Alarm, ms: number, repeatMs: number): void {
    alarm.atMs = host.now() + ms;
    alarm.repeatMs = repeatMs;
    rearm();
  },
  clear(alarm: Alarm): void {
    const at = alarms.indexOf(alarm);
    if (at >= 0) alarms.splice(at, 1);
    rearm();
  },
};

export const Time = {
  get ticks(): number {
    return host.now();
  },
  delta: (from: number, to: number): number => to - from,
};

export const Net = {
  get: (what: string): string | undefined => (what === "MAC" ? "00:11:22:33:44:55" : undefined),
};

/** What was written of the starts; it is read back. */
const sealed: Record<string, string> = {};

/** The module `xswim/store`, on flash that is not in the machine. */
export const store = {
  store: {
    get: (_domain: string, key: string): string | undefined => (key.startsWith("seal") ? sealed[key] : "41"),
    set(_domain: string, key: string, value: string): void {
      if (key.startsWith("seal")) sealed[key] = value;
    },
  },
};

/** Joins its network a second after it was told to. */
export class WiFi {
  connection = 0;
  address: string | undefined = undefined;
  private readonly onChanged: () => void;

  constructor(options: { onChanged(): void }) {
    this.onChanged = options.onChanged;
  }

  connect(): void {
    this.connection = 300;
    Timer.set(() => {
      this.connection = 500;
      this.address = "10.0.0.1";
      this.onChanged();
    }, 1000);
  }
}

/** Where messages and the bytes before them are put on their way; the network stack's, not the machine's. */
const message = new Uint8Array(HEADER_LENGTH + 1500);
const header = new Uint8Array(HEADER_LENGTH);

interface Packet extends ArrayBuffer {
  address: string;
  port: number;
}

export class UDP {
  private waiting = 0;

  constructor(options: { onReadable(count: number): void }) {
    host.onMessage = (length) => {
      host.receive(message);
      this.waiting = length;
      options.onReadable(1);
    };
  }

  read(): Packet | undefined {
    if (this.waiting === 0) return undefined;
    const packet = message.buffer.slice(HEADER_LENGTH, this.waiting) as Packet;
    packet.address = message[0] + "." + message[1] + "." + message[2] + "." + message[3];
    packet.port = (message[4] << 8) | message[5];
    this.waiting = 0;
    return packet;
  }

  write(data: Uint8Array, address: string, port: number): void {
    const parts = address.split(".");
    for (let i = 0; i < 4; i++) header[i] = Number(parts[i]);
    header[4] = port >> 8;
    header[5] = port & 255;
    host.append(header);
    host.send(data);
  }

  close(): void {
    host.onMessage = undefined;
  }
}

/** As the example's manifest has it, and as the command line gives it. */
export const config = Object.freeze({
  ssid: "a network",
  password: "secret",
  seeds: "10.0.0.2:7946",
  key: (globalThis as { sensorKey?: string }).sensorKey ?? "",
  port: 7946,
  everySeconds: 5,
  runSeconds: 0,
});
