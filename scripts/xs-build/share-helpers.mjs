// Has methods find the functions, classes and constants of their module by way of `this`. XS keeps a list with each function
// of the variables of its module that it reads: 32 bytes of flash for the list and 16 for each variable.
import ts from "typescript";

/** The name of the object that the methods find them in, which is the prototype of all prototypes. */
const HELPERS = "$helpers";

/** The classes, constants and imports of a module by their symbols, with the nodes where they are read. */
class Bindings {
  #checker;
  #file;
  /** By symbol: the statement, the name, the value and where it is read. */
  all = new Map();

  constructor(checker, file) {
    this.#checker = checker;
    this.#file = file;
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement)) this.#add(statement, statement.name, statement);
      const imported = ts.isImportDeclaration(statement) ? statement.importClause?.name : undefined;
      if (imported !== undefined) this.#add(statement, imported, imported);
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name)) this.#add(statement, name, initializer);
    }
    this.#collect(file);
  }

  #add(statement, name, value) {
    this.all.set(this.#checker.getSymbolAtLocation(name), {
      statement,
      name,
      value,
      uses: [],
      isOpen: false,
    });
  }

  /** What an identifier that is read stands for. */
  of(node) {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent))
      return this.all.get(this.#checker.getShorthandAssignmentValueSymbol(parent));
    if (!ts.isIdentifier(node)) return undefined;
    const binding = this.all.get(this.#checker.getSymbolAtLocation(node));
    return binding?.name === node ? undefined : binding;
  }

  /** Whether an arrow function reads no variable of the function around it. */
  #isClosed(arrow) {
    let isClosed = true;
    const visit = (node) => {
      const isRead =
        ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
      const declared = isRead && this.#checker.getSymbolAtLocation(node)?.valueDeclaration;
      const isOwn = !declared || (declared.pos >= arrow.pos && declared.end <= arrow.end);
      if (node.kind === ts.SyntaxKind.ThisKeyword || !(isOwn || this.of(node))) isClosed = false;
      ts.forEachChild(node, visit);
    };
    visit(arrow);
    return isClosed;
  }

  /** A function that terser put in the place of its only call: it would be made anew in the heap for each. */
  #addCalled(callee) {
    const arrow = ts.isParenthesizedExpression(callee) ? callee.expression : undefined;
    if (arrow === undefined || !ts.isArrowFunction(arrow) || !this.#isClosed(arrow)) return;
    const owner = ownerOf(arrow);
    if (owner === undefined || ts.isConstructorDeclaration(owner)) return;
    this.all.set(arrow, { statement: undefined, name: undefined, value: arrow, uses: [callee] });
  }

  #collect(node) {
    if (ts.isCallExpression(node)) this.#addCalled(node.expression);
    if (ts.isIdentifier(node)) {
      const isName = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      if (!isName) this.of(node)?.uses.push(node);
    }
    ts.forEachChild(node, (child) => this.#collect(child));
  }
}

/** The class that a class derives from in the end, as far as it is one of the module. */
function rootOf(node, bindings) {
  const heritage = heritageOf(node);
  const base = heritage && bindings.of(heritage)?.value;
  return base !== undefined && ts.isClassDeclaration(base) ? rootOf(base, bindings) : node;
}

const hasMethod = (node, name) => node.members.some((member) => member.name?.text === name);

/**
 * In which classes each name of a method is met. A name that is met elsewhere too is not among them, because nobody can tell
 * what an object whose class is not known would find in its prototype; nor is that of a field, which may be read before it
 * is there.
 */
function privateNamesByClass(file, bindings) {
  const found = new Map();
  const outside = new Set();
  const note = (name, node) => {
    let at = node;
    while (at !== undefined && !ts.isClassDeclaration(at)) at = at.parent;
    if (at === undefined) outside.add(name);
    else found.set(name, (found.get(name) ?? new Set()).add(rootOf(at, bindings)));
  };
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node))
      if (node.expression.kind === ts.SyntaxKind.ThisKeyword) note(node.name.text, node);
      else outside.add(node.name.text);
    else if (ts.isMethodDeclaration(node) || ts.isAccessor(node))
      if (ts.isClassLike(node.parent)) note(node.name.text, node);
      else outside.add(node.name.text);
    else if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))
      outside.add(node.name.text);
    else if (ts.isBindingElement(node)) outside.add((node.propertyName ?? node.name).text);
    else if (ts.isStringLiteralLike(node)) for (const word of node.text.split(" ")) outside.add(word);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [name, classes] of found)
    if (outside.has(name) || ![...classes].every((node) => hasMethod(node, name))) found.delete(name);
  return found;
}

const isFunction = (node) => ts.isFunctionLike(node);

/** The function whose `this` a node sees; undefined in the code of the module itself. */
function ownerOf(node) {
  let at = node.parent;
  while (at !== undefined && (!isFunction(at) || ts.isArrowFunction(at))) at = at.parent;
  return at;
}

