export class Sdk {
  readonly root: string;
  constructor(root: string);
  /** The path of a tool. */
  tool(name: string): string;
}
