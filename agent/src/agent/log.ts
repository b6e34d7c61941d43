import pino, { type Logger } from "pino";
import type { LogLevel } from "./settings.js";

/** Where lines go; whole lines, one call each. */
export interface LineSink {
  write(line: string): unknown;
}

/**
 * A logger that writes one event a line: `{"level","time","event",…,"msg"}` with `json`, else the time, the level
 * and the text for people.
 */
export function makeLog(level: LogLevel, json: boolean, out: LineSink): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, json ? out : { write: (line: string) => out.write(humanLine(line)) });
}

function humanLine(line: string): string {
  const { time, level, msg } = JSON.parse(line) as Record<"time" | "level" | "msg", string>;
  return time + " " + level.toUpperCase().padEnd(5) + " " + msg + "\n";
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text from the network in quotes, with nothing in it that a terminal would obey. */
export function quoted(text: string): string {
  return printable(JSON.stringify(text));
}

/** The same without quotes. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}
