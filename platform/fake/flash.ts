import type { Store } from "../shared/bump.js";
import { got, wrongNumber } from "./checks.js";

/**
 * The flash of a host: texts by name, which crashes and reboots leave alone. Give it to a node as its `store`. As on an
 * ESP32, a write first erases what was there.
 */
export class Flash implements Store {
  /** How often something was written or deleted. Flash wears out, so a test may want to limit this. */
  writes = 0;
  private readonly domains = new Map<string, Map<string, string>>();
  private readonly cutPower: () => void;
  /** How many steps are still done before the power is cut. */
  private stepsLeft = Infinity;
  private isDead = false;

  /** Use the one of a host, `host.flash`. `cutPower` is called when the power is to be cut. */
  constructor(cutPower: () => void) {
    this.cutPower = cutPower;
  }

  /** Returns the text with that name; undefined when there is none. @throws TypeError when a name is not a text */
  get(domain: string, key: string): string | undefined {
    checkNames("get", domain, key);
    return this.domains.get(domain)?.get(key);
  }

  /** Keeps a text under that name. @throws TypeError when a name or the value is not a text; then nothing has changed */
  set(domain: string, key: string, value: string): void {
    checkNames("set", domain, key);
    if (typeof value !== "string")
      throw new TypeError("Flash.set: value must be a text, such as String(21)" + got(value));
    if (this.isDead) return;
    this.writes++;
    this.step(() => this.domains.get(domain)?.delete(key));
    this.step(() => {
      const values = this.domains.get(domain) ?? new Map<string, string>();
      this.domains.set(domain, values.set(key, value));
    });
  }

  /** Forgets the text with that name. @throws TypeError when a name is not a text */
  delete(domain: string, key: string): void {
    checkNames("delete", domain, key);
    if (this.isDead) return;
    this.writes++;
    this.step(() => this.domains.get(domain)?.delete(key));
  }

  /** Returns the names of all texts in a domain. @throws TypeError when `domain` is not a text */
  keys(domain: string): string[] {
    checkNames("keys", domain, "any");
    return [...(this.domains.get(domain)?.keys() ?? [])];
  }

  /** Forgets everything, as a device does whose flash is erased before a new program is put on it. */
  erase(): void {
    this.domains.clear();
  }

  /**
   * Cuts the power after so many further steps, and so crashes the host. A `set` is two steps, because it erases what was
   * there before it writes, and a `delete` is one. After 0 steps the next write changes nothing, after 1 a `set` has
   * erased the value and not written the new one, after 2 it is written. Infinity takes the order back.
   *
   * What the program does in the rest of that call has no effect: nothing is written or sent. The host is off then, until
   * you call `start` or `reboot`.
   * @throws TypeError or RangeError when `steps` is not a whole number of 0 or more; then nothing has changed
   */
  cutPowerAfter(steps: number): void {
    if (steps !== Infinity && !(Number.isSafeInteger(steps) && steps >= 0))
      throw wrongNumber("Flash.cutPowerAfter: steps must be a whole number, 0 or more", steps);
    this.stepsLeft = steps;
  }

  /** @internal For the host: there is power again, or the call in which it was cut is over. */
  powerUp(): void {
    this.isDead = false;
  }

  private step(change: () => void): void {
    if (this.isDead) return;
    if (this.stepsLeft > 0) {
      change();
      this.stepsLeft--;
    }
    if (this.stepsLeft > 0) return;
    this.stepsLeft = Infinity;
    this.isDead = true;
    this.cutPower();
  }
}

function checkNames(method: string, domain: unknown, key: unknown): void {
  const wrong = typeof domain !== "string" || domain === "" ? ["domain", domain] : ["key", key];
  if (typeof wrong[1] === "string" && wrong[1] !== "") return;
  throw new TypeError(
    "Flash." + method + ": " + wrong[0] + " must be a text that is not empty" + got(wrong[1]),
  );
}
