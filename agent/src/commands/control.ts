import type { Command } from "commander";
import { parsePort } from "../agent/settings.js";
import {
  findAgent,
  NoAgentError,
  RefusedError,
  UnclearAgentError,
  type AgentChoice,
  type AgentClient,
} from "../control/client.js";

/** What was asked for failed. */
export const FAILED = 1;
const WRONG_ARGUMENTS = 2;
const NO_AGENT = 4;

/** The options that all commands have which speak with an agent. */
export interface ControlFlags extends AgentChoice {
  json?: boolean;
}

/** Tells the program how it ended. */
export type SetExitCode = (exitCode: number) => void;

/** The end of the help of such a command. */
export const EXIT_CODES = `
Exit codes: 0 it was done, 1 it failed, 2 wrong arguments, 4 no agent answers.`;

/** Adds the options that say which agent is meant. */
export function withControlOptions(command: Command): Command {
  return command
    .option("--control <PATH>", "the control address of the agent (default: that of the only one here)")
    .option("--port <N>", "the UDP port of the agent, when there are several of them here", parsePort);
}

/** Has `act` speak with the agent that is meant; says what went wrong, and sets the exit code. */
export async function speak(
  flags: AgentChoice,
  setExitCode: SetExitCode,
  act: (client: AgentClient) => Promise<number | void>,
): Promise<void> {
  try {
    setExitCode((await act(await findAgent(flags))) ?? 0);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    process.stderr.write("xswim: " + (error as Error).message + "\n");
    setExitCode(exitCode);
  }
}

/** @throws what is no failure of an agent */
function exitCodeOf(error: unknown): number {
  if (error instanceof NoAgentError) return NO_AGENT;
  if (error instanceof UnclearAgentError) return WRONG_ARGUMENTS;
  if (error instanceof RefusedError) return FAILED;
  throw error;
}

/** Writes what a command found, as one line of JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(JSON.stringify(value) + "\n");
}

export function printLine(line: string): void {
  process.stdout.write(line + "\n");
}
