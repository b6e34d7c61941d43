// As in the simulator: bytes that are not those of another device.
let next = 1;

export function fillUnique(bytes: Uint8Array, _isKept: boolean): boolean {
  bytes.fill(next++);
  return true;
}
