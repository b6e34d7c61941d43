// All of the footprint in one object, and as a table.
import { missingTool, type Engine } from "../xs/build.js";
import { measureBytecode, type Bytecode } from "./bytecode.js";
import {
  measureOperations,
  measureRam,
  measureRest,
  operationSizes,
  subjectScript,
  type Lookups,
  type OperationFootprint,
  type Ram,
  type Rest,
  type RestCost,
} from "./measurement.js";
import { measurePlatform, type PlatformFootprint } from "./platform.js";
import { measureFlash, type Flash } from "./flash.js";
import { measureSealing, measureSealingMemory, TEXT_BYTES, type SealingMemory } from "./sealing.js";
import { measureSensor } from "./sensor/machine.js";
import { measureValues, measureValuesMemory, NUM_RECORDS, type ValuesMemory } from "./values.js";

/** Of an ESP32-C3 or ESP8266 that runs at full speed. */
const CLOCK_HZ = 160e6;

export interface Footprint extends Bytecode {
  operations: Record<string, OperationFootprint>;
  /** And what an ESP8266's machine holds at most that runs `examples/esp32-sensor` among 32 members, stack included. */
  ram: Ram & { sensorExampleBytes: number };
  /** What platform/xs makes for a datagram. */
  platform: PlatformFootprint;
  /** A second of a cluster of 50 at rest, and a Ping answered in a straight line: see `Floor`. */
  rest: Rest;
  /** Finding one member named in a datagram: our table, and its twin of objects. */
  lookups: Lookups;
  /** What the node takes in the flash of an ESP32. */
  flash: Flash;
  /** What AES-128-CCM takes, over a block cipher in C. */
  sealing: SealingMemory & { operations: Record<string, RestCost> };
  /** What the values of 32 members take. */
  values: ValuesMemory & { operations: Record<string, RestCost> };
}

/** @throws Error with a plain sentence when the 32-bit engine cannot be built here. */
export async function measureFootprint(): Promise<Footprint> {
  const reason = missingTool("ia32");
  if (reason !== undefined) throw new Error(reason);
  const script = await subjectScript();
  const { operations, lookups } = await measureOperations("ia32", script);
  const rest = await measureRest("ia32", script);
  if (missingTool("rv32") === undefined) {
    const onDevice = await measureOperations("rv32", script);
    const restOnDevice = await measureRest("rv32", script);
    rest.steady.instructions = restOnDevice.steady.instructions;
    rest.floor.instructions = restOnDevice.floor.instructions;
    for (const [name, operation] of Object.entries(operations))
      operation.instructions = onDevice.operations[name].instructions;
    for (const which of ["ours", "twin"] as const)
      lookups[which].instructions = onDevice.lookups[which].instructions;
  }
  const ram = { ...(await measureRam(script)), sensorExampleBytes: await measureSensor() };
  const platform = await measurePlatform(script);
  const flash = await measureFlash();
  const sealing = { ...(await measureSealingMemory()), operations: await costsOf(measureSealing) };
  const values = {
    ...(await measureValuesMemory(script)),
    operations: await costsOf((engine) => measureValues(engine, script)),
  };
  return { operations, rest, ram, platform, lookups, flash, sealing, values, ...(await measureBytecode()) };
}

/** The steps of the 32-bit engine, and where a device can be emulated the instructions. */
async function costsOf<K extends string>(
  measureOn: (engine: Engine) => Promise<Record<K, RestCost>>,
): Promise<Record<K, RestCost>> {
  const costs = await measureOn("ia32");
  if (missingTool("rv32") === undefined) {
    const onDevice = await measureOn("rv32");
    for (const name of Object.keys(costs) as K[]) costs[name].instructions = onDevice[name].instructions;
  }
  return costs;
}

function costRows(title: string, operations: Record<string, RestCost>): string[][] {
  const costs = Object.entries(operations).map(([name, cost]) => [
    name,
    number(cost.slots),
    number(cost.chunkBytes),
    number(cost.computrons),
    number(Math.round(cost.instructions)),
    ((cost.instructions / CLOCK_HZ) * 1000).toFixed(2),
  ]);
  return [[title, "slots", "chunk bytes", "steps", "RV32 instructions", "ms at 160 MHz"], ...costs];
}

function valuesRows({ operations, ...memory }: Footprint["values"]): string[][] {
  const rest = ["", "", "", ""];
  return [
    ...costRows(`the values of ${NUM_RECORDS} members`, operations),
    ["bytes of RAM of so many records of 20 bytes", number(memory.recordsBytes), ...rest],
    ["  of devices without a clock", number(memory.recordsOfSmallBumpBytes), ...rest],
  ];
}

