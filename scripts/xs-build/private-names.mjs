// Which property names are ours alone, so that the build may replace them by shorter ones. A name is kept when a user of
// the package can meet it, when the platform or the language has it too, or when it stands in a string.
import ts from "typescript";

/** Modules of the program that are in no bundle: they look at private fields by strings. */
const LEFT_OUT = /\/core\/invariants\.ts$/;

/** Names that the platform reads or calls and its typings leave out. */
const UNTYPED_PLATFORM_NAMES = ["close", "read", "write", "port", "address", "onReadable", "encrypt"];

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

function isOurs(declaration) {
  return !declaration.getSourceFile().isDeclarationFile;
}

function isHidden(symbol) {
  const declarations = symbol.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every(
      (declaration) =>
        (ts.getCombinedModifierFlags(declaration) & HIDDEN) !== 0 ||
        ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === "internal"),
    )
  );
}

/** Collects the names that can be reached from what the entry modules export. */
class PublicNames {
  names = new Set();
  #checker;
  #seen = new Set();

  constructor(program, entries) {
    this.#checker = program.getTypeChecker();
    for (const entry of entries) {
      const module = this.#checker.getSymbolAtLocation(program.getSourceFile(entry));
      if (module === undefined) throw new Error(`${entry} is not part of the program`);
      for (const symbol of this.#checker.getExportsOfModule(module)) this.#visitExport(symbol);
    }
  }

  #visitExport(symbol) {
    const checker = this.#checker;
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (target.flags & ts.SymbolFlags.Type) this.#visit(checker.getDeclaredTypeOfSymbol(target));
    if (target.flags & ts.SymbolFlags.Value) this.#visit(checker.getTypeOfSymbol(target));
  }

  #visit(type) {
    if (type === undefined || this.#seen.has(type)) return;
    this.#seen.add(type);
    const checker = this.#checker;
    if (type.isUnionOrIntersection()) for (const part of type.types) this.#visit(part);
    this.#visit(checker.getBaseConstraintOfType(type));
    for (const argument of type.aliasTypeArguments ?? []) this.#visit(argument);
    if (!(type.flags & ts.TypeFlags.Object)) return;
    if (type.objectFlags & ts.ObjectFlags.Reference)
      for (const argument of checker.getTypeArguments(type)) this.#visit(argument);
    if (type.symbol?.declarations?.some((declaration) => !isOurs(declaration))) return;
    for (const base of type.isClassOrInterface() ? checker.getBaseTypes(type) : []) this.#visit(base);
    for (const { type: value } of checker.getIndexInfosOfType(type)) this.#visit(value);
    for (const kind of [ts.SignatureKind.Call, ts.SignatureKind.Construct])
      for (const signature of checker.getSignaturesOfType(type, kind)) this.#visitSignature(signature);
    for (const property of checker.getPropertiesOfType(type)) {
      if (isHidden(property)) continue;
      this.names.add(property.name);
      this.#visit(checker.getTypeOfSymbol(property));
    }
  }

  #visitSignature(signature) {
    for (const parameter of signature.parameters) this.#visit(this.#checker.getTypeOfSymbol(parameter));
    this.#visit(signature.getReturnType());
  }
}

/** Calls `visit` for a file and everything in it. */
function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const isNamedMember = (node) =>
  ts.isPropertyDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isAccessor(node) ||
  ts.isPropertySignature(node) ||
  ts.isMethodSignature(node) ||
  ts.isPropertyAssignment(node) ||
  ts.isShorthandPropertyAssignment(node);

/** Whether others may look at an object literal by any name: it is a dictionary, or of no type that says more. */
function isOpen(checker, literal) {
  const type = checker.getContextualType(literal);
  if (type === undefined) return false;
  const isUntyped =
    (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0;
  return isUntyped || checker.getIndexInfosOfType(type).length > 0;
}

/** The name of the property that is read. */
function propertyOf(node) {
  return (ts.isPropertyAccessExpression(node) ? node.name : (node.propertyName ?? node.name)).getText();
}

/** The name by which something is read or written that is declared nowhere: an entry of a dictionary. */
function undeclaredName(checker, node) {
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  return checker.getSymbolAtLocation(node.name) === undefined ? node.name.text : undefined;
}

/**
 * The property names that the build may change, and those that it must not give to others: what our sources read, write
 * or show by that name. Both sorted.
 * @param program a program of the sources, with the typings of the platform
 * @param entries the source modules that users import
 */
export function privateNames(program, entries) {
  const declared = new Set();
  const used = new Set();
  const shown = [...UNTYPED_PLATFORM_NAMES, ...new PublicNames(program, entries).names];
  const kept = new Set(shown);
  const strings = new Set();
  const checker = program.getTypeChecker();
  for (const file of program.getSourceFiles()) {
    if (LEFT_OUT.test(file.fileName)) continue;
    walk(file, (node) => {
      if (isNamedMember(node) && ts.isIdentifier(node.name))
        (file.isDeclarationFile ? kept : declared).add(node.name.text);
      if (file.isDeclarationFile) return;
      if (ts.isObjectLiteralExpression(node) && isOpen(checker, node))
        for (const { name } of node.properties) if (name !== undefined) kept.add(name.text);
      if (undeclaredName(checker, node) !== undefined) kept.add(node.name.text);
      if (ts.isPropertyAccessExpression(node) || ts.isBindingElement(node)) used.add(propertyOf(node));
      // A key may be built of a string, as the names of callbacks and settings are.
      if (ts.isStringLiteralLike(node)) {
        kept.add(node.text);
        used.add(node.text);
        strings.add(node.text);
      }
    });
  }
  // So is a list of names, as that of the options.
  for (const text of strings) {
    const names = text.split(" ");
    if (names.every((name) => declared.has(name))) for (const name of names) kept.add(name);
  }
  const renamed = [...declared].filter((name) => !kept.has(name)).sort();
  const taken = new Set([...shown, ...declared, ...used]);
  for (const name of renamed) taken.delete(name);
  return { renamed, taken: [...taken].sort() };
}
