import { isIPv6 } from "node:net";
import { InvalidArgumentError, type Command } from "commander";
import {
  bincode,
  lan,
  parseEndpoint,
  postcard,
  simple,
  wan,
  wifi,
  type Codec,
  type Config,
  type Integer64,
} from "xswim";
import type { DiscoverOptions, Sealing } from "xswim/node";
import { DEFAULT_HTTP, type HttpSettings } from "../server/http-address.js";
import type { ConfigChoice } from "./config-file.js";
import { isInteger64 } from "./saved-state.js";
import { isSocketAddress } from "./socket-address.js";

/** How much is printed; the first level prints most. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What may be done with the keys. */
export const SEALINGS: readonly Sealing[] = ["off", "accept", "send", "require"];

/** The checked settings of an agent. Addresses are texts such as `127.0.0.1:8080` or `[::1]:8080`. */
export interface AgentSettings {
  readonly bind: string;
  readonly identity: string | undefined;
  readonly seeds: readonly string[];
  readonly filename: string | undefined;
  readonly codec: Codec;
  readonly config: Config;
  /** What `config` was made from. */
  readonly configName: string;
  readonly clusterSize: number;
  readonly keyFile: string | undefined;
  readonly sealing: Sealing | undefined;
  readonly logLevel: LogLevel;
  readonly json: boolean;
  /** The path of the control address; undefined for the usual one, false for none. */
  readonly control: string | undefined | false;
  readonly http: HttpSettings | undefined;
  /** Whether to look for others nearby, and how. */
  readonly discover: boolean | DiscoverOptions;
  readonly cluster: string | undefined;
  /** The number of this life, where the user says it. */
  readonly bump: Integer64 | undefined;
  readonly stateFile: string | undefined;
  readonly logFile: string | undefined;
}

/** The options of `xswim agent` as commander gives them. */
export interface AgentFlags {
  identity?: string;
  announce: string[];
  filename?: string;
  codec: "bincode" | "postcard";
  config: ConfigChoice;
  clusterSize: number;
  keyFile?: string;
  sealing?: Sealing;
  logLevel: LogLevel;
  json: boolean;
  control?: string | boolean;
  /** False where a file says so. */
  http?: string | boolean;
  httpTokenFile?: string;
  discover?: boolean;
  cluster?: string;
  interface?: string;
  beaconPort?: number;
  bump?: Integer64;
  state?: string;
  logFile?: string;
}

/** @throws InvalidArgumentError that says what is expected. */
export function parseSocketAddress(text: string): string {
  if (isSocketAddress(text)) return text;
  throw new InvalidArgumentError(
    "Expected an IP address and a port from 1 to 65535, such as 127.0.0.1:8080 or [::1]:8080.",
  );
}

/** The name of a host and a port. An IPv4 address has no letter. */
function isNamed(text: string): boolean {
  const port = Number(/^[-.\w]*[a-z][-.\w]*:(\d{1,5})$/i.exec(text)?.[1]);
  return port >= 1 && port <= 65535;
}

/** One more of an option that may be given several times: an address, or the name of a host, and a port. */
export function collectSeed(text: string, earlier: string[]): string[] {
  return [...earlier, isNamed(text) ? text : parseSocketAddress(text)];
}

/** @throws InvalidArgumentError that says what is expected. */
export function parseClusterSize(text: string): number {
  const size = Number(text);
  if (/^[0-9]+$/.test(text) && size >= 1 && size <= 0xffffffff) return size;
  throw new InvalidArgumentError("Expected a number of members, 1 or more.");
}

/** @throws InvalidArgumentError that says what is expected. */
export function parseBump(text: string): Integer64 {
  if (!isInteger64(text)) throw new InvalidArgumentError("Expected a whole number below 2^64.");
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text).toString();
}

