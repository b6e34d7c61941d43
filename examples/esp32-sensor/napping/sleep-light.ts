// Where the SDK has no deep sleep, and `System.deepSleep` does nothing: on ESP32, too. The radio is off, the program and all
// that it knows stay, and the processor has nothing to do.
import Timer from "timer";

/** Whether the device restarts after its sleep. */
export const isRestart: boolean = false;

/** Calls `wakeUp` after so many milliseconds. */
export function sleep(ms: number, wakeUp: () => void): void {
  Timer.set(wakeUp, ms);
}
