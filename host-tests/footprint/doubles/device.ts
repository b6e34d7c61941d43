// A device's modules for measurements inside a machine: they allocate nothing, and time is moved by the measurement.

export const device = {
  nowMs: 1000,
  /** When the one timer is due. */
  dueMs: Infinity,
  onTimer: undefined as (() => void) | undefined,
  /** What the socket tells of datagrams that wait. */
  onReadable: undefined as ((count: number) => void) | undefined,
  /** What the socket reads next, and once. */
  packet: undefined as ArrayBuffer | undefined,
  /** Datagrams sent, and the length of the last. */
  sent: 0,
  length: 0,
};
