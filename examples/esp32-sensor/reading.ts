// What the sensor measures, and how it stands in a datagram: four bytes at most, which `xswim` reads back into an object.
import { i16, struct, u8 } from "xswim/schema";

export interface Reading {
  /** Tenths of a degree, since a schema has whole numbers only. */
  deciCelsius: number;
  /** Percent that are left in the battery. */
  battery: number;
}

/** The option `value` of all members. Whoever measures something else changes it here, and in `lan-peer`. */
export const readingSchema = struct({ deciCelsius: i16, battery: u8 });

/** Put your sensor here. This one makes numbers up, so that the example runs without a single wire. */
export function takeReading(): Reading {
  return { deciCelsius: 180 + Math.round(Math.random() * 80), battery: 60 + Math.round(Math.random() * 40) };
}

export function describeReading({ deciCelsius, battery }: Reading): string {
  return `${(deciCelsius / 10).toFixed(1)} degrees, battery ${battery} %`;
}
