import { readFileSync } from "node:fs";
import { InvalidArgumentError, type Command, type Option } from "commander";

/** The name in the file of what is an argument on the command line. */
export const BIND = "bind";
/** The names that `--config` takes beside files. */
export const CONFIGS = ["lan", "wan", "wifi", "simple"] as const;
export type ConfigName = (typeof CONFIGS)[number];

/** What `--config` was given: the name of settings, a file, or both, one after another. */
export interface ConfigChoice {
  readonly name: ConfigName;
  /** Whether the command line named the settings. */
  readonly isNamed: boolean;
  readonly file?: string;
}

/** Reads one `--config` more. A file has a dot or a slash in its name. @throws InvalidArgumentError for what is neither */
export function collectConfig(text: string, earlier: ConfigChoice): ConfigChoice {
  if (CONFIGS.includes(text as ConfigName)) return { ...earlier, name: text as ConfigName, isNamed: true };
  if (/[./\\]/.test(text) && earlier.file === undefined) return { ...earlier, file: text };
  if (earlier.file !== undefined) throw new InvalidArgumentError("There can be one file only.");
  const choices = "Allowed choices are " + CONFIGS.join(", ");
  throw new InvalidArgumentError(choices + ", or a file, which has a dot or a slash in its name.");
}

/**
 * Sets the options of `command` as its configuration file says, where it was given one by `--config`. What the command line
 * says stays. Returns the `BIND_ADDR` of the file. Ends `command` with a message that names the file when something is wrong.
 */
export function applyConfigFile(command: Command): string | undefined {
  const { file } = command.getOptionValue("config") as ConfigChoice;
  if (file === undefined) return undefined;
  let bind: string | undefined;
  for (const [name, value] of Object.entries(readSettings(file, command))) {
    try {
      if (name === BIND) bind = parsed(command.registeredArguments[0], value, undefined) as string;
      else setOption(command, name, value);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      fail(command, file + ": " + JSON.stringify(name) + ": " + error.message);
    }
  }
  return bind;
}

/** The names that a file may have, beside `bind`: the long names of the options, without `--` and `no-`. */
export function configNames(command: Command): string[] {
  return [...new Set(command.options.map(nameOf))].filter((name) => name !== "version" && name !== "help");
}

function readSettings(file: string, command: Command): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    fail(command, file + ": " + (error as Error).message);
  }
  try {
    const settings: unknown = JSON.parse(text);
    if (typeof settings === "object" && settings !== null && !Array.isArray(settings))
      return settings as Record<string, unknown>;
  } catch (error) {
    fail(command, file + " is no JSON: " + (error as Error).message);
  }
  fail(command, file + ": expected a JSON object with the names of options, without their dashes");
}

/** @throws InvalidArgumentError that says what is expected */
function setOption(command: Command, name: string, value: unknown): void {
  const names = configNames(command);
  if (!names.includes(name))
    throw new InvalidArgumentError(
      "There is no such name. It can be one of " + [BIND, ...names].join(", ") + ".",
    );
  const options = command.options.filter((option) => nameOf(option) === name);
  const attribute = options[0].attributeName();
  if (attribute === "config") return setConfig(command, value);
  const set = converted(options, value);
  if (command.getOptionValueSource(attribute) !== "cli")
    command.setOptionValueWithSource(attribute, set, "config");
}

/** Within the file it is the name of settings only. */
function setConfig(command: Command, value: unknown): void {
  if (!CONFIGS.includes(value as ConfigName))
    throw new InvalidArgumentError("Allowed choices are " + CONFIGS.join(", ") + ".");
  const choice = command.getOptionValue("config") as ConfigChoice;
  if (!choice.isNamed) command.setOptionValue("config", { ...choice, name: value });
}

/** Returns the value of the options of one name, such as `--control <PATH>` and `--no-control`, as the command line would. */
function converted(options: readonly Option[], value: unknown): unknown {
  const isSwitch = options.some((option) => option.isBoolean() || option.optional);
  const valued = options.find((option) => option.required || option.optional);
  if (typeof value === "boolean" && (value ? isSwitch : isSwitch || options.some((option) => option.negate)))
    return value;
  if (valued === undefined) throw new InvalidArgumentError("Expected true or false.");
  if (!Array.isArray(valued.defaultValue)) return parsed(valued, value, valued.defaultValue);
  if (!Array.isArray(value)) throw new InvalidArgumentError("Expected an array of texts.");
  return value.reduce((earlier: unknown, each) => parsed(valued, each, earlier), []);
}

function parsed(
  what: { parseArg?: ((value: string, previous: never) => unknown) | undefined },
  value: unknown,
  previous: unknown,
): unknown {
  if (typeof value !== "string" && typeof value !== "number")
    throw new InvalidArgumentError("Expected a text or a number.");
  return what.parseArg === undefined ? String(value) : what.parseArg(String(value), previous as never);
}

function nameOf(option: Option): string {
  return (option.long ?? "").replace(option.negate ? /^--no-/ : /^--/, "");
}

function fail(command: Command, message: string): never {
  command.error("error: " + message, { exitCode: 2, code: "xswim.invalidArguments" });
}
