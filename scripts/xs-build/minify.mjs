// Makes a bundle smaller for the flash of a device, where each function, property and name of preloaded code takes slots
// of 16 bytes (docs/DESIGN.md, "Flash"). The result stays laid out in lines, so that the number of a line says something.
import { minify } from "terser";
import ts from "typescript";

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

/** Old methods of strings that XS may be built without. */
const OF_STRINGS_LONG_AGO =
  /^(anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|su[bp])$/;

/**
 * Names of the language itself. XS has them in its table of names anyway, so that one that is used again takes nothing;
 * and no class that a user derives of ours is likely to have a field of that name.
 */
const FREE_NAMES = [
  ...[Math, Reflect, Atomics, Number, Object, Promise, Symbol, String],
  ...[Array, ArrayBuffer, DataView, Date, RegExp, String].map((type) => type.prototype),
]
  .flatMap((object) => Object.getOwnPropertyNames(object))
  .filter(
    (name, index, all) =>
      /^[a-z][A-Za-z0-9]*$/.test(name) &&
      !SPECIAL.has(name) &&
      !OF_STRINGS_LONG_AGO.test(name) &&
      all.indexOf(name) === index,
  );

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
        const transformers = { after: [arrowFunctions] };
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
  ];
}
