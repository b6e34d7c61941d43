import type { Renewable } from "../../core/index.js";
import type { HostNodeConstructor, HostNodeOptions } from "../host/options.js";
import type { SwimNodeConstructor } from "../shared/node-types.js";
import type { AddressOf } from "../shared/options.js";
import type { ValueFormat } from "../shared/value-format.js";
import { checkFunction, checkMs, checkName, checkObject } from "./checks.js";
import { Flash } from "./flash.js";
import { Machine, type Medium } from "./machine.js";
import { SwimNode } from "./swim-node.js";

/** A program that runs on a host, and is started again at each reboot. `Host.run` returns it. */
export interface HostProgram<T> {
  /** What the program returned at its last start; undefined while the host is off. */
  readonly current: T | undefined;
}

/** The options of `Host.reboot`. */
export interface RebootOptions {
  /** For how many milliseconds the host is off; 0 when left out. */
  offMs?: number;
}

/** A machine on the fake network, with the class `SwimNode` as device code knows it. `FakeNetwork.host` makes it. */
export class Host extends Machine {
  /** Makes a node on this host: `new host.SwimNode({ port: 7946 })`. */
  readonly SwimNode: SwimNodeConstructor;
  /** The same class, with the type that it has on Node: for tests of programs that run there. */
  readonly HostNode: HostNodeConstructor;
  /** What survives crashes and reboots. Give it to nodes as their `store`. */
  readonly flash: Flash;
  private program: ((host: Host) => unknown) | undefined = undefined;
  private result: unknown = undefined;
  /** When a reboot starts the program again, in milliseconds of the virtual clock; Infinity for never. */
  private onAtMs = Infinity;
  /** Counts what switches the host on or off, so that an earlier order can tell that it is outdated. */
  private switchings = 0;

  /** Use `FakeNetwork.host` instead, which also connects the host. */
  constructor(network: Medium, address: string) {
    super(network, address);
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const host = this;
    this.flash = new Flash(() => this.cutPower());
    this.HostNode = class<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends SwimNode<
      T,
      A,
      F
    > {
      constructor(options: HostNodeOptions<T, A, F>) {
        super(options, host);
      }
    };
    this.SwimNode = this.HostNode;
  }

  /** When a host that is off starts again by itself, in milliseconds of the virtual clock; Infinity for never. */
  get startsAtMs(): number {
    return this.onAtMs;
  }

  /**
   * Runs a program on this host now, and again at each `start` and `reboot`: `host.run(startLamp)` calls
   * `startLamp(host)`. What it makes is gone after a crash, unless it is in `flash`, so let it begin with nothing else.
   * The result's `current` is what the program returned last.
   * @throws TypeError when `program` is not a function, Error when the host has a program that runs, and what the program
   *   throws; the host is off then
   */
  run<T>(program: (host: Host) => T): HostProgram<T> {
    checkFunction("Host.run: program", program);
    if (this.program !== undefined && !this.isOff)
      throw new Error(
        "Host.run: " +
          this.address +
          " runs a program already; crash() it first, or reboot() to start it again",
      );
    this.program = program;
    this.begin();
    const current = (): T | undefined => (this.program === program ? (this.result as T) : undefined);
    return {
      get current() {
        return current();
      },
    };
  }

  /**
   * Switches a host on that is off, and starts its program, if it has one.
   * @throws Error when the host is not off, and what the program throws; the host is off then
   */
  start(): void {
    if (!this.isOff)
      throw new Error("Host.start: " + this.address + " is on already; to start it again: reboot()");
    this.begin();
  }

  /**
   * Crashes the host, and starts its program again after `offMs` milliseconds. With 0, or without, that is as soon as
   * the clock runs on, never inside this call. A `crash`, `start` or `reboot` until then takes the place of that.
   * @throws TypeError or RangeError for a wrong option, Error when no program was given to `run`; then nothing has changed
   */
  reboot(options: RebootOptions = {}): void {
    checkObject("Host.reboot", options, "{ offMs: 5000 }");
    for (const name of Object.keys(options)) checkName("Host.reboot", name, ["offMs"]);
    const { offMs = 0 } = options;
    checkMs("Host.reboot: offMs", offMs);
    if (this.program === undefined)
      throw new Error("Host.reboot: " + this.address + " has no program; start it by host.run(program)");
    if (this.isOff) this.switchings++;
    else this.crash();
    const { switchings } = this;
    this.onAtMs = this.clock.nowMs + offMs;
    this.clock.plan(offMs, { run: () => (this.switchings === switchings ? this.begin() : undefined) });
  }

  override crash(): void {
    super.crash();
    this.switchOff(this.program !== undefined);
  }

  /** The flash lost its power in the middle of a write. */
  private cutPower(): void {
    super.crash();
    this.switchOff(true, true);
    const { switchings } = this;
    // Until then, what called the flash goes on; on a device it would not.
    this.clock.plan(0, {
      run: () => {
        this.flash.powerUp();
        if (this.switchings === switchings) this.setPower(false);
      },
    });
  }

  private switchOff(isOff: boolean, isDying = false): void {
    this.switchings++;
    this.onAtMs = Infinity;
    this.result = undefined;
    this.setPower(!isOff, isDying);
  }

  private begin(): void {
    const switchings = ++this.switchings;
    this.onAtMs = Infinity;
    this.flash.powerUp();
    if (this.isOff) this.setPower(true);
    if (this.program === undefined) return;
    try {
      const result = this.program(this);
      // Not when it crashed meanwhile, because of a power cut.
      if (this.switchings === switchings) this.result = result;
    } catch (error) {
      if (this.switchings === switchings) this.crash();
      throw error;
    }
  }
}
