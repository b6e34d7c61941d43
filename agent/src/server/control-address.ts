import { chmodSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { controlFolder } from "../control/socket-path.js";
import { controlGuard } from "./guard.js";
import { Listener } from "./listener.js";

/** A path of a socket has room for that many bytes on every system. */
const MOST_BYTES = 100;
const IS_WINDOWS = process.platform === "win32";

/**
 * Opens a control address, which only this user can get at.
 * @param isUsual whether it is in the folder that agents make for that
 * @throws Error that says what is wrong
 */
export async function openControl(at: string, isUsual: boolean): Promise<Listener> {
  const listener = new Listener(controlGuard);
  if (IS_WINDOWS) {
    await listener.listen(at);
    return listener;
  }
  if (Buffer.byteLength(at) > MOST_BYTES)
    throw new Error(at + " is longer than " + MOST_BYTES + " bytes; give a shorter one by --control");
  if (isUsual) makeFolder(controlFolder());
  await makeWay(at);
  // Nobody may connect before the mode is set.
  const before = process.umask(0o177);
  try {
    const listening = listener.listen(at);
    process.umask(before);
    await listening;
  } finally {
    process.umask(before);
  }
  chmodSync(at, 0o600);
  return listener;
}

/** Makes a folder that is only for this user. @throws Error when one is there that is not */
function makeFolder(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || stats.uid !== process.getuid?.())
    throw new Error(folder + " is not a folder of this user; remove it, or give --control another path");
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Removes what an agent left there that was killed. @throws Error when something else is there */
async function makeWay(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) throw new Error(path + " is there already, and is no socket");
  if (await isLive(path)) throw new Error("another agent has the control address " + path);
  unlinkSync(path);
}

function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (isLive: boolean): void => {
      socket.destroy();
      resolve(isLive);
    };
    socket.on("connect", () => answer(true));
    socket.on("error", (error: NodeJS.ErrnoException) => answer(error.code !== "ECONNREFUSED"));
  });
}
