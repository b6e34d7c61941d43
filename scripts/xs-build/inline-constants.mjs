// Puts numbers where their names are read: `State.Down` becomes `2`, `INVALID` becomes `-1`. Each function that reads a
// variable of its module takes a slot in flash for it, and so does each entry of a table.
import ts from "typescript";

const OPERATIONS = new Map([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
]);

/** What an expression is without the marks that only the type checker reads. */
function bare(node) {
  while (ts.isAsExpression(node) || ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node))
    node = node.expression;
  return node;
}

class Constants {
  #checker;

  constructor(program) {
    this.#checker = program.getTypeChecker();
  }

  /** The initial value of the `const` that an identifier stands for, here or where it is imported from. */
  #initializer(name) {
    let symbol = this.#checker.getSymbolAtLocation(name);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
      symbol = this.#checker.getAliasedSymbol(symbol);
    const declaration = symbol?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
    const isConst = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
    const isOurs = !declaration.getSourceFile().isDeclarationFile;
    return isConst && isOurs && declaration.initializer ? bare(declaration.initializer) : undefined;
  }

  /** The entry of a frozen table of numbers. */
  #entry(table, name) {
    const initializer = ts.isIdentifier(table) ? this.#initializer(table) : undefined;
    if (initializer === undefined || !ts.isCallExpression(initializer)) return undefined;
    const object = initializer.arguments[0];
    if (initializer.expression.getText() !== "Object.freeze" || !ts.isObjectLiteralExpression(object))
      return undefined;
    const entry = object.properties.find((property) => property.name?.getText() === name.text);
    return entry !== undefined && ts.isPropertyAssignment(entry) ? this.value(entry.initializer) : undefined;
  }

  /** The number that an expression always has; undefined when it may differ, or is none. */
  value(expression) {
    const node = bare(expression);
    if (ts.isNumericLiteral(node)) return Number(node.text);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      const operand = this.value(node.operand);
      return operand === undefined ? undefined : -operand;
    }
    if (ts.isBinaryExpression(node)) {
      const operation = OPERATIONS.get(node.operatorToken.kind);
      const left = operation && this.value(node.left);
      const right = operation && this.value(node.right);
      return left === undefined || right === undefined ? undefined : operation(left, right);
    }
    if (ts.isPropertyAccessExpression(node)) return this.#entry(node.expression, node.name);
    if (!ts.isIdentifier(node)) return undefined;
    const initializer = this.#initializer(node);
    return initializer === undefined ? undefined : this.value(initializer);
  }
}

/** Whether an identifier is read there as a variable, and does not name, import or export something. */
function isRead(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return ts.isExpression(parent) || ts.isStatement(parent) || ts.isVariableDeclaration(parent);
}

/** A transformer for the TypeScript compiler. */
export function inlineConstants(program) {
  const constants = new Constants(program);
  return (context) => (file) => {
    const visit = (node) => {
      if (ts.isPropertyAccessExpression(node) || (ts.isIdentifier(node) && isRead(node))) {
        const value = constants.value(node);
        if (value !== undefined) return numeral(context.factory, value);
      }
      return ts.isTypeNode(node) ? node : ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(file, visit);
  };
}

function numeral(factory, value) {
  if (value >= 0) return factory.createNumericLiteral(value);
  const negative = factory.createPrefixUnaryExpression(
    ts.SyntaxKind.MinusToken,
    factory.createNumericLiteral(-value),
  );
  return factory.createParenthesizedExpression(negative);
}
