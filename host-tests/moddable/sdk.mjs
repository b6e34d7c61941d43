// The Moddable SDK of this machine: where its tools are, what a build printed, how large bytecode is.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";

/** Why there is nothing to run here, in a sentence; undefined when all tools are there. */
export function whySkipped(environment = process.env) {
  if (process.platform !== "linux") return "the simulator runs under Xvfb on Linux only";
  if (!environment.MODDABLE) return "MODDABLE is not set: the Moddable SDK is not installed";
  const { toolsFolder } = new Sdk(environment.MODDABLE);
  for (const tool of ["mcconfig", "mcpack", "mcsim", "xsc"]) {
    if (!existsSync(join(toolsFolder, tool)))
      return `${tool} is not in ${toolsFolder}: the SDK's tools are not built`;
  }
  const found = (environment.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "Xvfb")));
  return found ? undefined : "Xvfb is not on PATH";
}

export class Sdk {
  root;
  toolsFolder;

  constructor(root) {
    this.root = root;
    this.toolsFolder = join(root, "build/bin/lin/release");
  }

  tool(name) {
    return join(this.toolsFolder, name);
  }

  /**
   * Builds an app for the simulator, without running it.
   * @param appFolder where its manifest is
   * @param out folder for all that is built; made anew, so that nothing old is taken for new
   * @param config the app's settings
   * @param mcpack whether to let mcpack find the modules of npm packages
   */
  build(appFolder, out, config = {}, mcpack = false) {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const settings = Object.entries(config).map(([key, value]) => `${key}=${value}`);
    const args = ["-d", "-m", "-p", "lin", "-t", "build", "-o", out, ...settings];
    const [command, all] = mcpack ? ["mcpack", ["mcconfig", ...args]] : ["mcconfig", args];
    const paths = [process.env.PATH, this.toolsFolder, join(process.cwd(), "node_modules/.bin")];
    const env = { ...process.env, MODDABLE: this.root, PATH: paths.join(delimiter) };
    const run = spawnSync(this.tool(command), all, { cwd: appFolder, env, encoding: "utf8" });
    const output = run.stdout + run.stderr;
    const so = join(out, "bin/lin/mc/debug", basename(appFolder), "mc.so");
    const ok = run.status === 0 && existsSync(so);
    const warnings = output.split("\n").filter((line) => /^### warning: xswim\//.test(line));
    const errors = output
      .split("\n")
      .filter((line) => /error/i.test(line))
      .slice(0, 10);
    return { ok, so, output, warnings, errors, aliases: ok ? this.#aliases(out, basename(appFolder)) : NaN };
  }

  /** Objects in flash that a program may change: each has a place in RAM where the changed one would be. */
  #aliases(out, name) {
    const image = readFileSync(join(out, "tmp/lin/mc/debug", name, "mc.xs.c"), "utf8");
    return Number(/#define mxAliasCount (\d+)/.exec(image)[1]);
  }

  /** Bytes of bytecode of an ES module, without the names and without records for the debugger. */
  bytecodeLength(module) {
    const folder = mkdtempSync(join(tmpdir(), "xswim-bytecode-"));
    try {
      execFileSync(this.tool("xsc"), [module, "-e", "-o", folder, "-r", "module"]);
      const atoms = readFileSync(join(folder, "module.xsb"));
      // The file is one atom with a header of 8 bytes, and in it atoms of [length, type, data].
      for (let at = 8; at < atoms.length; at += atoms.readUInt32BE(at)) {
        if (atoms.toString("latin1", at + 4, at + 8) === "CODE") return atoms.readUInt32BE(at) - 8;
      }
      throw new Error(`${module}: xsc wrote no CODE`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
