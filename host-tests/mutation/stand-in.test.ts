import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The names that a source takes from vitest, types left out. */
function namesFromVitest(source: string): string[] {
  const imports = source.matchAll(/^import \{([^}]*)\} from "vitest";/gm);
  return [...imports]
    .flatMap(([, names]) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

test("has-all-that-the-tests-for-mutants-take-from-vitest", async () => {
  const config = (await import(root + "host-tests/mutation/stryker.config.mjs")) as {
    default: { inProcess: { tests: string[] } };
  };
  const standIn = readFileSync(root + "host-tests/mutation/vitest-stand-in.mjs", "utf8");
  const offered = [...standIn.matchAll(/^export (?:const|let|function) (\w+)/gm)].map(([, name]) => name);
  const { tests } = config.default.inProcess;
  const missing = tests.flatMap((file) =>
    namesFromVitest(readFileSync(root + file, "utf8"))
      .filter((name) => !offered.includes(name))
      .map((name) => file + ": " + name),
  );
  expect(missing).toEqual([]);
  expect(tests.length).toBeGreaterThan(30);
});
