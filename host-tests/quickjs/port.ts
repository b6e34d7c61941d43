// The port of examples/port inside a QuickJS machine: its clock, its timers and its socket are given from here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rollup, type OutputOptions, type RollupOptions } from "rollup";
import { type Engine, type Plain, QuickJsMachine } from "./engine.js";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/port");

/** What a machine has for a world. */
export interface World {
  nowMs(): number;
  /** Calls `QuickJsMachine.call("fire", id)` after so long, unless there was another call or `cancel` for this id. */
  after(id: number, ms: number): void;
  cancel(id: number): void;
  address: string;
  /** Opens the one socket. What comes goes to `QuickJsMachine.call("take", bytes)`. */
  open(port: number): void;
  send(bytes: Uint8Array, address: string, port: number): void;
  close(): void;
  print(text: string): void;
}

/** What the page's blocks need of an engine, over functions of the process around the machine. */
const ENGINE = `
  const calls = new Map();
  let lastId = 0;
  let socket;
  globalThis.setTimeout = (call, ms) => {
    lastId += 1;
    calls.set(lastId, call);
    worldAfter(lastId, ms);
    return lastId;
  };
  globalThis.clearTimeout = (id) => {
    if (calls.delete(id)) worldCancel(id);
  };
  globalThis.board = {
    millis: () => worldNowMs(),
    ip: () => worldAddress(),
    mac: () => worldAddress(),
    udp(port) {
      worldOpen(port);
      socket = {
        send: (bytes, address, to) => worldSend(bytes.buffer, address, to),
        close: () => worldClose(),
      };
      return socket;
    },
  };
  globalThis.print = (text) => worldPrint(text);
  globalThis.fire = (id) => {
    const call = calls.get(id);
    calls.delete(id);
    if (call !== undefined) call();
  };
  globalThis.take = (bytes) => { socket.onMessage(bytes); };
  0`;

/** A block of docs/PORTING.md, by the name that its first line has. */
export function pageBlock(name: string): string {
  const text = readFileSync(join(root, "docs/PORTING.md"), "utf8");
  for (const [, , block] of text.matchAll(/^( *)```js\n([\s\S]*?)^\1```$/gm))
    if (block?.trimStart().startsWith(`// ${name}\n`) === true) return block;
  throw new Error(`docs/PORTING.md has no block ${name}`);
}

/** The build for devices as the script that the example's configuration makes. */
export async function portScript(): Promise<string> {
  const { default: config } = (await import(join(example, "rollup.config.mjs"))) as {
    default: RollupOptions;
  };
  const graph = await rollup(config);
  try {
    const { output } = await graph.generate(config.output as OutputOptions);
    return output[0].code;
  } finally {
    await graph.close();
  }
}

/** A machine in which `xswim` is a global variable, over what docs/PORTING.md has a port write. */
export async function startPort(engine: Engine, script: string, world: World): Promise<QuickJsMachine> {
  const machine = await QuickJsMachine.start(engine);
  const bytesOf = (value: Plain): Uint8Array => value as Uint8Array;
  machine.define("worldNowMs", () => world.nowMs());
  machine.define("worldAfter", (id, ms) => world.after(Number(id), Number(ms)) as undefined);
  machine.define("worldCancel", (id) => world.cancel(Number(id)) as undefined);
  machine.define("worldAddress", () => world.address);
  machine.define("worldOpen", (port) => world.open(Number(port)) as undefined);
  machine.define("worldSend", (bytes, address, port) => {
    world.send(bytesOf(bytes), String(address), Number(port));
    return undefined;
  });
  machine.define("worldClose", () => world.close() as undefined);
  machine.define("worldPrint", (text) => world.print(String(text)) as undefined);
  machine.evaluate(ENGINE);
  machine.evaluate(readFileSync(join(example, "platform.js"), "utf8"), "platform.js");
  machine.evaluate(pageBlock("engine.js"), "engine.js");
  machine.evaluate(script, "xswim.js");
  return machine;
}
