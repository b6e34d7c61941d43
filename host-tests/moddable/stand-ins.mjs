// Empty files in the places where the SDK looks for a device's toolchain, so that it goes as far as the bytecode: it
// resolves the manifests, compiles all modules and links them. No C is compiled and nothing can be flashed.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const EXECUTABLE = 0o755;

function place(root, ...files) {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "", { mode: EXECUTABLE });
  }
}

/** By the first part of a platform's name: what mcconfig and make find, as variables of the environment and of make. */
const TOOLCHAINS = {
  esp(folder) {
    for (const name of ["esp8266-2.3.0", "toolchain/Linux", "ESP8266_RTOS_SDK/components"])
      mkdirSync(join(folder, name), { recursive: true });
    return { env: { ESP_BASE: folder }, settings: [] };
  },
  esp32(folder, built) {
    const config = "xsProj-esp32/build/config/sdkconfig.h";
    place(built, config);
    mkdirSync(join(folder, "idf"), { recursive: true });
    const settings = ["IDF_VERSION=v5.5.4", `IDF_PATH=${join(folder, "idf")}`, "-o", join(built, config)];
    return { env: {}, settings };
  },
  pico(folder) {
    const sdk = "pico-sdk/src/rp2_common/pico_cyw43_driver/cyw43_bus_pio_spi.pio";
    const tools = ["pico-sdk/build/pioasm/pioasm", "pico-sdk/build/_deps/picotool/picotool"];
    place(folder, sdk, ...tools, "gcc/bin/arm-none-eabi-gcc", "pico-examples/none", "pico-extras/none");
    const env = { PICO_ROOT: folder, PICO_SDK_DIR: join(folder, "pico-sdk") };
    return { env, settings: ["PICO_SDK_VERSION=2.2.0", `PICO_GCC_ROOT=${join(folder, "gcc")}`] };
  },
  zephyr: (folder) => ({ env: { ZEPHYR_BASE: folder }, settings: [] }),
};

/** What the SDK's build asks of Zephyr's, with all of it doing nothing. */
const ZEPHYR = `cmake_minimum_required(VERSION 3.20)
project(without_toolchain NONE)
set(Zephyr_DIR \${CMAKE_SOURCE_DIR})
set(Zephyr-sdk_DIR \${CMAKE_SOURCE_DIR})
foreach(kind include_directories system_include_directories compile_definitions compile_options)
  cmake_language(EVAL CODE "macro(zephyr_get_\${kind}_for_lang_as_string)\\nendmacro()")
endforeach()
foreach(kind include_directories compile_definitions compile_options sources add_dependencies)
  cmake_language(EVAL CODE "macro(zephyr_library_\${kind})\\nendmacro()")
endforeach()
add_subdirectory(\${APP} app)
`;

/** Runs what mcconfig wrote for Zephyr, which is CMake's and no makefile. */
function makeForZephyr(folder, built, options) {
  const build = join(built, "build");
  for (const name of ["Zephyr", "Zephyr-sdk"]) {
    place(folder, name + "Config.cmake");
    const version = "set(PACKAGE_VERSION ${PACKAGE_FIND_VERSION})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n";
    writeFileSync(join(folder, name + "ConfigVersion.cmake"), version);
  }
  writeFileSync(join(folder, "CMakeLists.txt"), ZEPHYR);
  mkdirSync(join(build, "zephyr"), { recursive: true });
  writeFileSync(join(build, "zephyr/zephyr.dts"), "/dts-v1/; / { };\n");
  const configured = spawnSync("cmake", ["-S", folder, "-B", build, `-DAPP=${built}`], options);
  if (configured.status !== 0) return configured;
  return spawnSync("cmake", ["--build", build, "--target", "generated_files"], options);
}

/** Whether there is what the SDK's own build files need for a platform. */
export function canLink(platform) {
  return /^esp/.test(platform) || spawnSync("cmake", ["--version"]).status === 0;
}

/**
 * Configures an app for a platform, and makes the C text of its linked bytecode.
 * @param platform the SDK's name, such as `pico/pico_w`
 * @param built the folder in `out` where the SDK builds that app
 * @param folder where the places are made
 */
export function makeImage(sdk, platform, app, out, built, flags, folder) {
  mkdirSync(folder, { recursive: true });
  const { env, settings } = TOOLCHAINS[platform.split("/")[0]](folder, built);
  const paths = [process.env.PATH, sdk.toolsFolder, join(process.cwd(), "node_modules/.bin")];
  const options = {
    cwd: app,
    env: { ...process.env, ...env, MODDABLE: sdk.root, PATH: paths.join(delimiter) },
    encoding: "utf8",
  };
  const configured = spawnSync(sdk.tool("mcconfig"), [...flags, "-p", platform, "-o", out], options);
  const made = platform.startsWith("zephyr")
    ? makeForZephyr(folder, built, options)
    : spawnSync("make", ["-f", join(built, "makefile"), ...settings, join(built, "mc.xs.c")], options);
  const output = [configured, made].map(({ stdout, stderr }) => stdout + stderr).join("");
  return { output, ok: made.status === 0 };
}
