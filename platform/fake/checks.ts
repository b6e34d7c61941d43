import { nearest } from "../../core/checks.js";

/** The end of a message: what was given in the place of what was expected. */
export function got(value: unknown): string {
  if (typeof value === "string") return "; got " + JSON.stringify(value);
  if (Array.isArray(value)) return "; got an array";
  if (typeof value === "function") return "; got a function";
  if (typeof value === "object" && value !== null) return "; got an object";
  return "; got " + String(value);
}

/** A RangeError for a number that is out of range, a TypeError for anything else. */
export function wrongNumber(text: string, value: unknown): Error {
  return typeof value === "number" ? new RangeError(text + got(value)) : new TypeError(text + got(value));
}

/** A length of time. @throws TypeError or RangeError that begins with `name` */
export function checkMs(name: string, ms: unknown): void {
  if (typeof ms === "number" && ms >= 0 && ms < Infinity) return;
  throw wrongNumber(name + " must be a number of milliseconds, 0 or more", ms);
}

/** @throws TypeError that begins with `name` */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(name + " must be a function" + got(value));
}

/** An object of options. @throws TypeError that begins with `where` */
export function checkObject(where: string, given: unknown, example: string): void {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return;
  throw new TypeError(where + ": expected an object such as " + example + got(given));
}

/** @throws TypeError that names the nearest known name */
export function checkName(where: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near === undefined ? "known are " + known.join(", ") : "did you mean " + near + "?";
  throw new TypeError(where + ": unknown name " + name + "; " + hint);
}
