import type ts from "typescript";

export function inlineConstants(program: ts.Program): ts.TransformerFactory<ts.SourceFile>;
