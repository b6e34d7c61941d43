// A QuickJS machine inside this process: npm's builds of QuickJS for WebAssembly, whose pointers have 32 bits as on a
// microcontroller.
import { createCipheriv } from "node:crypto";
import ng from "@jitl/quickjs-ng-wasmfile-release-sync";
import bellard from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from "quickjs-emscripten-core";

/** `quickjs`: Bellard's. `quickjs-ng`: the fork. */
export type Engine = "quickjs" | "quickjs-ng";

const VARIANTS = { quickjs: bellard, "quickjs-ng": ng };

const STACK_BYTES = 1024 * 1024;

/** How the allocator of these builds counts a block against the limit: it cannot tell a block's size. */
const COUNTED_BYTES_A_BLOCK = 8;

/** What the machine holds, as QuickJS counts it. */
export interface MemoryUse {
  /** Bytes of objects, shapes, functions, strings, and buffers. */
  bytes: number;
  /** Blocks that were allocated and not freed. */
  blocks: number;
}

/** The script threw, took too long, or found no memory. The machine goes on. */
export class ScriptError extends Error {
  override name = "ScriptError";
  readonly scriptStack: string;

  constructor(message: string, scriptStack: string) {
    super(message);
    this.scriptStack = scriptStack;
  }
}

/** What goes in and out of a script: an ArrayBuffer goes as its bytes. */
export type Plain = number | string | Uint8Array | undefined;

export class QuickJsMachine {
  readonly engine: Engine;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #callTimeoutMs: number;
  readonly #functions = new Map<string, QuickJSHandle>();
  #endsAtMs = Infinity;

  /** @param callTimeoutMs how long one call may take before an exception ends it */
  static async start(engine: Engine, callTimeoutMs = 120_000): Promise<QuickJsMachine> {
    const module = await newQuickJSWASMModuleFromVariant(VARIANTS[engine]);
    return new QuickJsMachine(engine, module.newRuntime(), callTimeoutMs);
  }

  private constructor(engine: Engine, runtime: QuickJSRuntime, callTimeoutMs: number) {
    this.engine = engine;
    this.#runtime = runtime;
    this.#callTimeoutMs = callTimeoutMs;
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => performance.now() > this.#endsAtMs);
    this.#context = runtime.newContext();
    this.#giveCipher();
    this.memory(); // the first count makes the names of what it counts
  }

  /** Runs a script as a program: top-level declarations stay for the next one. Returns a copy of its value. */
  evaluate(source: string, fileName = "script.js"): unknown {
    this.#endsAtMs = performance.now() + this.#callTimeoutMs;
    return this.#settled(this.#context.evalCode(source, fileName, { type: "global" }));
  }

  /** Gives the script a global function that calls one of this process, with numbers, texts and ArrayBuffers. */
  define(name: string, call: (...values: Plain[]) => Plain): void {
    const context = this.#context;
    const own = context.newFunction(name, (...handles) =>
      this.#given(call(...handles.map((each) => this.#taken(each)))),
    );
    context.setProp(context.global, name, own);
    own.dispose();
  }

  /** Calls a global function of the script. */
  call(name: string, ...values: Plain[]): unknown {
    const given = values.map((each) => this.#given(each));
    try {
      this.#endsAtMs = performance.now() + this.#callTimeoutMs;
      const { undefined: nothing } = this.#context;
      return this.#settled(this.#context.callFunction(this.#function(name), nothing, given));
    } finally {
      for (const each of given) each.dispose();
    }
  }

  /**
   * Calls a global function of the script, which takes and returns nothing, while the machine refuses to allocate.
   * @throws ScriptError when that was too little
   */
  callWithoutMemory(name: string): void {
    const own = this.#function(name);
    this.#endsAtMs = performance.now() + this.#callTimeoutMs;
    this.#runtime.setMemoryLimit(this.memory().blocks * COUNTED_BYTES_A_BLOCK);
    const result = this.#context.callFunction(own, this.#context.undefined);
    this.#runtime.setMemoryLimit(-1);
    this.#settled(result);
  }

  /** What the machine holds, garbage in circles included until `collect`. */
  memory(): MemoryUse {
    const use = this.#copied(this.#runtime.computeMemoryUsage()) as Record<string, number>;
    return { bytes: use["memory_used_size"] ?? NaN, blocks: use["malloc_count"] ?? NaN };
  }

  close(): void {
    for (const each of this.#functions.values()) each.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }

  #function(name: string): QuickJSHandle {
    const { global } = this.#context;
    const own = this.#functions.get(name) ?? this.#context.getProp(global, name);
    this.#functions.set(name, own);
    return own;
  }

  #settled(result: { value: QuickJSHandle; error?: undefined } | { error: QuickJSHandle }): unknown {
    if (result.error === undefined) return this.#copied(result.value);
    const thrown = this.#copied(result.error) as { name?: string; message?: string; stack?: string } | null;
    // Where there is no memory for an error either, null is thrown.
    if (thrown === null) throw new ScriptError("out of memory", "");
    throw new ScriptError(thrown.message ?? String(thrown), thrown.stack ?? "");
  }

  #copied(handle: QuickJSHandle): unknown {
    const value: unknown = this.#context.dump(handle);
    handle.dispose();
    return value;
  }

  #taken(handle: QuickJSHandle): Plain {
    const context = this.#context;
    const type = context.typeof(handle);
    if (type === "number") return context.getNumber(handle);
    if (type === "string") return context.getString(handle);
    if (type === "undefined") return undefined;
    const bytes = context.getArrayBuffer(handle);
    const copy = bytes.value.slice();
    bytes.dispose();
    return copy;
  }

  #given(value: Plain): QuickJSHandle {
    const context = this.#context;
    if (typeof value === "number") return context.newNumber(value);
    if (typeof value === "string") return context.newString(value);
    if (value === undefined) return context.undefined;
    return context.newArrayBuffer(value.slice().buffer);
  }

  /** AES-128 from outside, as a device has it in C, under the name that it has in the XS machines. */
  #giveCipher(): void {
    this.define("aes128", (secret, block) => {
      const cipher = createCipheriv("aes-128-ecb", secret as Uint8Array, null).setAutoPadding(false);
      return cipher.update(block as Uint8Array);
    });
    this.evaluate(`
      globalThis.host = {
        aes(secret) {
          return {
            encrypt(block, result) { new Uint8Array(result).set(new Uint8Array(aes128(secret, block))); }
          };
        }
      }; 0`);
  }
}
