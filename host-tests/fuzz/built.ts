import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { SiteList } from "./build/build.js";
import type { Fuzzer } from "./engine/fuzzer.js";
import type { Target } from "./engine/target.js";

/** The targets as they were built, with counters. */
export interface Built {
  readonly targets: readonly Target[];
  readonly Fuzzer: typeof Fuzzer;
  readonly sites: SiteList;
}

/** Loads what `buildTargets` made. @param isNative whether the core copies as on devices */
export async function load(path: string, isNative = false): Promise<Built> {
  (globalThis as { fuzzesNativeCopies?: boolean }).fuzzesNativeCopies = isNative;
  const url = pathToFileURL(path).href + (isNative ? "?native" : "");
  const { targets, Fuzzer } = (await import(url)) as Pick<Built, "targets" | "Fuzzer">;
  const sites = JSON.parse(readFileSync(path.replace(/[^/]*$/, "sites.json"), "utf8")) as SiteList;
  return { targets, Fuzzer, sites };
}

/** The words of the sources, as bytes. */
export function dictionaryOf({ words }: SiteList): Uint8Array[] {
  return words.map((word) => Uint8Array.from(Buffer.from(word)));
}
