// Apps that pages of documentation give, as they stand there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The app of one's own in the sensor example's README: its `main.js` and its manifest. */
export function readmeApp() {
  const readme = readFileSync(join(root, "examples/esp32-sensor/README.md"), "utf8");
  const [, manifest] = /```json\n([\s\S]*?)```/.exec(readme);
  return { program: mainOf(readme), manifest: JSON.parse(manifest) };
}

/** The `main.js` of a device in the README of the package. */
export function firstProgram() {
  return mainOf(readFileSync(join(root, "README.md"), "utf8"));
}

function mainOf(page) {
  const [, program] = /```js\n(\/\/ main\.js\n[\s\S]*?)```/.exec(page);
  return program;
}
