const CTRL_C = 3;

/**
 * Calls back for each Ctrl-C or q that is typed; returns what ends that. The terminal then sends no signal for
 * Ctrl-C, which a shell around us (as npm's) would count as a failure, however well we end.
 */
export function onStopKey(stop: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const typed = (keys: Buffer): void => {
    for (const key of keys) if (key === CTRL_C || key === "q".charCodeAt(0)) stop();
  };
  stdin.setRawMode(true);
  stdin.on("data", typed);
  return () => {
    stdin.off("data", typed);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
