import Net from "net";

/**
 * Fills six bytes with the device's MAC address. These platforms have no generator that an app could ask: the engine's
 * `Math.random` gives the same numbers after every start. Where the flash of such a device is erased, and with it the number of
 * its starts, the cluster needs another key.
 */
export function fillUnique(bytes: Uint8Array, isKept: boolean): boolean {
  const mac: string | undefined = Net.get("MAC");
  if (!isKept || mac === undefined) return false;
  const digits = mac.replace(/[^0-9a-fA-F]/g, "");
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return digits.length === 2 * bytes.length;
}