/** Makes the settings from the command line. Options that contradict each other end `command` with a message. */
export function makeSettings(bind: string, flags: AgentFlags, command: Command): AgentSettings {
  const bound = parseEndpoint(bind).address;
  if (flags.identity !== undefined && isWildcard(parseEndpoint(flags.identity).address)) {
    fail(
      command,
      "--identity " + flags.identity + ": others cannot reach an address that stands for all addresses",
    );
  }
  const named = flags.announce.filter((text) => !isNamed(text)).map((text) => ["--announce ", text]);
  if (flags.identity !== undefined) named.push(["--identity ", flags.identity]);
  for (const [option, text] of named) {
    const isOtherFamily = isIPv6(parseEndpoint(text).address) !== isIPv6(bound);
    // A socket bound to [::] speaks both.
    if (!isOtherFamily || (isIPv6(bound) && isWildcard(bound))) continue;
    const families = isIPv6(bound)
      ? " is IPv4, but BIND_ADDR is IPv6: "
      : " is IPv6, but BIND_ADDR is IPv4: ";
    fail(command, option + text + families + bind);
  }
  if (flags.sealing !== undefined && flags.keyFile === undefined)
    fail(command, "--sealing " + flags.sealing + ": there are no keys to seal with; give --key-file, too");
  const http = flags.http === false ? undefined : flags.http;
  if (flags.httpTokenFile !== undefined && http === undefined)
    fail(
      command,
      "--http-token-file " + flags.httpTokenFile + ": nothing asks for a token; give --http, too",
    );
  return {
    bind,
    identity: flags.identity,
    seeds: flags.announce,
    filename: flags.filename,
    codec: flags.codec === "bincode" ? bincode : postcard,
    config: makeConfig(flags),
    configName: flags.config.name,
    clusterSize: flags.clusterSize,
    keyFile: flags.keyFile,
    sealing: flags.sealing,
    logLevel: flags.logLevel,
    json: flags.json,
    control: typeof flags.control === "boolean" ? flags.control && undefined : flags.control,
    http: http === undefined ? undefined : httpSettings(http, flags.httpTokenFile),
    ...discovery(flags, command),
    bump: flags.bump,
    stateFile: flags.state,
    logFile: flags.logFile,
  };
}

function httpSettings(http: string | true, tokenFile: string | undefined): HttpSettings {
  return { ...parseEndpoint(http === true ? DEFAULT_HTTP : http), tokenFile };
}

/** How the agent looks for others nearby: when it has no seeds, unless the flags say otherwise. */
function discovery(flags: AgentFlags, command: Command): Pick<AgentSettings, "discover" | "cluster"> {
  const { cluster, beaconPort, interface: name } = flags;
  const isOn = flags.discover ?? flags.announce.length === 0;
  const named = { "--cluster": cluster, "--interface": name, "--beacon-port": beaconPort };
  for (const [flag, value] of Object.entries(named))
    if (!isOn && value !== undefined)
      fail(command, flag + " is about finding others nearby, which is off; give --discover, too");
  const options: DiscoverOptions = {};
  if (beaconPort !== undefined) options.beaconPort = beaconPort;
  if (name !== undefined) options.interface = name;
  return { discover: isOn && options, cluster };
}

/** @throws InvalidArgumentError that says what is expected. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError("Expected a port from 1 to 65535.");
}

/** @throws InvalidArgumentError that says what is expected. */
export function parseCluster(text: string): string {
  if (/^[-.\w]{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected at most 32 letters, digits, dots, hyphens and underscores.");
}

/** Whether it stands for every address of the machine: `0.0.0.0`, `::`. */
function isWildcard(address: string): boolean {
  return /^[0:]*$|^0+(\.0+){3}$/.test(address);
}

/** The settings of the core that the flags name. */
export function makeConfig(flags: Pick<AgentFlags, "config" | "clusterSize">): Config {
  const { name } = flags.config;
  if (name === "simple") return simple();
  const makers = { lan, wan, wifi };
  return makers[name](flags.clusterSize);
}

function fail(command: Command, message: string): never {
  command.error("error: " + message, { exitCode: 2, code: "xswim.invalidArguments" });
}
