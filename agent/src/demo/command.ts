import type { Command } from "commander";
import { onNpmGone } from "../parent.js";
import { DemoKey } from "./demo-key.js";
import { Demo, HOST, SIZE } from "./demo.js";
import { freePorts, pageAddress } from "./free-ports.js";
import { onStopKey } from "./keys.js";

const HELP = `
Each row is a member: its identity (address and bump), its process, and its state, incarnation and last round trip
time. The first row is the observer, which is this program; the other rows show what the observer knows. One member
after another is killed and started again. Press Ctrl-C or q to make all members leave.

One member, which is never killed, shows the cluster on a page, whose address is printed.

With --sealed the members have a fresh key, which seals every datagram. It is gone when they are.

When the output is no terminal, the program prints the events as lines, kills and restarts one member, and ends.

Exit codes: 0 all members left, 1 a member could not start, or something took too long.`;

/** Adds `demo` to the program; `setExitCode` is told how it ended. */
export function addDemoCommand(program: Command, setExitCode: (exitCode: number) => void): void {
  program
    .command("demo")
    .description("Watch five members on this machine find each other, lose one of them, and take it back.")
    .option("--sealed", "seal every datagram under a fresh key", false)
    .addHelpText("after", HELP)
    .action(async ({ sealed }: { sealed: boolean }) => {
      const isLive = process.stdout.isTTY === true;
      const key = sealed ? new DemoKey() : undefined;
      process.once("exit", () => key?.remove());
      const demo = new Demo(await freePorts(SIZE, HOST), isLive, await pageAddress(HOST), key);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => demo.stop());
      onNpmGone(() => demo.stop());
      const endKeys = isLive ? onStopKey(() => demo.stop()) : () => undefined;
      setExitCode(await demo.run());
      endKeys();
    });
}
