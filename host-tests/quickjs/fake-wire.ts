// Hosts on a wire of their own, with a clock that a test moves: the world of machines that run the port.
import type { QuickJsMachine } from "./engine.js";
import type { World } from "./port.js";

interface Task {
  atMs: number;
  run(): void;
}

export class FakeWire {
  nowMs = 0;
  readonly #hosts = new Map<string, FakeHost>();
  readonly #tasks = new Set<Task>();

  host(address: string): FakeHost {
    const host = new FakeHost(this, address);
    this.#hosts.set(address, host);
    return host;
  }

  /** The host stays where it is, and hears and says nothing any more. */
  unplug(address: string): void {
    this.#hosts.delete(address);
  }

  /** Lets so many milliseconds pass, the earliest first of what is due. */
  run(ms: number): void {
    const endMs = this.nowMs + ms;
    for (let task = this.#earliest(); task !== undefined && task.atMs <= endMs; task = this.#earliest()) {
      this.#tasks.delete(task);
      this.nowMs = task.atMs;
      task.run();
    }
    this.nowMs = endMs;
  }

  plan(ms: number, run: () => void): Task {
    const task = { atMs: this.nowMs + ms, run };
    this.#tasks.add(task);
    return task;
  }

  drop(task: Task | undefined): void {
    if (task !== undefined) this.#tasks.delete(task);
  }

  /** A datagram takes a millisecond. */
  carry(from: FakeHost, bytes: Uint8Array, to: string): void {
    this.plan(1, () => {
      if (this.#hosts.get(from.address) === from) this.#hosts.get(to)?.machine?.call("take", bytes);
    });
  }

  #earliest(): Task | undefined {
    let earliest: Task | undefined;
    for (const task of this.#tasks) if (earliest === undefined || task.atMs < earliest.atMs) earliest = task;
    return earliest;
  }
}

export class FakeHost implements World {
  readonly address: string;
  /** What the machine printed. */
  readonly printed: string[] = [];
  machine: QuickJsMachine | undefined;
  readonly #wire: FakeWire;
  readonly #timers = new Map<number, Task>();

  constructor(wire: FakeWire, address: string) {
    this.#wire = wire;
    this.address = address;
  }

  nowMs(): number {
    return this.#wire.nowMs;
  }

  after(id: number, ms: number): void {
    if (!Number.isInteger(ms) || ms < 1) throw new RangeError(`a wait of ${ms} ms`);
    this.#timers.set(
      id,
      this.#wire.plan(ms, () => this.machine?.call("fire", id)),
    );
  }

  cancel(id: number): void {
    this.#wire.drop(this.#timers.get(id));
    this.#timers.delete(id);
  }

  open(): void {}

  send(bytes: Uint8Array, address: string): void {
    this.#wire.carry(this, bytes, address);
  }

  close(): void {}

  print(text: string): void {
    this.printed.push(text);
  }
}
