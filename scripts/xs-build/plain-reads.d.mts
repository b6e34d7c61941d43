import type ts from "typescript";

/** `const { a, b } = this` becomes `const a = this.a, b = this.b`. */
export function plainReads(context: ts.TransformationContext): ts.Transformer<ts.SourceFile>;
