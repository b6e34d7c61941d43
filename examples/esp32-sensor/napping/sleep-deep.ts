// The deep sleep of an ESP8266: all but a clock is off. The clock restarts the device by its pin GPIO16 (D0), which must be
// connected to RST.

/** Made by the SDK's module `system`. */
declare const System: { deepSleep(us: number): void };

/** The SDK passes microseconds as a signed integer of 32 bits. */
const LONGEST_MS = 2_147_000;

/** Whether the device restarts after its sleep. */
export const isRestart: boolean = true;

/** Sleeps for so many milliseconds, 35 minutes at most, and restarts. */
export function sleep(ms: number, _wakeUp: () => void): void {
  System.deepSleep(Math.min(ms, LONGEST_MS) * 1000);
}
