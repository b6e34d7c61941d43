import type ts from "typescript";

export function privateNames(
  program: ts.Program,
  entries: readonly string[],
): { renamed: string[]; taken: string[] };
