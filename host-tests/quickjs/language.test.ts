// What the build for devices wants of an engine, as docs/PORTING.md says it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Linter } from "eslint";
import { expect, test } from "vitest";

/** All that a node names of the engine; those of Moddable's SDK and of examples/port apart. */
const NAMED = new Set([
  ...[
    "Array",
    "BigInt",
    "Date",
    "Error",
    "Infinity",
    "JSON",
    "Math",
    "NaN",
    "Number",
    "Object",
    "RangeError",
  ],
  ...["String", "TypeError", "undefined", "Float64Array", "Int32Array", "Uint16Array", "Uint32Array"],
  ...["Uint8Array", "ArrayBuffer", "parseInt", "parseFloat", "trace"],
]);

const GLOBALS = Object.fromEntries(
  [...Object.getOwnPropertyNames(globalThis), ...NAMED].map((name) => [
    name,
    NAMED.has(name) ? ("readonly" as const) : ("off" as const),
  ]),
);

/** Syntax that it does without. */
const LEFT_OUT = [
  ["PropertyDefinition", "PrivateIdentifier", "StaticBlock", "ForOfStatement", "TemplateLiteral"],
  ["ImportExpression", "AwaitExpression", "YieldExpression", "MetaProperty"],
].flat();

const BUNDLES = ["xs.js", "postcard.js", "metrics.js", "schema.js"];

test.each(BUNDLES)(
  "the-build-for-devices-is-ecmascript-2020-and-names-what-the-page-lists: %s",
  async (name) => {
    const text = await readFile(join(import.meta.dirname, "../../dist/xs", name), "utf8");
    const messages = new Linter().verify(text, {
      languageOptions: {
        ecmaVersion: 2020,
        sourceType: "module",
        globals: GLOBALS,
      },
      rules: { "no-undef": "error", "no-restricted-syntax": ["error", ...LEFT_OUT] },
    });
    expect(messages.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  },
);
