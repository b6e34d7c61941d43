// What the package takes in the flash of an ESP32: an empty app is linked for release with it and without it, as far as
// that goes without a toolchain (see devices.mjs), and what the linker wrote is counted.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { linkForDevice } from "./devices.mjs";

const SLOT_BYTES = 16;
const POINTER_BYTES = 4;
const INCLUDES = ["$(MODDABLE)/examples/manifest_base.json", "$(MODDABLE)/modules/io/manifest.json"];

/** Bytes of the C strings that follow `head`, each with the zero that C puts behind it. */
function stringBytes(image, head) {
  let bytes = 0;
  for (const [, text] of image.matchAll(new RegExp(head + String.raw`"((?:[^"\\]|\\.)*)"`, "g")))
    bytes += text.replace(/\\x[0-9a-f]{2}|\\[0-7]{1,3}|\\./gi, "x").length + 1;
  return bytes;
}

function count(image) {
  const defined = (name) => Number(new RegExp(`#define ${name} (\\d+)`).exec(image)[1]);
  const slots = defined("mxHeapCount");
  const names = defined("mxKeysCount");
  const codeBytes = stringBytes(image, String.raw`\.code = \{ \(txByte\*\)`);
  const textBytes = stringBytes(image, String.raw`\.key = \{ `) + stringBytes(image, String.raw`\.string = `);
  return {
    linkedBytes: codeBytes + slots * SLOT_BYTES + names * POINTER_BYTES + textBytes,
    codeBytes,
    slots,
    names,
  };
}

function linkEmptyApp(sdk, folder, name, manifests) {
  const app = join(folder, name);
  mkdirSync(app);
  writeFileSync(join(app, "main.js"), 'trace("");\n');
  const manifest = { include: [...INCLUDES, ...manifests], modules: { "*": "./main" } };
  writeFileSync(join(app, "manifest.json"), JSON.stringify(manifest));
  const { image, output, ok } = linkForDevice(sdk, "esp32", app, join(folder, "linked-" + name), "release");
  if (!ok) throw new Error("the app could not be linked: " + output.slice(-800));
  return count(readFileSync(image, "utf8"));
}

/**
 * What manifests of the package add to an app.
 * @param folder a folder for what is built
 * @param manifests paths of one or more
 */
export function linkedFlash(sdk, folder, manifests) {
  const without = linkEmptyApp(sdk, folder, "empty", []);
  return manifests.map((manifest) => {
    const linked = linkEmptyApp(sdk, folder, "with-" + basename(manifest, ".json"), [manifest]);
    return Object.fromEntries(Object.entries(linked).map(([what, value]) => [what, value - without[what]]));
  });
}
