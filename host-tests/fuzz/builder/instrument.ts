// Puts a counter into every branch of a source text, on the line where it stands, so that places in errors stay true.
import ts from "typescript";

/** A place that is counted: the beginning of a function, or of a branch. */
export interface Site {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: "function" | "branch";
}

/** A source text with counters. */
export interface Instrumented {
  readonly text: string;
  readonly sites: readonly Site[];
}

/** The name that the counters have in an instrumented text. */
export const COUNTERS = "counters_";

interface Insertion {
  at: number;
  /** Whether it opens something; of those at one place, what closes stands first. */
  opens: boolean;
  text: string;
}

/** Instruments one text. Its sites have the numbers from `first` on. */
export function instrument(file: string, text: string, first: number): Instrumented {
  return new Instrumenter(file, text, first).run();
}

class Instrumenter {
  private readonly source: ts.SourceFile;
  private readonly file: string;
  private readonly text: string;
  private readonly first: number;
  private readonly sites: Site[] = [];
  private readonly opening: Insertion[] = [];
  private readonly closing: Insertion[] = [];

  constructor(file: string, text: string, first: number) {
    this.source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
    this.file = file;
    this.text = text;
    this.first = first;
  }

  run(): Instrumented {
    this.visit(this.source);
    // A stable sort: what was opened first stands first, and what was closed first too.
    const insertions = [...this.closing, ...this.opening].sort(
      (a, b) => a.at - b.at || Number(a.opens) - Number(b.opens),
    );
    let text = "";
    let at = 0;
    for (const insertion of insertions) {
      text += this.text.slice(at, insertion.at) + insertion.text;
      at = insertion.at;
    }
    return { text: text + this.text.slice(at), sites: this.sites };
  }

  private visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isFunctionLike(node)) this.openFunction(node as ts.FunctionLikeDeclaration);
    else if (ts.isIfStatement(node)) this.branch(node.thenStatement);
    else if (ts.isConditionalExpression(node)) {
      this.expression(node.whenTrue);
      this.expression(node.whenFalse);
    } else if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind))
      this.expression(node.right);
    else if (ts.isIterationStatement(node, false)) this.branch(node.statement);
    else if (ts.isCaseOrDefaultClause(node)) this.open(node.statements.pos, this.count(node) + ";");
    else if (ts.isCatchClause(node)) this.open(node.block.getStart() + 1, this.count(node) + ";");
    const otherwise = ts.isIfStatement(node) ? node.elseStatement : undefined;
    if (otherwise !== undefined) this.branch(otherwise);
    ts.forEachChild(node, (child) => this.visit(child));
    if (ts.isIfStatement(node)) this.closeIf(node);
    else if (ts.isIterationStatement(node, false)) this.closeBranch(node.statement);
    else if (ts.isConditionalExpression(node)) {
      this.close(node.whenTrue.end, ")");
      this.close(node.whenFalse.end, ")");
    } else if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind))
      this.close(node.right.end, ")");
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) this.close(node.body.end, ")");
  }

  private openFunction(node: ts.FunctionLikeDeclaration): void {
    const { body } = node;
    if (body === undefined) return;
    if (ts.isBlock(body)) this.open(body.getStart() + 1, this.count(node, "function") + ";");
    else this.open(body.getStart(), "(" + this.count(node, "function") + ",");
  }

  private branch(statement: ts.Statement): void {
    const count = this.count(statement) + ";";
    if (ts.isBlock(statement)) this.open(statement.getStart() + 1, count);
    else this.open(statement.getStart(), "{" + count);
  }

  private expression(node: ts.Expression): void {
    this.open(node.getStart(), "(" + this.count(node) + ",");
  }

  private closeBranch(statement: ts.Statement): void {
    if (!ts.isBlock(statement)) this.close(statement.end, "}");
  }

  private closeIf({ thenStatement, elseStatement }: ts.IfStatement): void {
    this.closeBranch(thenStatement);
    if (elseStatement === undefined)
      this.close(thenStatement.end, " else{" + this.count(thenStatement) + ";}");
    else this.closeBranch(elseStatement);
  }

  /** The expression that counts a new site. */
  private count(node: ts.Node, kind: Site["kind"] = "branch"): string {
    const line = this.source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    this.sites.push({ file: this.file, line, kind });
    return COUNTERS + "[" + (this.first + this.sites.length - 1) + "]++";
  }

  private open(at: number, text: string): void {
    this.opening.push({ at, opens: true, text });
  }

  private close(at: number, text: string): void {
    this.closing.push({ at, opens: false, text });
  }
}

function isShortCircuit(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    kind === ts.SyntaxKind.BarBarEqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}
