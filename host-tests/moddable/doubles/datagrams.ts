/** A bincode Ping 1 of the peer 192.168.1.9:7946, life 5, to 192.168.1.20:7946 in its life number 7. */
export const PING: readonly number[] = [
  ...[0, 192, 168, 1, 9, 251, 0x0a, 0x1f, 5, 0],
  ...[0, 192, 168, 1, 20, 251, 0x0a, 0x1f, 7],
  ...[0, 1, 0, 0],
];
