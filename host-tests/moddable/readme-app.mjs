// The app that the sensor example's README gives for an app of one's own, as it stands there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Its `main.js` and its manifest. */
export function readmeApp() {
  const readme = readFileSync(join(import.meta.dirname, "../../examples/esp32-sensor/README.md"), "utf8");
  const [, program] = /```js\n(\/\/ main\.js\n[\s\S]*?)```/.exec(readme);
  const [, manifest] = /```json\n([\s\S]*?)```/.exec(readme);
  return { program, manifest: JSON.parse(manifest) };
}
