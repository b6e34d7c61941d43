// An XS machine in a process of its own (or on an emulated board), driven from Node.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildEngine, type Engine } from "./build.js";
import { Channel, type Frame } from "./channel.js";
import { type Clock, realClock } from "./clock.js";
import { type Counters, counterNames, countersOf, difference } from "./counters.js";

/**
 * The sizes of a machine, XS's creation record. Chunks hold strings, buffers and arrays' items; slots hold everything
 * else. A heap whose increment is 0 never grows: the machine aborts with "memory full".
 */
export interface HeapSizes {
  initialChunkBytes: number;
  incrementalChunkBytes: number;
  initialSlots: number;
  incrementalSlots: number;
  stackSlots: number;
  initialKeys: number;
  incrementalKeys: number;
  nameModulo: number;
  symbolModulo: number;
  parserBufferBytes: number;
  parserTableModulo: number;
}

const defaultHeap: HeapSizes = {
  initialChunkBytes: 2 * 1024 * 1024,
  incrementalChunkBytes: 1024 * 1024,
  initialSlots: 128 * 1024,
  incrementalSlots: 64 * 1024,
  stackSlots: 4096,
  initialKeys: 4096,
  incrementalKeys: 1024,
  nameModulo: 1993,
  symbolModulo: 127,
  parserBufferBytes: 64 * 1024,
  parserTableModulo: 1993,
};

export interface XsOptions {
  heap?: Partial<HeapSizes>;
  clock?: Clock;
  /** The script sent these bytes (`host.send`). */
  onMessage?: (bytes: Uint8Array) => void;
  /** The script printed a line (`host.print`). */
  onPrint?: (text: string) => void;
  /** A callback that nobody waits for (a timer's, a posted message's) threw, or the machine ended in it. */
  onError?: (error: Error) => void;
  /** How long one call may take before the machine is killed. */
  callTimeoutMs?: number;
}

export interface Reply {
  /** The call's value, as JavaScript's `String` has it; it is made inside the machine, and costs what it costs there. */
  text: string;
  /** What the machine counts, as the call ended. */
  counters: Counters;
  /** What the call added to each counter, compiling the source included. */
  spent: Counters;
}

/** The script threw. The machine goes on. */
export class ScriptError extends Error {
  override name = "ScriptError";
  /** Where in the script, one function a line, the innermost first. */
  readonly scriptStack: string;

  constructor(thrown: string) {
    const [message = "", ...callers] = thrown.split("\n at ");
    super(message);
    this.scriptStack = callers.join("\n");
  }
}

/** The machine is gone: out of memory, out of time, or closed. */
export class MachineError extends Error {
  override name = "MachineError";
}

// An emulated serial line carries some 15 to 25 bytes a millisecond: a longer script goes by way of a file.
const slowLineBytes = 1000;

interface Call {
  resolve(reply: Reply): void;
  reject(error: Error): void;
  timeout: NodeJS.Timeout;
  done: Promise<void>;
}

export class XsWorker {
  readonly engine: Engine;
  readonly #options: XsOptions;
  readonly #clock: Clock;
  readonly #channel: Channel;
  readonly #calls: Call[] = [];
  readonly #ready: Promise<void>;
  #open: () => void = () => undefined;
  #disarm: (() => void) | undefined;
  #abortText: string | undefined;
  #ended = false;

  /**
   * Builds the engine if need be and makes a machine in it.
   * @throws Error with a plain sentence when a tool is missing (see `missingTool`) or the machine does not fit its heap
   */
  static async start(engine: Engine, options: XsOptions = {}): Promise<XsWorker> {
    const worker = new XsWorker(engine, await buildEngine(engine), options);
    const heap = { ...defaultHeap, ...options.heap };
    const sizes = [
      heap.initialChunkBytes,
      heap.incrementalChunkBytes,
      heap.initialSlots,
      heap.incrementalSlots,
    ];
    sizes.push(heap.stackSlots, heap.initialKeys, heap.incrementalKeys, heap.nameModulo, heap.symbolModulo);
    sizes.push(heap.parserBufferBytes, heap.parserTableModulo);
    await worker.#ready;
    await worker.#call("C", sizes.join(" "));
    return worker;
  }

  private constructor(engine: Engine, program: string, options: XsOptions) {
    this.engine = engine;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    const command = engine === "rv32" ? emulator(program) : [program];
    this.#channel = new Channel(command, (frame) => this.#receive(frame));
    this.#ready = new Promise((resolve) => (this.#open = resolve));
    void this.#channel.ended.then((text) => this.#end(text));
  }

  /** Runs a script as a program: top-level declarations stay for the next one. Promise jobs run before it returns. */
  evaluate(source: string): Promise<Reply> {
    return this.#run("E", source);
  }

