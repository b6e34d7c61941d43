// Makes a bundle smaller for the flash of a device, where each function, property and name of preloaded code takes slots
// of 16 bytes (docs/DESIGN.md, "Flash"). The result stays laid out in lines, so that the number of a line says something.
import { minify } from "terser";
import ts from "typescript";
import { plainReads } from "./plain-reads.mjs";
import { shareHelpers } from "./share-helpers.mjs";

/** Whether a function declaration can be an arrow function: it is nobody's method, constructor or generator. */
function isPlain(node) {
  if (!ts.isFunctionDeclaration(node) || node.modifiers !== undefined || node.asteriskToken !== undefined)
    return false;
  let isFree = true;
  const visit = (child) => {
    if (child.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(child) && child.text === "arguments"))
      isFree = false;
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return isFree;
}

function toArrow(factory, { name, parameters, body }) {
  const arrow = factory.createArrowFunction(undefined, undefined, parameters, undefined, undefined, body);
  const declaration = factory.createVariableDeclaration(name, undefined, undefined, arrow);
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
  return factory.createVariableStatement(undefined, list);
}

/**
 * Makes the functions of a module constant arrow functions and puts them first: a function that could be called with
 * `new` has a prototype, which is three slots. A transformer for the TypeScript compiler.
 */
function arrowFunctions({ factory }) {
  return (file) => {
    const isFirst = (statement) => ts.isImportDeclaration(statement);
    const arrows = file.statements.filter(isPlain).map((node) => toArrow(factory, node));
    const rest = file.statements.filter((statement) => !isFirst(statement) && !isPlain(statement));
    return factory.updateSourceFile(file, [...file.statements.filter(isFirst), ...arrows, ...rest]);
  };
}

/** Names that mean something wherever they stand, or that every object inherits. */
const SPECIAL = new Set([
  ...[Object, Function, Error].flatMap((type) => Object.getOwnPropertyNames(type.prototype)),
  ..."prototype then value get set next done return throw size keys has native toJSON".split(" "),
]);

/**
 * Names that XS has in its table of names anyway, so that one that is used again takes nothing: of the language, and of
 * what XS adds to it. No class that a user derives of ours is likely to have a field of that name. Left out are names that
 * a build of XS may do without: those of old methods of strings, of dates by time zone, and of what the language got late.
 */
const FREE_NAMES = `
  abs acos acosh add all allSettled and any append arguments asIntN asUintN asin asinh assign asyncIterator at atan atan2
  atanh bitLength boundArguments boundFunction boundThis buffer byteLength byteOffset cache callee cause cbrt ceil center
  charAt charCodeAt chunk chunkify clear clz32 codePointAt compare compareExchange compile concat configurable console
  copyWithin cos cosh count create default defineProperties defineProperty deleteProperty deref description dotAll eachDown
  eachUp endsWith entries enumerable enumerate errors evaluate every exchange exec exp expm1 fill filter finally find
  findIndex findLast findLastIndex flags flat flatMap floor forEach freeze from fromArrayBuffer fromBigInt fromCharCode
  fromCodePoint fromEntries fromString fround getBigInt64 getBigUint64 getDate getDay getFloat32 getFloat64 getFullYear
  getHours getInt16 getInt32 getInt8 getMilliseconds getMinutes getMonth getOwnPropertyDescriptor
  getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf getSeconds getTime getTimezoneOffset
  getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getUint16
  getUint32 getUint8 getYear global globalThis groups grow growable hasIndices hasInstance hasOwn hypot id idiv idivmod
  ignoreCase imod importNow imul imuldiv includes index indexOf indices input irem is isArray isConcatSpreadable
  isExtensible isFrozen isInteger isLockFree isSafeInteger isSealed isView iterable iterator join keyFor lastIndex
  lastIndexOf left line load local localeCompare log log10 log1p log2 map match matchAll max maxByteLength message min mod
  module multiline needsImport needsImportMeta normalize notify of or ownKeys padEnd padStart parse path peek poke pop pow
  preventExtensions proxy push race random raw reason reduce reduceRight reexports register reject repeat replace
  replaceAll resizable resize resolve result reverse revocable revoke right round seal search setBigInt64 setBigUint64
  setDate setFloat32 setFloat64 setFullYear setHours setInt16 setInt32 setInt8 setMilliseconds setMinutes setMonth
  setPrototypeOf setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth
  setUTCSeconds setUint16 setUint32 setUint8 setYear shift sign sin sinh slice some sort source species splice split sqrt
  stack startsWith status sticky store stringify subarray substr substring tan tanh test toDateString toExponential
  toFixed toGMTString toISOString toLocaleDateString toLocaleLowerCase toLocaleTimeString toLocaleUpperCase toLowerCase
  toPrecision toPrimitive toStringTag toTimeString toUTCString toUpperCase transfer transfers trim trimEnd trimLeft
  trimRight trimStart trunc unicode unregister unscopables unshift uri values wait wake weak writable xor
  toReversed toSorted toSpliced
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt unescape
  AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  FinalizationRegistry Float32Array Float64Array Function Int16Array Int32Array Int8Array JSON Map Math Number Object
  Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError
  TypedArray URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet Iterator Compartment
  ModuleSource AsyncFunction AsyncGeneratorFunction Generator GeneratorFunction BYTES_PER_ELEMENT E EPSILON LN10 LN2
  LOG10E LOG2E MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY PI POSITIVE_INFINITY SQRT1_2 SQRT2
  UTC
`
  .trim()
  .split(/\s+/)
  .filter((name) => !SPECIAL.has(name) && name !== "arguments");

