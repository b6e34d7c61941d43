// Builds the XS engine of npm's @agoric/xsnap, with the host of host/, into build/xs/<engine>/ under the project root.
// An object file is compiled again only when its source, a header or its command changed.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withLock } from "./lock.js";

/**
 * `x64`: a 64-bit Linux process. `ia32`: the same with 32-bit pointers, so that slots and chunks have the sizes they have
 * on a microcontroller. `rv32`: RV32IMAC machine code, the ESP32-C3's instructions, on an emulated board.
 */
export type Engine = "x64" | "ia32" | "rv32";

interface Toolchain {
  compiler: string;
  flags: string[];
  linkFlags: string[];
  line: string;
  /** What to say when the compiler cannot build an empty program, and how to see that it can. */
  missing: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const hostDirectory = join(here, "host");
const buildRoot = resolve(here, "../../build/xs");
const run = promisify(execFile);

const common = [
  ["-DINCLUDE_XSPLATFORM", '-DXSPLATFORM="platform.h"', "-DmxRun=1", "-DmxParse=1", "-DmxSloppy=1"],
  ["-DmxMinusZero=1", "-DmxNoConsole=1", "-fno-common", "-std=gnu11", "-w"],
].flat();

const toolchains: Record<Engine, Toolchain> = {
  x64: {
    compiler: "gcc",
    flags: ["-m64", "-O2", "-DmxMetering=1", "-DmxBoundsCheck=1"],
    linkFlags: ["-lm", "-lpthread"],
    line: "line-posix.c",
    missing: "the 64-bit XS engine is built by gcc, which is not here (Debian: gcc, libc6-dev)",
  },
  ia32: {
    compiler: "gcc",
    // SSE2 doubles: the same arithmetic as on the other engines, not the x87's wider one.
    flags: ["-m32", "-O2", "-msse2", "-mfpmath=sse", "-DmxMetering=1", "-DmxBoundsCheck=1"],
    linkFlags: ["-lm", "-lpthread"],
    line: "line-posix.c",
    missing: "the 32-bit XS engine is built by gcc -m32, which does not work here (Debian: gcc-multilib)",
  },
  rv32: {
    compiler: "riscv64-unknown-elf-gcc",
    // As Moddable builds XS for an ESP32 in release: for size, without metering and without the debugger.
    flags: [
      "-march=rv32imac",
      "-misa-spec=2.2", // in which the counters are part of the base instructions
      "-mabi=ilp32",
      "-Os",
      "-ffunction-sections",
      "-fdata-sections",
      "--specs=picolibc.specs",
    ],
    linkFlags: [
      "--oslib=semihost",
      "--crt0=semihost",
      "-Wl,--gc-sections",
      "-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000",
      "-Wl,--defsym=__ram=0x80400000,--defsym=__ram_size=0x4000000,--defsym=__heap_end=0x84300000",
      "-lm",
    ],
    line: "line-virt.c",
    missing:
      "the device's XS engine is built by riscv64-unknown-elf-gcc with picolibc, which are not here " +
      "(Debian: gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf)",
  },
};

/** Where @agoric/xsnap keeps XS. */
function xsDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("@agoric/xsnap/package.json")), "moddable/xs");
  } catch {
    throw new Error(
      "the sources of XS come with npm's @agoric/xsnap, which is not installed: run npm ci first",
    );
  }
}

const found = new Map<Engine, string | undefined>();

/** A plain sentence that says what an engine lacks on this machine, or undefined when it can be built and run. */
export function missingTool(engine: Engine): string | undefined {
  if (!found.has(engine)) found.set(engine, probe(engine));
  return found.get(engine);
}

