// The sensor example inside a machine with a device's sizes, among members on a virtual network.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { i16, lan, struct, u8 } from "../../../core/index.js";
import { FakeNetwork } from "../../../platform/fake/index.js";
import type { Host } from "../../../platform/fake/host.js";
import { bundle } from "../../xs/bundle.js";
import { XsWorker } from "../../xs/engine.js";
import { limitHeap, liveMemory } from "../../xs/measure.js";
import { shippedFiles } from "../shipped.js";

/**
 * The one block of memory that the SDK gives the machine on an ESP8266, and what is in it beside the example: XS's stack
 * of 384 slots (our manifest.json asks for them: the SDK's 256 were seen to overflow), and the objects of a machine whose program is empty, measured in the simulator (`npm run test:moddable`).
 * Outside of the block are, as C memory of a device: the tables of names and keys, the aliases (4 bytes each), the
 * records of timers and sockets, and what the network stack keeps until it is read.
 */
export const esp8266 = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../budgets.json"), "utf8")) as {
    esp8266: { staticBytes: number; stackBytes: number; machineBytes: number };
  }
).esp8266;

const PORT = 7946;
const HEADER_LENGTH = 6;
const OWN_ADDRESS = "10.0.0.1";
const EXAMPLE = join(import.meta.dirname, "../../../examples/esp32-sensor");

/** What main.ts imports, by the names that its bundle gives these modules, of what is in flash. */
const MODULES = `
  const mc_config = flash.config, timer = flash.Timer, reading = flash.reading, keys = flash.keys;
  const xswim_sealed = flash.sealed, xswim_wifi = flash.wifi, xswim_store = flash.store;
  0`;

async function flashScript(): Promise<string> {
  const { xs, schema, sealed } = await shippedFiles();
  const double = (name: string): string => join(import.meta.dirname, name + ".ts");
  return bundle(join(import.meta.dirname, "flash.js"), "flash", {
    substitutes: {
      // As it is built for devices.
      "../../../platform/xs/index.js": xs,
      "../../../platform/shared/schema.js": schema,
      "../../../platform/xs/sealed/index.js": sealed,
      "xswim/schema": schema,
      "xswim/xs": xs,
      crypt: double("crypt"),
      "xswim/unique-bytes": join(import.meta.dirname, "../../../platform/xs/sealed/random-bytes.ts"),
      timer: double("timer"),
      time: double("time"),
      net: double("net"),
      "embedded:io/socket/udp": double("udp"),
      "embedded:network/interface/wifi": double("wifi"),
    },
  });
}

function mainScript(): Promise<string> {
  const externals = "mc/config timer xswim/store xswim/wifi xswim/sealed reading keys".split(" ");
  return bundle(join(EXAMPLE, "main.ts"), "main", { externals });
}

/** Chance and the date are the machine's own, and would make every run another. */
const SAME_EVERY_TIME = `
  let state = 1;
  Math.random = () => (state = Math.imul(state, 0x41c64e6d) + 12345 >>> 0) / 0x100000000;
  Date.now = () => 1750000000000;
`;

/** A virtual network of members that publish a reading every five seconds, as the example does. */
class Neighbours {
  readonly network = new FakeNetwork({ seed: 3, latencyMs: 2, jitterMs: 5 });

  constructor(members: number, key?: string) {
    const config = lan(16);
    // As in the example's reading.ts.
    const value = struct({ deciCelsius: i16, battery: u8 });
    const keys = key === undefined ? {} : { keys: [{ id: 0, secret: key }] };
    for (let number = 2; number < members + 2; number++) {
      const host = this.network.host("10.0.0." + number);
      const seeds = number === 2 ? [] : ["10.0.0.2:" + PORT];
      const node = new host.SwimNode({ port: PORT, seeds, config, value, ...keys });
      const publish = (): void => {
        node.publish({ deciCelsius: 180 + number, battery: 60 + number });
        timer.set(5000);
      };
      const timer = host.makeTimer(publish);
      timer.set(5000 + number * 100);
    }
  }
}