/** Where terser gets new names from. In no bundle may one stand for ours that stands for itself in another. */
function shortNames(taken) {
  const free = FREE_NAMES.filter((name) => !taken.includes(name));
  return {
    reset() {},
    sort() {},
    consider() {},
    get: (index) => free[index] ?? "$" + (index - free.length).toString(36),
  };
}

/** What a property name stands for that was made for a helper. */
const HELPER = "(a function of the module)";

/** terser keeps old names with a `$` before each. */
function cacheOf(byNew) {
  return Object.fromEntries(Object.entries(byNew).map(([now, before]) => ["$" + before, now]));
}

function byNewName(cache) {
  return Object.fromEntries(Object.entries(cache).map(([before, now]) => [now, before.slice(1)]));
}

/** Ways of writing that are short in characters and long in bytecode, or far from the source, are left out. */
const compress = {
  ecma: 2022,
  module: true,
  toplevel: true,
  passes: 3,
  sequences: false,
  conditionals: false,
  booleans: false,
};

/**
 * Rollup's plugin.
 * @param bundle the name of what is built
 * @param names the property names to replace, and those that are taken; see `privateNames`
 * @param shortened what they became, by new name: the properties of all bundles, and the variables of each. Filled here,
 *   and the same for bundles that work with each other.
 */
export function minifyForFlash(bundle, names, shortened) {
  const nth_identifier = shortNames(names.taken);
  return [
    {
      name: "arrow-functions",
      renderChunk(code) {
        const compilerOptions = { target: "ES2022", module: "ESNext", sourceMap: true };
        const transformers = { after: [plainReads, arrowFunctions] };
        const made = ts.transpileModule(code, { compilerOptions, transformers, fileName: "bundle.js" });
        const text = made.outputText.replace(/^\/\/# sourceMappingURL=.*$/m, "");
        return { code: text, map: JSON.parse(made.sourceMapText) };
      },
    },
    {
      name: "minify",
      async renderChunk(code) {
        const nameCache = { vars: {}, props: { props: cacheOf(shortened.properties) } };
        const properties = {
          regex: new RegExp(`^(${names.renamed.join("|")})$`),
          // The names are ours: what the language calls the same stays free to be taken for one of them.
          builtins: true,
          keep_quoted: true,
          nth_identifier,
        };
        const made = await minify(code, {
          ecma: 2022,
          module: true,
          toplevel: true,
          compress,
          mangle: { module: true, toplevel: true, nth_identifier, properties },
          format: { ecma: 2022, beautify: true },
          nameCache,
          sourceMap: { asObject: true },
        });
        shortened.properties = byNewName(nameCache.props.props);
        shortened.variables[bundle] = byNewName(nameCache.vars.props);
        return { code: made.code + "\n", map: made.map };
      },
    },
    {
      name: "share-helpers",
      renderChunk(code) {
        const { properties, variables } = shortened;
        const nextName = () => {
          for (let index = 0; ; index++) {
            const name = nth_identifier.get(index);
            if (name in properties) continue;
            properties[name] = HELPER;
            return name;
          }
        };
        const made = shareHelpers(code, (name) => name in properties, nextName);
        if (made === null) return null;
        shortened.helpers[bundle] = Object.fromEntries(
          [...made.names].map(([variable, name]) => [name, variables[bundle][variable] ?? variable]),
        );
        return { code: made.code, map: made.map };
      },
    },
  ];
}
