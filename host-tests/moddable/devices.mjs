// The sensor example for devices, as far as it goes without their toolchains: the SDK resolves its manifest, compiles all
// modules and links their bytecode, with what is preloaded in flash. No C is compiled and nothing can be flashed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

const SLOT_BYTES = 16;

/** Empty folders and files in the places where the makefiles look for a toolchain. */
function standIns(platform, folder, out) {
  if (platform === "esp") {
    for (const name of ["esp8266-2.3.0", "toolchain/Linux", "ESP8266_RTOS_SDK/components"])
      mkdirSync(join(folder, name), { recursive: true });
    return { settings: [], env: { ESP_BASE: folder } };
  }
  const header = join(out, "xsProj-esp32/build/config/sdkconfig.h");
  mkdirSync(join(out, "xsProj-esp32/build/config"), { recursive: true });
  writeFileSync(header, "");
  mkdirSync(join(folder, "idf"), { recursive: true });
  return { settings: ["IDF_VERSION=v5.5.4", `IDF_PATH=${join(folder, "idf")}`, "-o", header], env: {} };
}

/**
 * Configures an app for a device and links its bytecode.
 * @param app the app's folder
 * @param out where to build; must not exist
 * @param build "debug" or "release"
 */
export function linkForDevice(sdk, platform, app, out, build) {
  const built = join(out, "tmp", platform, build, basename(app));
  mkdirSync(out);
  const { settings, env } = standIns(platform, `${out}-no-toolchain`, built);
  const paths = [process.env.PATH, sdk.toolsFolder, join(process.cwd(), "node_modules/.bin")];
  const options = {
    cwd: app,
    env: { ...process.env, ...env, MODDABLE: sdk.root, PATH: paths.join(delimiter) },
    encoding: "utf8",
  };
  const flags = build === "debug" ? ["-d"] : [];
  const configured = spawnSync(sdk.tool("mcconfig"), [...flags, "-p", platform, "-o", out], options);
  const image = join(built, "mc.xs.c");
  const made = spawnSync("make", ["-f", join(built, "makefile"), ...settings, image], options);
  const output = [configured, made].map(({ stdout, stderr }) => stdout + stderr).join("");
  return { built, image, output, ok: made.status === 0 && existsSync(image) };
}

/** @param esp8266 what its machine is to have: `staticBytes` by the SDK's own manifest, `stackBytes` by ours */
export function checkDevices(checks, sdk, folder, { staticBytes, stackBytes }) {
  for (const platform of ["esp", "esp32"]) {
    const { built, image, output, ok } = linkForDevice(
      sdk,
      platform,
      "examples/esp32-sensor",
      join(folder, `out-${platform}`),
      "debug",
    );
    checks.report(`the sensor example's bytecode links for ${platform}`, ok, output.slice(-800));
    if (!ok) continue;
    const warnings = output.split("\n").filter((line) => line.startsWith("### warning"));
    checks.report(
      `the linker has no warning for ${platform}`,
      warnings.length === 0,
      warnings.join("\n     "),
    );
    const aliases = /#define mxAliasCount (\d+)/.exec(readFileSync(image, "utf8"))[1];
    console.log(`     aliases ${aliases} (4 bytes of RAM each)`);
    if (platform !== "esp") continue;
    const creation = /^CREATION = -c (.*)$/m.exec(readFileSync(join(built, "makefile"), "utf8"))[1];
    const sizes = creation.split(",").map(Number);
    checks.report(
      `an ESP8266's machine is made with ${staticBytes} bytes, ${stackBytes} of them for the stack`,
      sizes[11] === staticBytes && sizes[4] * SLOT_BYTES === stackBytes,
      creation,
    );
  }
}
