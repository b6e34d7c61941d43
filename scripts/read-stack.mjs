#!/usr/bin/env node
// Reads a device's stack trace back: node scripts/read-stack.mjs [--full] < trace.txt
//
// The bundles for devices have short names in the place of ours. What is beside them knows which, and which line of the
// sources each of their lines was. Prints the text with that added in brackets. --full: for an app with manifest_full.json.
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";

const built = join(import.meta.dirname, "../dist/xs");
const isFull = process.argv.includes("--full");
const names = JSON.parse(readFileSync(join(built, "names.json"), "utf8"));
const bundles = new Map();

function bundleOf(module) {
  const name = isFull && module === "xs" ? "full/xs" : module;
  if (!bundles.has(name)) {
    const map = new SourceMap(JSON.parse(readFileSync(join(built, name + ".js.map"), "utf8")));
    const lines = readFileSync(join(built, name + ".js"), "utf8").split("\n");
    bundles.set(name, {
      map,
      lines,
      variables: names.variables[name] ?? {},
      helpers: names.helpers[name] ?? {},
    });
  }
  return bundles.get(name);
}

/** Where a line's first statement comes from. The map counts lines and columns from 0. */
function sourceOf({ map, lines }, line) {
  const text = lines[line - 1] ?? "";
  for (let column = text.search(/\S/); column >= 0 && column < text.length; column++) {
    const entry = map.findEntry(line - 1, column);
    if (entry.originalSource && entry.generatedLine === line - 1)
      return `${entry.originalSource.replace(/^(?:\.\.\/)+/, "")}:${entry.originalLine + 1}`;
  }
  return undefined;
}

/** What a short name may stand for: a method, or a function of the module. */
function meaningsOf(name, { variables, helpers }) {
  const found = [names.properties[name], helpers[name], variables[name]].filter(
    (meaning) => meaning !== undefined,
  );
  return found.length === 0 ? undefined : found.join(" or ");
}

/** One caller: ` at NAME (PATH/xs.js:LINE)` with debug information, ` at NAME` without. */
function readCaller(line) {
  const [, name] = /^\s*at (\S+)/.exec(line) ?? [];
  if (name === undefined) return line;
  const [, module, number] = /\b(xs|postcard|metrics|schema)\.js:(\d+)/.exec(line) ?? [];
  const bundle = bundleOf(module ?? "xs");
  const meaning = meaningsOf(name.split(".").at(-1), bundle);
  const source = number === undefined ? undefined : sourceOf(bundle, Number(number));
  // Another module's line says nothing of ours.
  const isOthers = module === undefined && /:\d+/.test(line);
  const added = isOthers ? [] : [meaning, source].filter((part) => part !== undefined);
  return added.length === 0 ? line : `${line} [${added.join(", ")}]`;
}

const trace = readFileSync(0, "utf8");
process.stdout.write(trace.split("\n").map(readCaller).join("\n"));
