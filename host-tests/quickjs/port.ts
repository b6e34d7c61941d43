// The port of examples/port inside a QuickJS machine: its clock, its timers and its socket are given from here.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rollup, type OutputOptions, type RollupOptions } from "rollup";
import { type Engine, type Plain, QuickJsMachine } from "./engine.js";

const example = join(import.meta.dirname, "../../examples/port");

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

/** What a port has to write, here over functions of the process around the machine. */
const glue = `
  const timers = new Map();
  let takes;
  let lastId = 0;
  xswimPlatform({
    nowMs: () => worldNowMs(),
    after(call, ms) {
      lastId += 1;
      timers.set(lastId, call);
      worldAfter(lastId, ms);
      return lastId;
    },
    cancel(id) {
      if (timers.delete(id)) worldCancel(id);
    },
    address: () => worldAddress(),
    serial: () => worldAddress(),
    openUdp(port, take) {
      takes = take;
      worldOpen(port);
      return {
        send: (bytes, address, port) => worldSend(bytes.slice().buffer, address, port),
        close: () => worldClose(),
      };
    },
    print: (text) => worldPrint(text),
  });
  globalThis.fire = (id) => {
    const call = timers.get(id);
    timers.delete(id);
    if (call !== undefined) call();
  };
  globalThis.take = (bytes) => takes(bytes);
  0`;

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

/** A machine in which `xswim` is a global variable. */
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
  machine.evaluate(await readFile(join(example, "platform.js"), "utf8"), "platform.js");
  machine.evaluate(glue, "glue.js");
  machine.evaluate(script, "xswim.js");
  return machine;
}