/** Connects a machine's messages with a host of the network. */
class Bridge {
  private readonly host: Host;
  constructor(host: Host) {
    this.host = host;
  }
  /** A datagram from the machine, with its receiver before it. */
  readonly send = (bytes: Uint8Array): void => {
    const data = bytes.slice(HEADER_LENGTH);
    const port = (bytes[4] << 8) | bytes[5];
    this.host.send(PORT, bytes.slice(0, 4).join("."), port, data, 0, data.length);
  };

  attach(worker: XsWorker): void {
    this.host.bind(PORT, (bytes, address, port) => {
      const from = [...address.split(".").map(Number), port >> 8, port & 255];
      worker.post(Uint8Array.from([...from, ...bytes]));
    });
  }
}

export interface SensorRun {
  /** The most that was alive after a collection, in bytes beyond what is in flash. */
  liveBytes: number;
  /** Members known at the end. */
  members: number;
  /** Of how many members a reading was traced. */
  heardOf: number;
  /** What went wrong: exceptions, and what the example traced as errors. */
  errors: string[];
}

/**
 * Runs the example among so many members for `seconds` of virtual time.
 * @param key of the cluster, 32 hex digits; undefined: nothing is sealed
 * @param limitBytes the machine may hold no more than so much beyond what is in flash
 * @throws MachineError when that is too little
 */
export async function runSensor(
  members: number,
  seconds: number,
  limitBytes?: number,
  key?: string,
): Promise<SensorRun> {
  const { network } = new Neighbours(members, key);
  const host = network.host(OWN_ADDRESS);
  const bridge = new Bridge(host);
  const errors: string[] = [];
  const heard = new Set<string>();
  let known = "";
  /** A line of which the end is not traced yet. */
  let begun = "";
  const worker = await XsWorker.start("ia32", {
    onMessage: bridge.send,
    onError: (error) => errors.push(String(error)),
    onPrint(text) {
      if (!text.endsWith("\n")) {
        begun += text;
        return;
      }
      const line = (begun + text).trim();
      begun = "";
      if (line.startsWith("error") || line.startsWith("Wi-Fi")) errors.push(line);
      if (line.startsWith("reading of ")) heard.add(line.split(" ")[2]);
      if (line.startsWith("published ")) known = line.slice(line.indexOf("members: ") + "members: ".length);
    },
    clock: {
      now: () => network.nowMs,
      after(ms, callback) {
        const timer = host.makeTimer(callback);
        timer.set(ms);
        return () => host.dropTimer(timer);
      },
    },
  });
  try {
    bridge.attach(worker);
    await worker.load(SAME_EVERY_TIME);
    await worker.load(`globalThis.sensorKey = ${JSON.stringify(key ?? "")}`);
    await worker.load(await flashScript());
    await worker.load(MODULES);
    const inFlash = await liveMemory(worker);
    if (limitBytes !== undefined) await limitHeap(worker, limitBytes);
    await worker.load(await mainScript());

    let liveBytes = 0;
    for (let second = 0; second < seconds; second++) {
      const endMs = network.nowMs + 1000;
      while (network.clock.nextMs <= endMs) {
        network.clock.step();
        await worker.settled();
      }
      network.advance(endMs - network.nowMs);
      const live = await liveMemory(worker);
      liveBytes = Math.max(liveBytes, live.bytes - inFlash.bytes);
    }
    return { liveBytes, members: known.split(" ").length, heardOf: heard.size, errors };
  } finally {
    await worker.close();
  }
}

/** What is in an ESP8266's block at most while the example runs among 32 members for ten minutes, garbage apart. */
export async function measureSensor(key?: string): Promise<number> {
  const { liveBytes, members, heardOf, errors } = await runSensor(32, 600, undefined, key);
  if (members !== 32 || heardOf !== 32 || errors.length > 0)
    throw new Error("not what is measured: " + JSON.stringify({ members, heardOf, errors }));
  return liveBytes + esp8266.stackBytes + esp8266.machineBytes;
}
