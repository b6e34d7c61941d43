// The package as npm would publish it, and the apps that are built of it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packs the package and unpacks it where an app finds it: FOLDER/node_modules/xswim. */
export function installPackage(folder) {
  const modules = join(folder, "node_modules/xswim");
  mkdirSync(modules, { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", modules, "--strip-components=1"]);
}

/** Says how a build went; returns the app, or undefined. */
export function report(checks, name, built) {
  const detail = built.errors.join("\n     ") || built.output.slice(-800);
  checks.report(`${name} builds`, built.ok, detail);
  checks.report(
    `${name} makes the linker warn of nothing of ours`,
    built.ok && built.warnings.length === 0,
    built.warnings.join("\n     "),
  );
  return built.ok ? built.so : undefined;
}

/**
 * A test app, once for each port: its settings are part of what is built.
 * @param app its folder beside this file
 */
export function buildTestApps(checks, sdk, folder, apps, app = "app") {
  cpSync(join("host-tests/moddable", app), join(folder, app), { recursive: true });
  return apps.map(({ name, ...config }) => {
    // Where the simulator's `Preference` keeps its file.
    const home = join(folder, `preferences-${name}/`);
    mkdirSync(home);
    const manifest = JSON.parse(readFileSync(join("host-tests/moddable", app, "manifest.json"), "utf8"));
    manifest.config.file = { root: home };
    writeFileSync(join(folder, app, "manifest.json"), JSON.stringify(manifest));
    const built = sdk.build(join(folder, app), join(folder, `out-${name}`), config);
    return report(checks, `the TypeScript app of simulator ${name}, from the packed package,`, built);
  });
}

/** An app that is wrong in one place: shows that the types were found and are checked. */
export function buildWrongApp(checks, sdk, folder) {
  const wrong = join(folder, "wrong");
  cpSync(join(folder, "app"), wrong, { recursive: true });
  const main = join(wrong, "main.ts");
  const text = readFileSync(main, "utf8");
  writeFileSync(main, text.replace("port: Number(config.port)", 'port: "7946"'));
  const built = sdk.build(wrong, join(folder, "out-wrong"));
  const refused = !built.ok && /main\.ts\(\d+,\d+\): error TS2322.*'string'/.test(built.output);
  checks.report(
    "an app that gives port as a string is refused by its types",
    refused,
    built.errors.join("\n     "),
  );
}

export function buildSensor(checks, sdk, folder, config) {
  const built = sdk.build("examples/esp32-sensor", join(folder, "out-sensor"), config);
  return report(checks, "the sensor example", built);
}

export function buildNapper(checks, sdk, folder, config) {
  const built = sdk.build("examples/esp32-sensor/napping", join(folder, "out-napping"), config);
  return report(checks, "the example that naps", built);
}
