import Time from "time";
import { deviceRandom } from "../random.js";

/** Fills an array with bytes for a simulator: of the time it was started, so that they are its own, but could be guessed. */
export function fillUnique(bytes: Uint8Array, _isKept: boolean): boolean {
  // eslint-disable-next-line no-restricted-globals -- a simulator has a clock
  const random = deviceRandom(String(Date.now()), Time.ticks);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random();
  return true;
}