function sealingRows({ operations, ...memory }: Footprint["sealing"]): string[][] {
  const rest = ["", "", "", ""];
  return [
    ...costRows(`sealing ${TEXT_BYTES} bytes`, operations),
    ["bytes of RAM of the first key, without the cipher's", number(memory.firstKeyBytes), ...rest],
    ["  of a further key", number(memory.furtherKeyBytes), ...rest],
    ["  of a seal with one key", number(memory.sealBytes), ...rest],
    ["  of each sender", number(memory.perSenderBytes), ...rest],
    ["bytecode, the engine's own compiler", number(memory.bytecodeBytes), ...rest],
  ];
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toLocaleString("en-US");
}

function rows(cells: readonly (readonly string[])[]): string {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
    )
    .join("\n");
}

/** For people. */
export function table({
  operations,
  rest,
  ram,
  platform,
  lookups,
  flash,
  sealing,
  values,
  bytecodeBytes,
  hostBytecodeBytes,
}: Footprint): string {
  const sizes = operationSizes.map(String);
  const heads = sizes.flatMap((size) => [`steps, ${size} members`, `RV32 instructions, ${size}`]);
  const all = { ...operations, "find a member": lookups.ours, "find a member, object twin": lookups.twin };
  const costs = Object.entries(all).map(([name, cost]) => {
    const bySize = sizes.flatMap((size) => [
      number(cost.computrons?.[size]),
      number(cost.instructions?.[size]),
    ]);
    return [name, number(cost.slots), number(cost.chunkBytes), ...bySize];
  });
  const { steady, floor } = rest;
  const atFloor = (cost: OperationFootprint, unit: "computrons" | "instructions", least: number): string[] =>
    sizes.map((size) => (least > 0 && cost[unit] ? (cost[unit][size] / least).toFixed(1) : "–"));
  const [steps16, steps1024] = atFloor(operations["answerPing"], "computrons", floor.computrons);
  const [instructions16, instructions1024] = atFloor(
    operations["answerPing"],
    "instructions",
    floor.instructions,
  );
  const restOf = (cost: RestCost): string[] => [number(cost.slots), number(cost.chunkBytes)];
  costs.push(
    ["a Ping answered in a straight line, the least", ...restOf(floor)].concat(
      ...sizes.map(() => [number(floor.computrons), number(floor.instructions)]),
    ),
    ["  answerPing over that", "", "", steps16, instructions16, steps1024, instructions1024],
  );
  const ofPlatform: [keyof PlatformFootprint, string][] = [
    ["answerPing", "on a device, beside that: a Ping received and answered"],
    ["answerPingOfSocket", "  with the packet that the socket makes"],
    ["gossip", "  three datagrams to members not among the last four"],
  ];
  for (const [name, title] of ofPlatform) {
    const { slots, chunkBytes } = platform[name];
    costs.push([title, number(slots), number(chunkBytes), ...heads.map(() => "")]);
  }
  const awakeMs = (steady.instructions / CLOCK_HZ) * 1000;
  const second = [
    ["a second of a device among 50 at rest, socket and timer doubled", ""],
    ["heap slots / chunk bytes", restOf(steady).join(" / ")],
    ["steps", number(steady.computrons)],
    ["RV32 instructions", number(steady.instructions)],
    ["  milliseconds at 160 MHz, one instruction a cycle", awakeMs.toFixed(1)],
    ["  part of the second, in percent", (awakeMs / 10).toFixed(2)],
  ];
  const memory = [
    ["bytes of RAM, 32-bit engine", ""],
    ["a device's node, fixed part", number(ram.fixedBytes)],
    ["  of that the core", number(ram.coreFixedBytes)],
    ["send buffer", number(ram.sendBufferBytes)],
    ...Object.entries(ram.perMemberBytes).map(([size, bytes]) => [`each of ${size} members`, number(bytes)]),
    ...Object.entries(ram.twinPerMemberBytes).map(([size, bytes]) => [
      `each of ${size} members, object twin`,
      number(bytes),
    ]),
    ...Object.entries(ram.nodeBytes).map(([size, bytes]) => [
      `a whole node of ${size} members`,
      number(bytes),
    ]),
    ["sensor example with 32 members, stack and machine included", number(ram.sensorExampleBytes)],
    [
      "flash of an ESP32, as linked for release" + (flash.by === "sdk" ? "" : " (estimated)"),
      number(flash.linkedBytes),
    ],
    ["  the estimate without the SDK", number(flash.estimatedBytes)],
    ["bytecode of the sources, xsc", number(bytecodeBytes)],
    ["bytecode of the sources, the engine's own compiler", number(hostBytecodeBytes)],
  ];
  const head = ["one run of", "slots", "chunk bytes", ...heads];
  return [
    rows([head, ...costs]),
    rows(second),
    rows(valuesRows(values)),
    rows(sealingRows(sealing)),
    rows(memory),
  ].join("\n\n");
}