function probe(engine: Engine): string | undefined {
  const { compiler, flags, linkFlags, missing } = toolchains[engine];
  const source = '#include <math.h>\n#include <stdio.h>\nint main(void){puts("");return 0;}\n';
  try {
    const input = {
      input: source,
      stdio: ["pipe", "ignore", "ignore"] as ("pipe" | "ignore")[],
      timeout: 60_000,
    };
    execFileSync(compiler, [...flags, "-x", "c", "-", "-x", "none", ...linkFlags, "-o", "/dev/null"], input);
  } catch {
    return missing;
  }
  try {
    execFileSync("setpriv", ["--version"], { stdio: "ignore", timeout: 60_000 });
  } catch {
    return "an XS engine is started by setpriv, which is not here (Debian: util-linux)";
  }
  if (engine !== "rv32") return undefined;
  try {
    execFileSync("qemu-system-riscv32", ["--version"], { stdio: "ignore", timeout: 60_000 });
    return undefined;
  } catch {
    return "the device's XS engine runs under qemu-system-riscv32, which is not here (Debian: qemu-system-misc)";
  }
}

/**
 * Builds an engine unless it stands already. Calls from several processes take turns.
 * @returns the path of the program: an executable, or for `rv32` an image for QEMU
 */
export async function buildEngine(engine: Engine): Promise<string> {
  const missing = missingTool(engine);
  if (missing !== undefined) throw new Error(missing);
  const directory = join(buildRoot, engine);
  await mkdir(directory, { recursive: true });
  return withLock(join(directory, "lock"), () => build(engine, directory));
}

async function build(engine: Engine, directory: string): Promise<string> {
  const { compiler, flags, linkFlags, line } = toolchains[engine];
  const xs = xsDirectory();
  const includes = ["includes", "platforms", "sources"].map((name) => `-I${join(xs, name)}`);
  const arguments_ = [...flags, ...common, `-I${hostDirectory}`, ...includes];
  const headers = await digest([
    ...(await filesOf(hostDirectory, ".h")),
    ...(await filesOf(join(xs, "includes"), ".h")),
    ...(await filesOf(join(xs, "sources"), ".h")),
  ]);
  const sources = await sourcesOf(xs, line);
  const objects: string[] = [];
  let compiled = 0;
  await inParallel(2, sources, async (source) => {
    const object = join(directory, `${source.slice(source.lastIndexOf("/") + 1, -2)}.o`);
    objects.push(object);
    const parts = source.endsWith("host/memory.c") ? [source, join(xs, "sources/xsMemory.c")] : [source];
    const key = [compiler, ...arguments_, headers, await digest(parts)].join("\n");
    if (await upToDate(object, key)) return;
    compiled += 1;
    await run("nice", [compiler, ...arguments_, "-c", source, "-o", object]);
    await writeFile(`${object}.key`, key);
  });
  const program = join(directory, engine === "rv32" ? "xs.elf" : "xs");
  if (compiled > 0 || !(await exists(program))) {
    await run(compiler, [...flags, ...objects.sort(), ...linkFlags, "-o", `${program}.new`]);
    await rename(`${program}.new`, program);
  }
  return program;
}

/** XS's own files but for the memory manager, which host/memory.c includes, and ours. */
async function sourcesOf(xs: string, line: string): Promise<string[]> {
  const engine = await filesOf(join(xs, "sources"), ".c");
  const host = await filesOf(hostDirectory, ".c");
  const ours = host.filter((path) => !/\/line-\w+\.c$/.test(path) || path.endsWith(`/${line}`));
  return [...engine.filter((path) => !/\/xs(Memory|Snapshot)\.c$/.test(path)), ...ours];
}

async function filesOf(directory: string, extension: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(extension));
  return names.sort().map((name) => join(directory, name));
}

async function digest(paths: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await readFile(path));
  return hash.digest("hex");
}

async function upToDate(object: string, key: string): Promise<boolean> {
  if (!(await exists(object))) return false;
  const before = await readFile(`${object}.key`, "utf8").catch(() => "");
  if (before === key) return true;
  await rm(`${object}.key`, { force: true });
  return false;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function inParallel<T>(width: number, items: T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
