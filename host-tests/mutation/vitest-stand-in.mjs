// What the tests use of vitest, for the runner of mutants: tests are only noted, and run one by one when the runner says so.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** As vitest's. */
export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0 }, expect);
expect.extend = (matchers) => chai.expect.extend(expect, matchers);
expect.extend(customMatchers);
expect.unreachable = (message) => chai.assert.fail(message ?? "not to be reached");

/** The tests noted so far: where, called what, and what to run. */
export const noted = [];
let names = [];
let cleanUps = [];

function note(name, run) {
  noted.push({ name: [...names, name].join(" > "), run, cleanUps });
}

export function test(name, second, third) {
  note(name, typeof second === "function" ? second : third);
}

export function describe(name, second, third) {
  const [outerNames, outerCleanUps] = [names, cleanUps];
  names = [...names, name];
  cleanUps = [...cleanUps];
  (typeof second === "function" ? second : third)();
  [names, cleanUps] = [outerNames, outerCleanUps];
}

export function afterEach(cleanUp) {
  cleanUps.push(cleanUp);
}

/** Begins a file of tests. */
export function beginFile(file) {
  names = [file];
  cleanUps = [];
}

/** Rows tell each other apart by their number, so that no name has to be made of values. */
const each = (one) => (rows) => (name, second, third) => {
  const run = typeof second === "function" ? second : third;
  rows.forEach((row, i) => one(name + " #" + i, () => (Array.isArray(row) ? run(...row) : run(row))));
};
test.each = each(test);
describe.each = each(describe);
export const it = test;

const stubbed = new Map();
/** Modules are not replaced: what needs that is left out. */
export const vi = {
  hoisted: (make) => make(),
  mock: () => undefined,
  stubEnv: (name, value) => {
    stubbed.set(name, process.env[name]);
    process.env[name] = value;
  },
  unstubAllEnvs: () => {
    for (const [name, value] of stubbed) process.env[name] = value;
    stubbed.clear();
  },
};
