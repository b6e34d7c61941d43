// What the build for devices may change: names that nobody else can meet, and numbers behind names.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inlineConstants } from "../../scripts/xs-build/inline-constants.mjs";
import { plainReads } from "../../scripts/xs-build/plain-reads.mjs";
import { privateNames } from "../../scripts/xs-build/private-names.mjs";
import { countCaptured, shareHelpers } from "../../scripts/xs-build/share-helpers.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xswim-build-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(files: Record<string, string>): ts.Program {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, strict: true };
  return ts.createProgram(
    Object.keys(files).map((name) => join(folder, name)),
    { ...options, lib: ["lib.es2022.d.ts"], moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] },
  );
}

function namesOf(entry: string, others: Record<string, string> = {}): string[] {
  return privateNames(program({ ...others, "entry.ts": entry }), [join(folder, "entry.ts")]).renamed;
}

test("reads-one-by-one-what-is-taken-apart", () => {
  const source = `function f(o, p) {
    const { a, b: c } = o;
    const { one } = p.q;
    const { x, y } = p.q;
    const { o: d, p: o2 = 1, ...rest } = p;
    const { a: o1, o: p1 } = o;
    { const { o, e } = p; }
  }`;
  const made = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
    transformers: { after: [plainReads] },
  });
  const lines = made.outputText.split("\n").map((line) => line.trim());
  expect(lines).toContain("const a = o.a, c = o.b;");
  expect(lines).toContain("const one = p.q.one;");
  expect(lines).toContain("const { x, y } = p.q;");
  expect(lines).toContain("const { o: d, p: o2 = 1, ...rest } = p;");
  expect(lines).toContain("const o = p.o, e = p.e;");
});

describe("names", () => {
  test("keeps-the-names-of-a-list-of-them-in-a-string", () => {
    const entry = `class Node { keeper = 1; rank = 2; said = 3 }
      export const node: unknown = [new Node(), "keeper rank", "what is said"];`;
    expect(namesOf(entry)).toEqual(["said"]);
  });

  test("keeps-what-an-exported-class-shows-and-changes-what-it-hides", () => {
    const entry = `export class Node {
      shown = 1;
      private hidden = 2;
      protected guarded = 3;
      use(): number { return this.hidden + this.guarded; }
    }`;
    expect(namesOf(entry)).toEqual(["guarded", "hidden"]);
  });

  test("keeps-what-can-be-reached-from-there", () => {
    const core = `export interface Options { callback?(values: readonly Value[]): Result | undefined }
      export interface Value { field: number }
      interface Result { deep: { deeper: string } }
      export class Core { constructor(readonly options: Options) {} own(): Inner | undefined { return undefined; } }
      export class Base { inherited = 1 }
      interface Inner { inner: number }
      export interface Elsewhere { unseen: number }`;
    const entry = `import { Base, Core, type Elsewhere } from "./core.js";
      let elsewhere: Elsewhere | undefined;
      export class Node extends Base { readonly core = new Core({}); private other = elsewhere; }`;
    expect(namesOf(entry, { "core.ts": core })).toEqual(["other", "unseen"]);
  });

  test("keeps-a-name-that-stands-in-a-string", () => {
    const entry = `class Node { memberUp = 1; memberDown = 2 }
      const node = new Node();
      export const up = (node as unknown as Record<string, number>)["memberUp"];`;
    expect(namesOf(entry)).toEqual(["memberDown"]);
  });

  test("keeps-the-keys-of-a-dictionary-and-of-what-has-no-type", () => {
    const entry = `const dictionary: Record<string, number> = { key: 1 };
      dictionary.looked = 2;
      const show = (_value: unknown): void => undefined;
      show({ shown: 3 });
      const inside = { own: 4 };
      export const all = [dictionary, inside.own];
      class Node { key = 1; looked = 2; shown = 3; mine = 5 }
      export const node: unknown = new Node();`;
    expect(namesOf(entry)).toEqual(["mine", "own"]);
  });

  test("says-which-names-are-taken", () => {
    const entry = `export interface Options { random(): number }
      export class Node { private sent = Math.abs(1); private readonly vault = new Map<string, number>();
        get both(): unknown { const { size } = this.vault; return [size, this.sent, ["map", "item"]]; } }`;
    const { taken, renamed } = privateNames(program({ "entry.ts": entry }), [join(folder, "entry.ts")]);
    expect(renamed).toEqual(["sent", "vault"]);
    for (const name of ["random", "abs", "size", "both", "map", "item"]) expect(taken).toContain(name);
    for (const name of ["sent", "vault", "ceil"]) expect(taken).not.toContain(name);
  });

  test("keeps-a-name-that-the-platform-or-the-language-has", () => {
    const platform = `declare module "socket" { export default class Socket { constructor(options: { depth: number }); flush(): void } }`;
    const entry = `import Socket from "socket";
      class Node { depth = 1; flush = 2; length = 3; read = 4; mine = 5; }
      export const made: unknown = [new Socket({ depth: 1 }), new Node()];`;
    expect(namesOf(entry, { "socket.d.ts": platform })).toEqual(["mine"]);
  });
});

