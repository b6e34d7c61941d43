// Reads properties one by one where the source takes an object apart: on XS each name of a pattern takes 11 bytes of
// bytecode and several steps more than a plain read.
import ts from "typescript";

/** Whether a pattern has nothing but names: no default values, rest, or patterns in it. */
function isPlain(pattern) {
  return (
    ts.isObjectBindingPattern(pattern) &&
    pattern.elements.every(
      ({ name, propertyName, initializer, dotDotDotToken }) =>
        ts.isIdentifier(name) &&
        (propertyName === undefined || ts.isIdentifier(propertyName)) &&
        initializer === undefined &&
        dotDotDotToken === undefined,
    )
  );
}

/** Whether it is the same to look at an expression once or several times, and none of `names` hides what it names. */
function isRepeatable(node, names) {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isIdentifier(node) && !names.includes(node.text);
}

/** `const { a, b } = this` becomes `const a = this.a, b = this.b`. A transformer for the TypeScript compiler. */
export function plainReads(context) {
  const { factory } = context;
  const split = (declaration) => {
    const { name, initializer } = declaration;
    if (initializer === undefined || !isPlain(name)) return [declaration];
    const { elements } = name;
    const names = elements.map((element) => element.name.text);
    if (elements.length !== 1 && !isRepeatable(initializer, names)) return [declaration];
    return elements.map((element) => {
      const read = factory.createPropertyAccessExpression(initializer, element.propertyName ?? element.name);
      return factory.createVariableDeclaration(element.name, undefined, undefined, read);
    });
  };
  const visit = (node) => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isVariableDeclarationList(visited)) return visited;
    return factory.updateVariableDeclarationList(visited, visited.declarations.flatMap(split));
  };
  return (file) => ts.visitNode(file, visit);
}
