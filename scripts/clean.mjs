// Takes away what `npm run build` makes, so that nothing of an older build is in a package.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

for (const folder of ["../dist", "../agent/dist"]) {
  rmSync(fileURLToPath(new URL(folder, import.meta.url)), { recursive: true, force: true });
}
