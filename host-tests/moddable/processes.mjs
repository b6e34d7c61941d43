// The programs of a run: simulators under a headless display, and peers. All of them end with the run.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TraceLog } from "./trace-log.mjs";
import { listen } from "./trace-server.mjs";

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

function start(command, args, options) {
  const child = spawn(command, args, options);
  running.add(child);
  const exited = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      running.delete(child);
      resolve();
    });
  });
  exited.catch(() => {});
  return { child, exited };
}

async function end({ child, exited }, signal) {
  child.kill(signal);
  await exited;
}

/** A headless X display of our own; `display` is its name. */
export async function startDisplay() {
  const args = ["-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp"];
  const program = start("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const numbers = createInterface({ input: program.child.stdio[3] });
  const number = await new Promise((resolve, reject) => {
    numbers.once("line", resolve);
    program.exited.then(() => reject(new Error("Xvfb ended")), reject);
  });
  return { display: `:${number}`, stop: () => end(program, "SIGTERM") };
}

/** A simulated app; `log` has what it traces. A home of its own keeps it apart from other simulators. */
export async function startSimulator(name, sdk, display, so) {
  const log = new TraceLog(name);
  const server = await listen((line) => log.add(line));
  const home = mkdtempSync(join(tmpdir(), "xswim-simulator-"));
  const env = {
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    NO_AT_BRIDGE: "1",
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    XDG_CONFIG_HOME: home,
    HOME: home,
    XSBUG_HOST: "127.0.0.1",
    XSBUG_PORT: String(server.port),
  };
  const program = start(sdk.tool("mcsim"), [join(sdk.root, "build/simulators"), so], {
    env,
    stdio: "ignore",
  });
  return {
    log,
    async stop(signal = "SIGKILL") {
      await end(program, signal);
      server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Colours and the like. */
const ESCAPES = /\x1b\[[0-9;]*m/g;

/** Any other program; `log` has the lines of both its outputs. */
export function startPeer(name, command, args) {
  const log = new TraceLog(name);
  const program = start(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [program.child.stdout, program.child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => log.add(line.replace(ESCAPES, "")));
  }
  return { log, stop: (signal = "SIGKILL") => end(program, signal) };
}
