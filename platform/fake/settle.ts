/** How many promises in a row may wait for each other where there is nothing but promises to wait by. */
const TURNS = 100;

// Taken when this module is loaded, so that a test's own fake timers do not matter.
const later: ((callback: () => void) => unknown) | undefined =
  typeof setImmediate === "function"
    ? setImmediate
    : typeof setTimeout === "function"
      ? (callback) => setTimeout(callback, 0)
      : undefined;

/** Waits until everything has run that waits for promises that are settled already. */
export async function settle(): Promise<void> {
  if (later !== undefined) {
    await new Promise<void>((resolve) => {
      later(resolve);
    });
    return;
  }
  for (let turn = 0; turn < TURNS; turn++) await undefined;
}
