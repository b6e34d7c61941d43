import Timer from "timer";
import type { Driver } from "../shared/options.js";
import { Clock } from "./clock.js";
import { SendViews } from "./send-views.js";
import { openUdp, type UdpSocket } from "./udp.js";

/**
 * The longest wait that the timer is set to, because its milliseconds have 32 bits and the clock must be read now and
 * then.
 */
const LONGEST_WAIT_MS = 3_600_000;
/** The first pause before a port that could not be bound is tried again; doubled every time. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** What the driver calls. It catches what these throw, because an exception that leaves a callback ends the machine. */
export interface DriverEvents {
  /** Its UDP port to bind. */
  readonly options: { readonly port: number };
  ready(): void;
  receive(bytes: Uint8Array, start: number, end: number): void;
  wake(): void;
  /** The port could not be opened; it is tried again. */
  notOpened(error: unknown): void;
  /** One of the others threw. Must not throw. */
  threw(error: unknown): void;
}

/**
 * One UDP socket and one timer. The timer is made once and re-armed, because a new one for each wait would cost 5
 * heap slots. The driver is a clock instead of having one, which saves 32 bytes.
 */
export class XsDriver extends Clock implements Driver {
  private readonly views = new SendViews();
  private events: DriverEvents | undefined;
  private socket: UdpSocket | undefined;
  private timer: Timer | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  /** What the timer and the socket call: one function for both, since a second closure would take 144 bytes. */
  private callback: ((argument?: unknown) => void) | undefined;

  /** Binds the port soon after this returned, and tries again for as long as that fails. */
  open(events: DriverEvents): void {
    this.events = events;
    this.callback = (argument) => this.onEvent(argument); // eslint-disable-line no-restricted-syntax -- made once
    this.timer = Timer.repeat(this.callback, 1);
  }

  send(address: string, port: number, data: Uint8Array, start: number, end: number): void {
    if (this.socket === undefined) throw new Error("send: the socket is not open");
    this.socket.write(this.views.find(data, start, end), address, port);
  }

  arm(ms: number): void {
    // Until the socket is open, the timer is used to open it; `ready` sets it again.
    if (this.socket !== undefined) this.schedule(ms);
  }

  close(): void {
    if (this.timer !== undefined) Timer.clear(this.timer);
    if (this.socket !== undefined) this.socket.close();
    this.timer = undefined;
    this.socket = undefined;
    this.events = undefined;
  }

  private schedule(ms: number): void {
    if (this.timer === undefined) return;
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(1, Math.ceil(ms)));
    // First and repeat must be equal: the simulator starts a second timer otherwise.
    Timer.schedule(this.timer, wait, wait);
  }

  /** The socket gives the number of datagrams that wait; the timer gives itself. */
  private onEvent(argument: unknown): void {
    if (typeof argument === "number") this.onReadable(argument);
    else this.onTimer();
  }

  private onTimer(): void {
    const events = this.events;
    if (events === undefined) return;
    // It repeats its last wait unless it is told another.
    this.schedule(LONGEST_WAIT_MS);
    try {
      if (this.socket === undefined) this.openSocket(events);
      else events.wake();
    } catch (error) {
      this.survive(events, error);
    }
  }

  private openSocket(events: DriverEvents): void {
    try {
      if (this.callback !== undefined) this.socket = openUdp(events.options.port, this.callback);
    } catch (error) {
      const what = "UDP port " + events.options.port + " could not be opened and is tried again: ";
      events.notOpened(new Error(what + String(error)));
      this.retryLater();
      // Calls the user's `onError`.
      events.wake();
      return;
    }
    events.ready();
  }

  private retryLater(): void {
    this.schedule(this.pauseMs);
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  /** Reads as many datagrams as wait now, and no more, because a flood must not keep the timer from running. */
  private onReadable(count: number): void {
    for (let left = count; left > 0; left--) {
      const events = this.events;
      const socket = this.socket;
      if (events === undefined || socket === undefined) return;
      try {
        const packet = socket.read();
        if (packet === undefined) return;
        events.receive(new Uint8Array(packet), 0, packet.byteLength);
      } catch (error) {
        this.survive(events, error);
      }
    }
  }

  private survive(events: DriverEvents, error: unknown): void {
    if (this.events === undefined) traceError(error);
    else events.threw(error);
  }
}

/** Traces an error that the program did not get. */
export function traceError(error: unknown): void {
  trace("xswim: caught " + String(error) + "\n");
}
