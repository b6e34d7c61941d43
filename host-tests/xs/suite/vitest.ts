// Takes the place of vitest in a bundle: keeps the tests by name, and checks with what the language has. Engine-free.
import { equal, ok } from "../../support/assert.js";

/** The tests of all modules of the bundle, by their titles from the outermost on. */
export const tests = new Map<string, () => void>();

const titles: string[] = [];

function filledIn(title: string, values: readonly unknown[]): string {
  let next = 0;
  return title.replace(/%[sid]/g, () => String(values[next++]));
}

function each(declare: (title: string, body: () => void) => void) {
  return (rows: readonly unknown[]) =>
    (title: string, body: (...values: never[]) => void): void => {
      for (const row of rows) {
        const values = Array.isArray(row) ? row : [row];
        declare(filledIn(title, values), () => body(...(values as never[])));
      }
    };
}

export function describe(title: string, declare: () => void): void {
  titles.push(title);
  declare();
  titles.pop();
}
describe.each = each(describe);

export function test(title: string, body: () => void): void {
  const name = titles.concat(title).join(" > ");
  if (tests.has(name)) throw new Error("two tests have the name " + name);
  tests.set(name, body);
}
test.each = each(test);

type ErrorType = new (...values: never[]) => Error;

class Expectation {
  private readonly actual: unknown;
  private readonly what: string;
  private readonly isTurned: boolean;

  constructor(actual: unknown, what: string, isTurned: boolean) {
    this.actual = actual;
    this.what = what;
    this.isTurned = isTurned;
  }

  get not(): Expectation {
    return new Expectation(this.actual, this.what, !this.isTurned);
  }

  toBe(expected: unknown): void {
    if (this.isTurned) return ok(!Object.is(this.actual, expected), `${this.what}: is ${String(expected)}`);
    ok(
      Object.is(this.actual, expected),
      `${this.what}: expected ${String(expected)}, got ${String(this.actual)}`,
    );
  }

  toEqual(expected: unknown): void {
    equal(this.actual, expected, this.what);
  }

  toBeInstanceOf(type: ErrorType): void {
    ok(this.actual instanceof type, `${this.what}: no ${type.name}: ${String(this.actual)}`);
  }

  toThrow(type: ErrorType): void {
    try {
      (this.actual as () => void)();
    } catch (error) {
      return ok(error instanceof type, `${this.what}: threw ${String(error)}, no ${type.name}`);
    }
    ok(false, `${this.what}: did not throw`);
  }

  toBeGreaterThan(limit: number): void {
    ok((this.actual as number) > limit, `${this.what}: ${String(this.actual)} is not above ${limit}`);
  }

  toBeGreaterThanOrEqual(limit: number): void {
    ok((this.actual as number) >= limit, `${this.what}: ${String(this.actual)} is below ${limit}`);
  }

  toBeLessThan(limit: number): void {
    ok((this.actual as number) < limit, `${this.what}: ${String(this.actual)} is not below ${limit}`);
  }

  toBeLessThanOrEqual(limit: number): void {
    ok((this.actual as number) <= limit, `${this.what}: ${String(this.actual)} is above ${limit}`);
  }
}

export function expect(actual: unknown, what = "value"): Expectation {
  return new Expectation(actual, what, false);
}
