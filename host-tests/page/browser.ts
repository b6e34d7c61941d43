// Chromium, where there is one.
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a Chromium is: in the variable CHROMIUM, or where systems put it. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  return named !== undefined && named !== "" ? named : PLACES.find((path) => existsSync(path));
}

/** Starts it. @param path what `findChromium` found */
export function launch(path: string): Promise<Browser> {
  // Root, which a container's tests often are, cannot have the sandbox; what is shown is the tests' own page.
  const flags = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath: path,
    args: [...flags, "--disable-dev-shm-usage", "--disable-lcd-text"],
  });
}
