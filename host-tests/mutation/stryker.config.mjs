// Mutation testing of what every platform runs: `npm run mutate`, or `npm run mutate -- --mutate core/ring.ts` for one file.
import { readdirSync } from "node:fs";

/** Tests of packages, sockets and lint, and two that take long. */
const OTHERS =
  /unit\/(imports|lint|names|named-seeds|xs-build|sealed-example)|most-members|properties\/throwing/;

const tests = ["unit", "properties"].flatMap((folder) =>
  readdirSync("host-tests/" + folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => "host-tests/" + folder + "/" + name),
);

export default {
  packageManager: "npm",
  mutate: [
    "core/*.ts",
    "platform/shared/*.ts",
    // The checks of the debug build fail only where the rest is wrong.
    "!core/invariants.ts",
    "!core/debug.ts",
  ],
  ignorePatterns: [
    "**",
    "!core/**",
    "!platform/**",
    "!bench/sim/**",
    "!agent/src/**",
    "!host-tests/**",
    "!tsconfig.json",
    "!package.json",
    "host-tests/tmp",
    "host-tests/foca-peer",
    "host-tests/moddable",
    "host-tests/xs",
  ],
  plugins: ["./host-tests/mutation/runner.mjs"],
  testRunner: "in-process",
  coverageAnalysis: "perTest",
  inProcess: {
    fuzzRuns: 0.03,
    // The first counts what it saw, and sees too little in so few runs; the others take long.
    without:
      "talk-that-is-partly-broken|50-nodes|who-is-switched-on|for-all-lengths|by-sealed-beacons|a-call-may-be-broken-off-at-any",
    // Of the processor, by the run without mutants: shortest tests first, then it is called a survivor.
    budgetMs: 2000,
    tests: tests.filter((file) => !OTHERS.test(file)),
  },
  checkers: [],
  concurrency: 1,
  timeoutMS: 20_000,
  timeoutFactor: 2,
  dryRunTimeoutMinutes: 20,
  maxTestRunnerReuse: 500,
  incremental: true,
  incrementalFile: "build/mutation/incremental.json",
  reporters: ["clear-text", "json", "event-recorder"],
  jsonReporter: { fileName: "build/mutation/report.json" },
  eventReporter: { baseDir: "build/mutation/events" },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  tempDirName: "build/mutation/tmp",
  warnings: { unknownOptions: false },
};
