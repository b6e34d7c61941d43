export function shareHelpers(
  code: string,
  mayReuse: (name: string) => boolean,
  nextName: () => string,
): { code: string; map: unknown; names: Map<string, string> } | null;
export function countCaptured(code: string): number;
