import { Command, InvalidArgumentError, Option } from "commander";
import type { Faults } from "./faults.js";
import { NAMINGS } from "./identities.js";
import { SCENARIOS, scenarioOf } from "./scenarios/index.js";
import { faultsWith, makeConfig, parsePairs, type Settings } from "./settings.js";

/** The command line, taken apart. What is undefined follows from the scenario. */
export interface Flags {
  nodes?: number;
  foca: number;
  seed: number;
  seeds: number;
  duration?: number;
  config: string;
  clusterSize?: number;
  set: string[];
  with: string[];
  identity: string;
  codec: string;
  latency?: number;
  jitter?: number;
  loss?: number;
  duplication?: number;
  reordering?: number;
  reorderMs?: number;
  corruption?: number;
  check: boolean;
  bound?: number;
  threads?: number;
  json?: boolean;
}

/** The program; `run` is called with a scenario's name. */
export function makeProgram(run: (name: string, flags: Flags) => Promise<void>): Command {
  const program = new Command("sim")
    .description(
      "Simulates clusters of the core that ships, in virtual time, on a network with the faults that you choose.",
    )
    .enablePositionalOptions();
  for (const { name, about, nodes, durationS, parameters } of SCENARIOS) {
    const command = program.command(name).description(about);
    addOptions(command, nodes, durationS);
    const pairs = Object.entries(parameters ?? {}).map(([key, value]) => `${key}=${value}`);
    command.option(
      "--with <name=value...>",
      `of this scenario: ${pairs.join(" ") || "nothing"}`,
      collect,
      [],
    );
    command.action((flags: Flags) => run(name, flags));
  }
  return program;
}

function addOptions(command: Command, nodes: number, durationS: number): void {
  command
    .option("--nodes <count>", `hosts (${nodes})`, count)
    .option("--foca <count>", "how many of them are the published foca, chosen by the seed", count, 0)
    .option("--seed <number>", "the first seed", count, 1)
    .option("--seeds <count>", "how many seeds, one after the other", count, 1)
    .option("--duration <seconds>", `virtual seconds (${durationS})`, amount)
    .addOption(
      new Option("--config <name>", "settings").choices(["lan", "wan", "wifi", "simple"]).default("lan"),
    )
    .option(
      "--cluster-size <count>",
      "what lan, wan and wifi are told; the number of hosts when left out",
      count,
    )
    .option(
      "--set <name=value...>",
      "single settings: maxTransmissions=12 periodicGossip.numMembers=4",
      collect,
      [],
    )
    .addOption(
      new Option("--identity <name>", "identities").choices(Object.keys(NAMINGS)).default("renewableV4"),
    )
    .addOption(
      new Option("--codec <name>", "wire format").choices(["bincode", "postcard"]).default("bincode"),
    )
    .option("--latency <ms>", "delay of every datagram", amount)
    .option("--jitter <ms>", "what chance adds to it at most", amount)
    .option("--loss <part>", "0 to 1", part)
    .option("--duplication <part>", "0 to 1", part)
    .option("--reordering <part>", "0 to 1", part)
    .option("--reorder-ms <ms>", "how long reordering holds back at most", amount)
    .option("--corruption <part>", "0 to 1", part)
    .option("--no-check", "without checkers")
    .option(
      "--bound <ms>",
      "how long hosts may disagree, in the place of what follows from the settings",
      amount,
    )
    .option("--threads <count>", "seeds run at once; all processors when left out", count)
    .option("--json", "print figures for programs");
}

/** @throws Error when something does not fit the scenario. */
export function settingsOf(name: string, flags: Flags): Settings {
  const scenario = scenarioOf(name);
  const parameters = { ...scenario.parameters };
  for (const [key, value] of Object.entries(parsePairs(flags.with))) {
    if (!(key in parameters)) throw new Error(`--with: ${name} knows no ${key}`);
    parameters[key] = value as string | number;
  }
  const faults: Partial<Faults> = { ...scenario.faults };
  if (flags.latency !== undefined) faults.latencyMs = flags.latency;
  if (flags.jitter !== undefined) faults.jitterMs = flags.jitter;
  if (flags.reorderMs !== undefined) faults.reorderMs = flags.reorderMs;
  for (const key of ["loss", "duplication", "reordering", "corruption"] as const) {
    const value = flags[key];
    if (value !== undefined) faults[key] = value;
  }
  const nodes = flags.nodes ?? scenario.nodes;
  if (flags.foca > nodes) throw new Error(`--foca: there are only ${nodes} nodes`);
  if (flags.foca > 0 && scenario.withoutFoca !== undefined)
    throw new Error(`--foca: ${name} cannot be played with foca: ${scenario.withoutFoca}`);
  const settings: Settings = {
    scenario: name,
    nodes,
    foca: flags.foca,
    durationS: flags.duration ?? scenario.durationS,
    config: flags.config,
    ...(flags.clusterSize === undefined ? {} : { clusterSize: flags.clusterSize }),
    set: parsePairs(flags.set),
    identity: flags.identity,
    codec: flags.codec,
    faults: faultsWith(faults),
    parameters,
    isChecked: flags.check,
    ...(flags.bound === undefined ? {} : { boundMs: flags.bound }),
  };
  makeConfig(settings);
  return settings;
}

/** The command that runs one seed again. */
export function replayOf(name: string, flags: Flags, seed: number): string {
  const words = ["npm run sim --", name];
  for (const [key, value] of Object.entries(flags) as [string, unknown][]) {
    const option = "--" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
    if (["seed", "seeds", "json", "threads"].includes(key) || value === undefined) continue;
    if (key === "check") {
      if (value === false) words.push("--no-check");
    } else if (!Array.isArray(value)) words.push(option, String(value));
    else if (value.length > 0) words.push(option, ...value.map(String));
  }
  return [...words, "--seed", seed].join(" ");
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError("expected a whole number");
}

function amount(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text !== "") return value;
  throw new InvalidArgumentError("expected a number, 0 or more");
}

function part(text: string): number {
  const value = amount(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError("expected a number from 0 to 1");
}
