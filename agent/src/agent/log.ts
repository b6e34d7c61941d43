import pino, { type Logger } from "pino";
import { LOG_LEVELS, type LogLevel } from "./settings.js";

/** Where lines go; whole lines, one call each. */
export interface LineSink {
  write(line: string): unknown;
}

/** Takes the events of a log, whatever is printed of them. */
export interface EventSink {
  /** @param json the line that `--json` prints */
  add(event: string, json: string): void;
}

/**
 * A logger that writes one event a line: `{"level","time","event",…,"msg"}` with `json`, else the time, the level
 * and the text for people.
 */
export function makeLog(level: LogLevel, json: boolean, out: LineSink, events?: EventSink): Logger {
  const options = {
    level: events === undefined ? level : moreTalkative(level, "debug"),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines = json ? out : { write: (line: string) => out.write(humanLine(line)) };
  return pino(options, events === undefined ? lines : new Fork(pino.levels.values[level], lines, events));
}

/** What a stream of events calls otherwise. */
const LEFT_OUT: ReadonlySet<string> = new Set(["hello", "gap", "members", "traffic"]);

/** Prints what is to be printed, and hands on every event but those of the level trace. */
class Fork implements LineSink {
  /** Set by pino before each line. */
  lastLevel = 0;
  lastObj: { event?: string } = {};
  private readonly printed: number;
  private readonly lines: LineSink;
  private readonly events: EventSink;

  constructor(printed: number | undefined, lines: LineSink, events: EventSink) {
    this.printed = printed ?? Infinity;
    this.lines = lines;
    this.events = events;
  }

  get [Symbol.for("pino.metadata")](): boolean {
    return true;
  }

  write(line: string): void {
    const { event } = this.lastObj;
    if (event !== undefined && !LEFT_OUT.has(event) && this.lastLevel > pino.levels.values["trace"])
      this.events.add(event, line.trimEnd());
    if (this.lastLevel >= this.printed) this.lines.write(line);
  }
}

function moreTalkative(one: LogLevel, other: LogLevel): LogLevel {
  return LOG_LEVELS.indexOf(one) < LOG_LEVELS.indexOf(other) ? one : other;
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
