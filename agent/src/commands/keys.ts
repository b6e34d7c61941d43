import type { Command } from "commander";
import { makeKeyLine, parseKeyId } from "../agent/keygen.js";
import { readKeyFile } from "../agent/key-file.js";
import { printable } from "../agent/log.js";
import type { InfoAnswer } from "../control/answers.js";
import {
  EXIT_CODES,
  FAILED,
  printJson,
  printLine,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";

const HELP = `
Nothing here shows a key but new, which makes one.

To change the key of a cluster: put a new one behind the old one into the key file of each member and reload it; then put
it first in each, and reload; then take the old one out of each, and reload.

Examples:
  xswim keys new --id 1 >> cluster.key
  xswim keys check cluster.key
  xswim keys reload && xswim keys list
${EXIT_CODES}`;

/** Adds `keys` and what it can do to the program. */
export function addKeysCommand(program: Command, setExitCode: SetExitCode): void {
  const keys = program
    .command("keys")
    .description("Look after the keys that seal the datagrams of a cluster.")
    .addHelpText("after", HELP);
  withControlOptions(keys.command("list"))
    .description("Tell the ids of an agent's keys, and what it does with them.")
    .option("--json", "print one JSON object: sealing, keyIds", false)
    .action((flags: ControlFlags) =>
      speak(flags, setExitCode, async (client) => {
        const { sealing, keyIds } = await client.get<InfoAnswer>("/api/info");
        if (flags.json === true) return printJson({ sealing, keyIds });
        if (sealing === null) return printLine("no keys");
        printLine("sealing: " + printable(sealing));
        for (const [index, id] of (keyIds ?? []).entries())
          printLine("key " + id + (index === 0 ? ": seals and opens" : ": opens"));
      }),
    );
  withControlOptions(keys.command("reload"))
    .description("Have an agent read its key file again, as SIGHUP does.")
    .option("--json", "print one JSON object: keyIds", false)
    .action((flags: ControlFlags) =>
      speak(flags, setExitCode, async (client) => {
        const answer = await client.post<{ keyIds: number[] }>("/api/keys/reload");
        if (flags.json === true) printJson(answer);
        else printLine("keys in use: " + answer.keyIds.join(", "));
      }),
    );
  keys
    .command("new")
    .description("Print a new key for a key file; the same as xswim keygen.")
    .option("--id <N>", "the id of the key, 0 to 15", parseKeyId)
    .action(({ id }: { id?: number }) => printLine(makeKeyLine(id)));
  addCheckCommand(keys, setExitCode);
}

/** It needs no agent. */
function addCheckCommand(keys: Command, setExitCode: SetExitCode): void {
  keys
    .command("check")
    .argument("<FILE>", "a key file")
    .description("Tell whether a key file is right, and which ids it has.")
    .action(async (path: string) => {
      try {
        const ids = (await readKeyFile(path)).map(({ id }) => id);
        printLine(path + ": keys " + ids.join(", ") + "; key " + ids[0] + " seals");
      } catch (error) {
        process.stderr.write("xswim: " + path + ": " + (error as Error).message + "\n");
        setExitCode(FAILED);
      }
    });
}
