// What the sensor measures, and how it stands in a broadcast: JSON text. `xsbug` and the laptop read it as it is.

export interface Reading {
  celsius: number;
}

/** Put your sensor here. This one makes numbers up, so that the example runs without a single wire. */
export function takeReading(): Reading {
  return { celsius: 18 + Math.round(Math.random() * 80) / 10 };
}

export function encodeReading(reading: Reading): Uint8Array {
  return new Uint8Array(ArrayBuffer.fromString(JSON.stringify(reading)));
}

/** The text of a reading. `bytes` stand alone in their buffer, as those that `onBroadcast` gives do. */
export function decodeReading(bytes: Uint8Array): string {
  return String.fromArrayBuffer(bytes.buffer);
}
