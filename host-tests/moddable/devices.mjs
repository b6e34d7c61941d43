// The sensor example for devices, as far as it goes without their toolchains: the SDK resolves its manifest, compiles all
// modules and links their bytecode, with what is preloaded in flash. No C is compiled and nothing can be flashed.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { canLink, makeImage } from "./stand-ins.mjs";

const SLOT_BYTES = 16;
const PLATFORMS = ["esp", "esp32", "pico/pico_w", "zephyr/adafruit_feather_esp32s3_tft"];

/**
 * Configures an app for a device and links its bytecode.
 * @param app the app's folder
 * @param out where to build; must not exist
 * @param build "debug" or "release"
 */
export function linkForDevice(sdk, platform, app, out, build) {
  const built = join(out, "tmp", platform, build, basename(app));
  mkdirSync(out);
  const flags = build === "debug" ? ["-d"] : [];
  const { output, ok } = makeImage(sdk, platform, app, out, built, flags, `${out}-no-toolchain`);
  const image = join(built, "mc.xs.c");
  return { built, image, output, ok: ok && existsSync(image) };
}

/** Links an example for a platform; returns where it was built, or undefined. */
function checkLink(checks, sdk, folder, example, platform) {
  const what = `${example} for ${platform}`;
  if (!canLink(platform)) {
    console.log(`cmake is not on PATH: nothing is linked for ${platform}`);
    return undefined;
  }
  const out = join(folder, "out-" + what.replace(/\W+/g, "-"));
  const { built, image, output, ok } = linkForDevice(sdk, platform, example, out, "debug");
  checks.report(`the bytecode of ${what} links`, ok, output.slice(-800));
  if (!ok) return undefined;
  const warnings = output.split("\n").filter((line) => line.startsWith("### warning"));
  checks.report("and the linker has no warning", warnings.length === 0, warnings.join("\n     "));
  const aliases = /#define mxAliasCount (\d+)/.exec(readFileSync(image, "utf8"))[1];
  console.log(`     aliases ${aliases} (4 bytes of RAM each)`);
  return built;
}

/** Where the SDK writes with how much a machine is made, by the first part of a platform's name. */
const CREATIONS = {
  esp: { file: "makefile", line: /^CREATION = -c (.*)$/m },
  zephyr: { file: "CMakeLists.txt", line: /^set\(mCREATION -c (.*)\)$/m },
};

/** @param esp8266 what its machine is to have: `staticBytes` by the SDK's own manifest, `stackBytes` by ours; so is Zephyr's */
export function checkDevices(checks, sdk, folder, { staticBytes, stackBytes }) {
  for (const platform of ["esp", "esp32"])
    checkLink(checks, sdk, folder, "examples/esp32-sensor/napping", platform);
  for (const platform of PLATFORMS) {
    const built = checkLink(checks, sdk, folder, "examples/esp32-sensor", platform);
    const written = CREATIONS[platform.split("/")[0]];
    if (built === undefined || written === undefined) continue;
    const creation = written.line.exec(readFileSync(join(built, written.file), "utf8"))[1];
    const sizes = creation.split(",").map(Number);
    checks.report(
      `a machine for ${platform} is made with ${staticBytes} bytes, ${stackBytes} of them for the stack`,
      sizes[11] === staticBytes && sizes[4] * SLOT_BYTES === stackBytes,
      creation,
    );
  }
}
