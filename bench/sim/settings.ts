import { bincode, lan, postcard, simple, wan, wifi, type Codec, type Config } from "../../core/index.js";
import { PERFECT, type Faults } from "./faults.js";
import { NAMINGS, type Naming } from "./identities.js";

/** All that a run follows from, besides its seed; plain values, to be handed to a worker. */
export interface Settings {
  scenario: string;
  nodes: number;
  /** How many of them are foca's. */
  foca: number;
  /** Virtual seconds that the scenario measures for. */
  durationS: number;
  /** `simple`, `lan`, `wan` or `wifi`. */
  config: string;
  /** What `lan`, `wan` and `wifi` are told; the number of nodes when left out. */
  clusterSize?: number;
  /** Single settings, over those. */
  set: Record<string, unknown>;
  identity: string;
  codec: string;
  faults: Faults;
  /** What only this scenario knows. */
  parameters: Record<string, string | number>;
  isChecked: boolean;
  /** Milliseconds, in the place of what `boundsFor` says. */
  boundMs?: number;
}

/** The settings of the nodes. @throws Error when a name is none. */
export function makeConfig(settings: Settings): Config {
  const size = settings.clusterSize ?? settings.nodes;
  const makers: Record<string, () => Config> = {
    simple,
    lan: () => lan(size),
    wan: () => wan(size),
    wifi: () => wifi(size),
  };
  const maker = makers[settings.config];
  if (maker === undefined)
    throw new Error(`--config: expected simple, lan, wan or wifi, got ${settings.config}`);
  return override(maker(), settings.set);
}

export function makeNaming(settings: Settings): Naming {
  return pick("--identity", NAMINGS, settings.identity);
}

export function makeCodec(settings: Settings): Codec {
  return pick<Codec>("--codec", { bincode, postcard }, settings.codec);
}

/** The faults of a perfect network but for those named. */
export function faultsWith(faults: Partial<Faults>): Faults {
  return { ...PERFECT, ...faults };
}

/** `name=value` pairs; values are read as JSON where they can be. `periodicGossip.numMembers=5` reaches inside. */
export function parsePairs(pairs: readonly string[]): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new Error(`expected name=value, got ${pair}`);
    parsed[pair.slice(0, equals)] = value(pair.slice(equals + 1));
  }
  return parsed;
}

function value(text: string): unknown {
  if (text === "Infinity") return Infinity;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Any setting that the configuration has by name can be set, whatever it is. */
function override(config: Config, set: Record<string, unknown>): Config {
  const changed: Record<string, unknown> = { ...config };
  for (const [path, value] of Object.entries(set)) {
    const [name, inner] = path.split(".");
    if (!(name in changed)) throw new Error(`--set: there is no setting ${name}`);
    if (inner === undefined) {
      changed[name] = value;
      continue;
    }
    const whole = changed[name];
    if (whole === null || typeof whole !== "object" || !(inner in whole))
      throw new Error(`--set: there is no setting ${path}`);
    changed[name] = { ...whole, [inner]: value };
  }
  return changed as unknown as Config;
}

function pick<V>(option: string, choices: Readonly<Record<string, V>>, name: string): V {
  const choice = choices[name];
  if (choice !== undefined) return choice;
  throw new Error(`${option}: expected ${Object.keys(choices).join(" or ")}, got ${name}`);
}
