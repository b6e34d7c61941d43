import { existsSync, readdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Where the agent of the systemd unit has its control address. */
const SERVICE_FOLDER = "/run/xswim";

/** The folder of the control addresses of this user's agents. */
export function controlFolder(): string {
  const { XDG_RUNTIME_DIR } = process.env;
  const base = XDG_RUNTIME_DIR === undefined || XDG_RUNTIME_DIR === "" ? tmpdir() : XDG_RUNTIME_DIR;
  return join(base, "xswim-" + (process.getuid?.() ?? userInfo().username));
}

/** The control address of the agent at a UDP port, where the agent was told no other. */
export function controlPath(port: number): string {
  if (process.platform === "win32") return "\\\\.\\pipe\\xswim-" + userInfo().username + "-" + port;
  return join(controlFolder(), port + ".sock");
}

/** The control addresses that are on this machine; one may be left over from an agent that was killed. */
export function controlPaths(folders: readonly string[] = [controlFolder(), SERVICE_FOLDER]): string[] {
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => socketsIn(folder));
}

function socketsIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".sock"));
    return names.sort().map((name) => join(folder, name));
  } catch {
    // Of another user.
    return [];
  }
}