describe("constants", () => {
  function inlined(text: string): string {
    const made = program({ "other.ts": OTHER, "entry.ts": text });
    let output = "";
    const file = made.getSourceFile(join(folder, "entry.ts"));
    const write = (_name: string, code: string): void => void (output = code);
    made.emit(file, write, undefined, false, { before: [inlineConstants(made)] });
    return output;
  }

  const OTHER = `export const State = Object.freeze({ Alive: 0, Down: 2 });
    export const INVALID = -1;
    export const DAY = 24 * 60;
    export let changing = 3;
    export const NAMES = Object.freeze({ Alive: "alive" });`;

  test("puts-numbers-in-the-place-of-their-names", () => {
    const code = inlined(`import { DAY, INVALID, State } from "./other.js";
      export const of = (x: number): boolean => x === State.Down || x === INVALID || x > DAY;`);
    expect(code).toContain("x === 2 || x === (-1) || x > 1440");
  });

  test("leaves-what-may-change-or-is-no-number", () => {
    const code = inlined(`import { changing, NAMES, State } from "./other.js";
      export { State };
      export const all = [changing, NAMES.Alive, Object.keys(State)];
      export const local = (State: { Down: number }): number => State.Down;`);
    expect(code).toContain("[changing, NAMES.Alive, Object.keys(State)]");
    expect(code).toContain("State.Down");
    expect(code).toContain("export { State }");
  });
});

describe("helpers", () => {
  const MODULE = `const twice = (x) => plus(x, x), plus = (a, b) => a + b, limit = 9;
    class Half { of(x) { return x / 2; } }
    class Sum {
      constructor() { this.half = new Half(); }
      add(x) { return Math.min(limit, twice(x) + ((y) => y + 1)(x)); }
      peek() { return this.socket; }
    }
    class Other { plus() { return 1; } both() { return this.plus(); } }
    export { Sum, Other };`;

  /** The module's exports after the change. */
  async function shared(mayReuse: (name: string) => boolean): Promise<Record<string, new () => unknown>> {
    let made = 0;
    const { code } = shareHelpers(MODULE, mayReuse, () => "fresh" + made++)!;
    expect(countCaptured(code)).toBe(0);
    expect(code).not.toContain("((y) =>");
    return (await import("data:text/javascript," + encodeURIComponent(code))) as Record<
      string,
      new () => unknown
    >;
  }

  test("methods-find-functions-classes-and-constants-by-way-of-this", async () => {
    expect(countCaptured(MODULE)).toBe(4);
    const { Sum } = await shared(() => false);
    const sum = new Sum() as { add(x: number): number; half: { of(x: number): number } };
    expect([sum.add(2), sum.add(5), sum.half.of(8)]).toEqual([7, 9, 4]);
  });

  test("the-name-of-another-class-s-method-is-used-again-and-that-of-a-field-is-not", async () => {
    const { Sum, Other } = await shared(() => true);
    const sum = new Sum() as { add(x: number): number; peek(): unknown };
    expect([sum.add(2), sum.peek()]).toEqual([7, undefined]);
    expect((new Other() as { both(): number }).both()).toBe(1);
  });
});