/** The outermost function around a node: one that is there before the program runs. */
function outermostFunction(node) {
  let found;
  for (let at = node.parent; at !== undefined; at = at.parent) if (isFunction(at)) found = at;
  return found;
}

/** The outermost arrow function around a node. */
function outermostArrow(node) {
  let found;
  for (let at = node.parent; at !== undefined; at = at.parent) if (ts.isArrowFunction(at)) found = at;
  return found;
}

const heritageOf = (node) => node.heritageClauses?.[0]?.types[0].expression;

/** Finds what can be read by way of `this`, and where. */
class Plan {
  #bindings;
  #byValue = new Map();
  /** Arrow functions that become methods, since only methods call them. */
  methods = new Set();
  /** The classes whose prototypes have the helpers for a prototype. */
  roots = new Set();
  /** Identifiers to replace. */
  replaced = new Map();
  /** What the object of helpers holds. */
  held = new Set();

  constructor(bindings) {
    this.#bindings = bindings;
    const all = [...bindings.all.values()];
    for (const binding of all) if (ts.isArrowFunction(binding.value)) this.methods.add(binding.value);
    let size;
    do {
      size = this.methods.size;
      for (const { value, uses } of all)
        if (this.methods.has(value) && !uses.every((use) => this.#isCall(use) && this.#hasThis(use)))
          this.methods.delete(value);
    } while (this.methods.size < size);
    for (const binding of all) this.#place(binding);
    for (const { value } of all)
      if (ts.isClassDeclaration(value) && !heritageOf(value)) this.roots.add(value);
    for (const binding of all)
      if (ts.isArrowFunction(binding.value)) this.#byValue.set(binding.value, binding);
  }

  /** The classes, by those that they derive from, whose objects look for a helper. */
  usersOf(binding, seen = new Set()) {
    const users = new Set();
    if (seen.has(binding)) return users;
    seen.add(binding);
    for (const use of binding.uses) {
      if (!this.replaced.has(use)) continue;
      const owner = ownerOf(use);
      if (owner !== undefined) users.add(rootOf(owner.parent, this.#bindings));
      else for (const user of this.usersOf(this.#byValue.get(outermostArrow(use)), seen)) users.add(user);
    }
    return users;
  }

  #isCall(use) {
    return ts.isCallExpression(use.parent) && use.parent.expression === use;
  }

  /** Whether `this` is there an object with the helpers. */
  #hasThis(use) {
    const owner = ownerOf(use);
    if (owner === undefined) {
      const arrow = outermostArrow(use);
      return arrow !== undefined && this.methods.has(arrow);
    }
    return ts.isClassLike(owner.parent) && this.#isOurs(owner.parent, ts.isConstructorDeclaration(owner));
  }

  /** Whether instances of a class have the helpers; a constructor that calls another has no `this` at first. */
  #isOurs(node, isConstructor) {
    if (!ts.isClassDeclaration(node)) return false;
    const heritage = heritageOf(node);
    if (heritage === undefined) return true;
    const base = this.#bindings.of(heritage);
    return !isConstructor && base !== undefined && this.#isOurs(base.value, false);
  }

  #place(binding) {
    const uses = binding.uses.filter((use) => this.#hasThis(use));
    if (uses.length === 0) return;
    for (const use of uses) this.replaced.set(use, binding);
    this.held.add(binding);
  }
}

/** A module as a program of its own. */
function parse(code) {
  const options = {
    allowJs: true,
    noLib: true,
    noResolve: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    sourceMap: true,
    outDir: "/out",
  };
  const host = ts.createCompilerHost(options);
  const source = ts.createSourceFile("/bundle.js", code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  host.getSourceFile = (name) => (name === "/bundle.js" ? source : undefined);
  const program = ts.createProgram(["/bundle.js"], options, host);
  return { program, source, bindings: new Bindings(program.getTypeChecker(), source) };
}

/** How many variables of their module the functions of a module read, each function counted for itself. */
export function countCaptured(code) {
  let count = 0;
  for (const { name, uses } of parse(code).bindings.all.values())
    if (name !== undefined)
      count += new Set(uses.map(outermostFunction).filter((found) => found !== undefined)).size;
  return count;
}

/**
 * A module with the change made, and its source map.
 * @param code an ES module
 * @param mayReuse whether a helper may have the name of a property that is met only in classes which do not look for it
 * @param nextName gives a property name that nothing else has
 * @returns and by the names that helpers had, those that they have now; null when there is nothing to share
 */
export function shareHelpers(code, mayReuse, nextName) {
  const { program, source, bindings } = parse(code);
  const plan = new Plan(bindings);
  if (plan.held.size === 0) return null;
  const names = nameHelpers(plan, privateNamesByClass(source, bindings), mayReuse, nextName);
  const out = {};
  program.emit(
    source,
    (name, text) => (out[name.endsWith(".map") ? "map" : "code"] = text),
    undefined,
    false,
    {
      before: [rewrite(plan, names)],
    },
  );
  return {
    code: out.code.replace(/^\/\/# sourceMappingURL=.*$/m, ""),
    map: JSON.parse(out.map),
    names: new Map([...names].map(([binding, name]) => [binding.name?.text ?? name, name])),
  };
}

function nameHelpers(plan, metIn, mayReuse, nextName) {
  const names = new Map();
  const reused = new Set();
  for (const binding of plan.held) {
    const users = [...plan.usersOf(binding)];
    const isFree = ([name, classes]) =>
      !reused.has(name) && mayReuse(name) && !users.some((user) => classes.has(user));
    const name = [...metIn].find(isFree)?.[0] ?? nextName();
    reused.add(name);
    names.set(binding, name);
  }
  return names;
}

/** What other modules can name. */
function exportedNames(file) {
  const names = new Set();
  for (const statement of file.statements)
    if (ts.isExportDeclaration(statement) && statement.exportClause)
      for (const { name, propertyName } of statement.exportClause.elements)
        names.add((propertyName ?? name).text);
  return names;
}

function rewrite(plan, names) {
  return (context) => (file) => {
    const { factory } = context;
    const helpers = factory.createIdentifier(HELPERS);
    const visit = (node) => {
      if (ts.isShorthandPropertyAssignment(node) && plan.replaced.has(node.name))
        return factory.createPropertyAssignment(node.name.text, replacement(node.name));
      if (plan.replaced.has(node)) return replacement(node);
      if (ts.isVoidExpression(node)) return factory.createIdentifier("undefined");
      return ts.visitEachChild(node, visit, context);
    };
    const replacement = (node) =>
      factory.createPropertyAccessExpression(factory.createThis(), names.get(plan.replaced.get(node)));
    const assign = (binding) =>
      factory.createExpressionStatement(
        factory.createAssignment(
          factory.createPropertyAccessExpression(helpers, names.get(binding)),
          factory.createIdentifier(binding.name.text),
        ),
      );
    const call = (method, ...given) =>
      factory.createExpressionStatement(
        factory.createCallExpression(
          factory.createPropertyAccessExpression(factory.createIdentifier("Object"), method),
          undefined,
          given,
        ),
      );
    const toMethod = (binding) => {
      const { parameters, body } = ts.visitNode(binding.value, visit);
      const block = ts.isBlock(body)
        ? body
        : ts.setTextRange(factory.createBlock([factory.createReturnStatement(body)]), body);
      const name = names.get(binding);
      return factory.createMethodDeclaration(
        undefined,
        undefined,
        name,
        undefined,
        undefined,
        parameters,
        undefined,
        block,
      );
    };
    const methods = [...plan.held].filter(({ value }) => plan.methods.has(value));
    const others = [...plan.held].filter(({ value }) => !plan.methods.has(value));
    const statementOf = (statement) => {
      if (ts.isVariableStatement(statement)) {
        const { declarationList } = statement;
        const kept = declarationList.declarations.filter(({ initializer }) => !plan.methods.has(initializer));
        if (kept.length === 0) return [];
        const list = factory.updateVariableDeclarationList(
          declarationList,
          kept.map((declaration) => ts.visitNode(declaration, visit)),
        );
        return [factory.updateVariableStatement(statement, statement.modifiers, list)];
      }
      return [ts.visitNode(statement, visit)];
    };
    const object = factory.createObjectLiteralExpression(methods.map(toMethod), true);
    const declared = factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(HELPERS, undefined, undefined, object)],
        ts.NodeFlags.Const,
      ),
    );
    const exported = exportedNames(file);
    const statements = [];
    let isDeclared = false;
    for (const statement of file.statements) {
      if (!isDeclared && !ts.isImportDeclaration(statement)) {
        statements.push(declared);
        for (const binding of others)
          if (ts.isImportDeclaration(binding.statement)) statements.push(assign(binding));
        isDeclared = true;
      }
      statements.push(...statementOf(statement));
      if (ts.isClassDeclaration(statement) && !exported.has(statement.name.text)) {
        const prototype = factory.createPropertyAccessExpression(
          factory.createIdentifier(statement.name.text),
          "prototype",
        );
        statements.push(
          factory.createExpressionStatement(
            factory.createDeleteExpression(factory.createPropertyAccessExpression(prototype, "constructor")),
          ),
        );
      }
      if (plan.roots.has(statement)) {
        const prototype = factory.createPropertyAccessExpression(
          factory.createIdentifier(statement.name.text),
          "prototype",
        );
        statements.push(call("setPrototypeOf", prototype, helpers));
      }
      // The linker warns of prototypes that are reached by way of what is shared and could still change.
      if (ts.isClassDeclaration(statement) && !exported.has(statement.name.text)) {
        const name = factory.createIdentifier(statement.name.text);
        statements.push(call("freeze", factory.createPropertyAccessExpression(name, "prototype")));
      }
      for (const binding of others)
        if (binding.statement === statement && !ts.isImportDeclaration(statement))
          statements.push(assign(binding));
    }
    statements.push(call("freeze", helpers));
    return factory.updateSourceFile(file, statements);
  };
}
