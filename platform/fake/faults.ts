import { checkMs, checkName, checkObject, wrongNumber } from "./checks.js";

/** What can happen to datagrams. You may change all of this while the network runs, and set it for single links. */
export interface LinkFaults {
  /** The smallest delay of a datagram, in milliseconds. */
  latencyMs: number;
  /** A random delay of 0 up to this many milliseconds comes on top. With it, datagrams can overtake each other. */
  jitterMs: number;
  /** Which part of the datagrams is lost, 0 to 1. */
  loss: number;
  /** Which part of the datagrams arrives twice, 0 to 1. Both copies have their own delay. */
  duplication: number;
  /** Which part of the datagrams is held back by up to `reorderMs`, 0 to 1. */
  reordering: number;
  /** How many milliseconds `reordering` holds a datagram back at most. */
  reorderMs: number;
  /** In which part of the datagrams one to four bits are inverted, 0 to 1. */
  corruption: number;
}

/** Nothing goes wrong. */
export const PERFECT: LinkFaults = Object.freeze({
  latencyMs: 1,
  jitterMs: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderMs: 50,
  corruption: 0,
});

/** The names of the faults. */
export const FAULTS = Object.keys(PERFECT);

/**
 * Takes what is given over into `faults`; what is left out or undefined stays as it is.
 * @param others names that may be there too
 * @throws TypeError or RangeError that begins with `where` and names the fault; nothing was taken over then
 */
export function takeFaults(
  where: string,
  given: object,
  faults: Partial<LinkFaults>,
  others: readonly string[] = [],
): void {
  checkObject(where, given, others.length === 0 ? "{ loss: 0.1 }" : "{ seed: 7, loss: 0.1 }");
  const known = [...others, ...FAULTS];
  const wanted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    checkName(where, name, known);
    if (value === undefined || others.includes(name)) continue;
    checkFault(where, name, value);
    wanted[name] = value;
  }
  Object.assign(faults, wanted);
}

/** The same values, but every assignment is checked first. The network itself reads the values. */
export function guardFaults(where: string, values: LinkFaults): LinkFaults {
  return new Proxy(Object.seal(values), {
    set(target, name, value) {
      checkFault(where, String(name), value);
      return Reflect.set(target, name, value);
    },
  });
}

function checkFault(where: string, name: string, value: unknown): void {
  checkName(where, name, FAULTS);
  if (name.endsWith("Ms")) return checkMs(where + ": " + name, value);
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw wrongNumber(where + ": " + name + " must be a number from 0 to 1, such as 0.1", value);
}
