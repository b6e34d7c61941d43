import tseslint from "typescript-eslint";

// What the hot paths of core/ and platform/xs/ must not use, with the reason: heap slots on the XS engine
// (16 bytes each on a 32-bit microcontroller), or a chunk for a string.
const hotPath = [
  ["ForOfStatement", "for…of costs 8 heap slots a loop on XS: count with an index"],
  ["SpreadElement", "spread costs 8 heap slots on XS: pass the arguments one by one"],
  ["RestElement", "a rest parameter costs an array on XS: name the parameters"],
  ["ArrayPattern", "array destructuring costs 8 heap slots on XS: read by index"],
  ["ArrowFunctionExpression", "a closure costs 9 to 11 heap slots on XS: use a method or a module function"],
  [
    ":not(MethodDefinition, Property[method=true], Property[kind='get']) > FunctionExpression",
    "a closure costs 9 to 11 heap slots on XS: use a method or a module function",
  ],
  [
    "CallExpression[callee.property.name='subarray']",
    "subarray makes an object of 4 heap slots on XS: pass offsets",
  ],
  ["CallExpression[callee.property.name='bind']", "bind costs 8 heap slots on XS: call the method"],
  ["TemplateLiteral", "a template string makes a chunk on XS: keep strings out of hot paths"],
].map(([selector, message]) => ({ selector, message }));

// `no-undef` refuses what a platform adds and a device lacks: console, setTimeout, performance, process, Buffer,
// TextEncoder, crypto … This is what the language has, and we must do without.
const noClock = { name: "Date", message: "a device's clock may not be set: time comes from `now()`" };
const noGlobals = [noClock, { name: "globalThis", message: "name what is needed, so that lint sees it" }];

const noRandom = {
  object: "Math",
  property: "random",
  message: "most devices give the same numbers after every start: randomness comes from `random`",
};

export default tseslint.config(
  { ignores: ["**/dist/**", "build/**", "**/target/**", "node_modules/**", "host-tests/xs/build/**"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommended],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["core/**/*.ts", "platform/xs/**/*.ts", "platform/shared/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...hotPath],
      "max-lines-per-function": ["error", { max: 70, skipComments: true, skipBlankLines: true }],
      "max-lines": ["error", { max: 400 }],
    },
  },
  {
    files: ["core/**/*.ts", "platform/xs/**/*.ts", "platform/shared/**/*.ts"],
    rules: {
      "no-undef": "error",
      "no-restricted-globals": ["error", ...noGlobals],
      "no-restricted-properties": ["error", noRandom],
    },
  },
  {
    files: ["platform/xs/**/*.ts"],
    languageOptions: { globals: { trace: "readonly" } },
  },
  {
    // One part of the seed of our own generator.
    files: ["platform/xs/random.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    // A clock that was set tells one life from the next.
    files: ["platform/xs/bump.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["core/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^(?!\\./)", message: "core/ imports nothing outside core/" }] },
      ],
    },
  },
  {
    files: ["platform/shared/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^(?!\\./|\\.\\./\\.\\./core/)", message: "platform/shared/ imports only core/" },
          ],
        },
      ],
    },
  },
);