  /**
   * The same, with the bytecode and its string literals kept outside the machine's heap, as when code is in flash. The
   * objects that running it makes (functions, prototypes) are in the heap all the same.
   */
  load(source: string): Promise<Reply> {
    return this.#run("L", source);
  }

  /** Calls the script's `host.onMessage(length)`; the script copies the bytes with `host.receive(buffer)`. */
  deliver(bytes: Uint8Array): Promise<Reply> {
    return this.#call("M", this.#time(), bytes);
  }

  /** `deliver` for those who do not wait: an exception goes to `onError`. */
  post(bytes: Uint8Array): void {
    this.deliver(bytes).catch((error: Error) => this.#options.onError?.(error));
  }

  /** Waits until every call made so far, by a timer too, has its answer. */
  async settled(): Promise<void> {
    while (this.#calls.length > 0) await this.#calls[this.#calls.length - 1]?.done;
  }

  /** Ends the machine. May be called again. */
  async close(): Promise<void> {
    this.#disarm?.();
    if (!this.#ended) {
      this.#channel.write("Q");
      const patience = setTimeout(() => this.#channel.kill(), 2000);
      await this.#channel.ended;
      clearTimeout(patience);
    }
  }

  async #run(kind: "E" | "L", source: string): Promise<Reply> {
    if (this.engine !== "rv32" || source.length < slowLineBytes)
      return this.#call(kind, this.#time(), source);
    const directory = await mkdtemp(join(tmpdir(), "xswim-"));
    try {
      await writeFile(join(directory, "source.js"), source);
      return await this.#call(kind.toLowerCase(), this.#time(), join(directory, "source.js"));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  #time(): string {
    return `${Math.floor(this.#clock.now())}\n`;
  }

  #call(kind: string, ...parts: (string | Uint8Array)[]): Promise<Reply> {
    if (this.#ended) return Promise.reject(new MachineError(this.#abortText ?? "the machine has ended"));
    const timeoutMs = this.#options.callTimeoutMs ?? 120_000;
    const timeout = setTimeout(() => {
      this.#abortText = `no answer within ${timeoutMs} ms`;
      this.#channel.kill();
    }, timeoutMs);
    let settle: Pick<Call, "resolve" | "reject"> | undefined;
    const answer = new Promise<Reply>((resolve, reject) => (settle = { resolve, reject }));
    const done = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#calls.push({ ...(settle as unknown as Pick<Call, "resolve" | "reject">), timeout, done });
    this.#channel.write(kind, ...parts);
    return answer;
  }

  #receive({ kind, payload }: Frame): void {
    switch (kind) {
      case "H":
        return this.#open();
      case "R":
      case "X":
        return this.#answer(kind, payload);
      case "S":
        return this.#options.onMessage?.(payload);
      case "P":
        return this.#options.onPrint?.(payload.toString());
      case "A":
        return this.#arm(Number(payload.toString()));
      case "D":
        this.#disarm?.();
        return;
      case "!":
        this.#abortText = payload.toString();
    }
  }

  #answer(kind: string, payload: Buffer): void {
    const call = this.#calls.shift();
    if (call === undefined) return;
    clearTimeout(call.timeout);
    const at = payload.indexOf(0x0a);
    const numbers = payload.toString("latin1", 0, at).split(" ").map(Number);
    const counters = countersOf(numbers, counterNames.length);
    const text = payload.toString("utf8", at + 1);
    if (kind === "R") call.resolve({ text, counters, spent: difference(countersOf(numbers), counters) });
    else call.reject(new ScriptError(text));
  }

  #arm(ms: number): void {
    this.#disarm?.();
    this.#disarm = this.#clock.after(ms, () => {
      this.#disarm = undefined;
      if (this.#ended) return;
      this.#call("T", this.#time()).catch((error: Error) => this.#options.onError?.(error));
    });
  }

  #end(text: string): void {
    this.#ended = true;
    this.#open();
    this.#disarm?.();
    for (const call of this.#calls.splice(0)) {
      clearTimeout(call.timeout);
      call.reject(new MachineError(this.#abortText ?? text));
    }
  }
}

// One virtual nanosecond an instruction: the instruction counter then repeats from run to run.
function emulator(program: string): string[] {
  const board = ["-machine", "virt", "-bios", "none", "-m", "128M", "-icount", "shift=0", "-kernel", program];
  const semihosting = ["-chardev", "null,id=console"]; // the serial line has standard output to itself
  semihosting.push("-semihosting-config", "enable=on,target=native,chardev=console");
  const plain = ["-display", "none", "-monitor", "none", "-serial", "stdio"];
  return ["qemu-system-riscv32", ...board, ...semihosting, ...plain];
}
