/** How soon the end of the parent is noticed. */
const LOOK_PERIOD_MS = 500;

/**
 * Calls back once when npm started this program (`npx`, `npm exec`, `npm start`) and is gone. npm passes SIGTERM to
 * a shell between it and the program, and that shell ends without passing it on. A program that npm did not start
 * may well outlive its parent, as a daemon does.
 */
export function onNpmGone(gone: () => void): void {
  // Whatever npm runs has this, and so have yarn's and pnpm's programs.
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    gone();
  }, LOOK_PERIOD_MS).unref();
}
