/**
 * Fills an array by the hardware generator of ESP32 and ESP8266: there the engine's `Math.random` is `esp_random` and its like.
 * On ESP32 it is good for keys while Wi-Fi or Bluetooth is on, as it is wherever a node runs.
 */
export function fillUnique(bytes: Uint8Array, _isKept: boolean): boolean {
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.random() * 256; // eslint-disable-line no-restricted-properties -- see above
  return true;
}
