import { randomBytes } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";

const HELP = `
Prints one line of a key file: 32 hex digits, which are 16 bytes of the operating system's random numbers; with an id
that other nodes know the key by. A bare key has the id 0. All nodes of a cluster need the same keys.

Examples:
  (umask 077; xswim keygen > cluster.key)              # a key for a new cluster
  xswim agent 127.0.0.1:8080 --key-file cluster.key
  xswim keygen --id 1 >> cluster.key                   # a second key, to change the first one for`;

/** Adds `keygen` to the program. */
export function addKeygenCommand(program: Command): void {
  program
    .command("keygen")
    .description("Print a new key for the key file of a cluster.")
    .option(
      "--id <N>",
      "the id of the key, 0 to 15; each key in use at the same time needs another one",
      parseKeyId,
    )
    .addHelpText("after", HELP)
    .action(({ id }: { id?: number }) => void process.stdout.write(makeKeyLine(id) + "\n"));
}

/** Returns a line of a key file with a new key. */
export function makeKeyLine(id: number | undefined): string {
  return (id === undefined ? "" : id + ":") + randomBytes(16).toString("hex");
}

/** @throws InvalidArgumentError that says what is expected. */
export function parseKeyId(text: string): number {
  if (/^[0-9]{1,2}$/.test(text) && Number(text) <= 15) return Number(text);
  throw new InvalidArgumentError("Expected a number from 0 to 15.");
}
