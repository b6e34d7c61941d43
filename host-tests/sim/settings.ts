import { makeProgram, settingsOf, type Flags } from "../../bench/sim/options.js";
import type { Settings } from "../../bench/sim/settings.js";

/** What the command line says, taken apart. */
export async function flagsOf(words: readonly string[]): Promise<{ name: string; flags: Flags }> {
  let found: { name: string; flags: Flags } | undefined;
  const program = makeProgram(async (name, flags) => {
    found = { name, flags };
  });
  await program.parseAsync(words, { from: "user" });
  if (found === undefined) throw new Error("no scenario was named");
  return found;
}

/** A scenario's usual settings but for some. */
export function settings(scenario: string, changed: Partial<Settings> = {}): Settings {
  const flags: Flags = {
    foca: 0,
    seed: 1,
    seeds: 1,
    config: "lan",
    set: [],
    with: [],
    identity: "renewableV4",
    codec: "bincode",
    check: true,
  };
  const usual = settingsOf(scenario, flags);
  return { ...usual, ...changed, parameters: { ...usual.parameters, ...changed.parameters } };
}
