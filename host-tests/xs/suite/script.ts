// The suite as one script, and the names of what it runs.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { bundle } from "../bundle.js";

const here = import.meta.dirname;

/**
 * What the script wants besides the language: things it looks for as it is loaded and never calls, UTF-8 by other means
 * than ours, and a `normalize` for the making of test data, which XS leaves out.
 */
export const environment = `
  globalThis.process = { env: { FUZZ_RUNS: "1" } };
  globalThis.setTimeout = globalThis.clearTimeout = () => { throw new Error("there are no timers") };
  globalThis.URL = class {};
  globalThis.TextEncoder = class {
    encode(text) {
      const octets = encodeURIComponent(text).match(/%..|./g) ?? [];
      return Uint8Array.from(octets, (octet) => octet.length === 3 ? parseInt(octet.slice(1), 16) : octet.charCodeAt(0));
    }
  };
  String.prototype.normalize = function () { return String(this); };
  0`;

/** A script that leaves the exports of main.ts in the global variable `suite`. */
export function suiteScript(): Promise<string> {
  return bundle(join(here, "main.ts"), "suite", {
    substitutes: {
      vitest: join(here, "vitest.ts"),
      "node:fs": join(here, "no-files.ts"),
      "../node/ccm.js": join(here, "native-ccm.ts"),
    },
    packages: ["fast-check", "pure-rand", "@noble/ciphers"],
    isDebugBuild: true,
  });
}

/** Tests that want more of the engine than the language. */
const leftOut = new Set([
  // Compares with Node's URL.
  "addresses as text > ipv6-addresses-keep-their-octets-and-have-one-text",
]);

/** The names of the script's tests. It is run on Node for that, its tests are not. */
export function suiteNames(script: string): string[] {
  return runInNewContext(`${environment}; ${script}; suite.names()`).filter(
    (name: string) => !leftOut.has(name),
  );
}

/** Modules of host-tests/properties that main.ts must name. */
export function propertyModules(): string[] {
  return readdirSync(join(here, "../../properties")).filter((name) => name.endsWith(".test.ts"));
}
