// What is in the two packages that are published, as npm would pack them.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  bin?: Record<string, string>;
}

/** A package as it would be packed of what is built now. */
class Packed {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly string[];

  constructor(folder: string) {
    this.folder = join(root, folder);
    this.manifest = JSON.parse(this.text("package.json")) as Manifest;
    // Without `prepack`: other tests use what is built.
    const flags = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const told = execFileSync("npm", flags, { cwd: this.folder, encoding: "utf8", stdio: "pipe" });
    const [{ files }] = Object.values(JSON.parse(told) as Record<string, { files: { path: string }[] }>);
    this.files = files.map(({ path }) => path);
  }

  text(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Whether it has that file, or a folder of that name. */
  has(path: string): boolean {
    return this.files.some((file) => file === path || file.startsWith(path + "/"));
  }

  named(ending: string): string[] {
    return this.files.filter((file) => file.endsWith(ending));
  }
}

if (!existsSync(join(root, "agent/dist/cli.js"))) throw new Error("run npm run build first");
const library = new Packed(".");
const agent = new Packed("agent");

/** The links of a Markdown text that do not go to another site, images too; none of its code. */
function relativeLinks(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "");
  const targets = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)|(?:src|href)="([^"]+)"/g)];
  return targets.map((match) => match[1] ?? match[2]).filter((target) => !/^[a-z]+:/.test(target));
}

/** The names that a Markdown text's headings have in a link. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ +(.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );
}

/** The links of a packed page that lead nowhere within the package. */
function brokenLinks(packed: Packed, page: string): string[] {
  return relativeLinks(packed.text(page)).filter((link) => {
    const [path, anchor] = link.split("#");
    const target = path === "" ? page : normalize(join(dirname(page), path)).replace(/\/$/, "");
    if (!packed.has(target)) return true;
    return anchor !== undefined && !anchors(packed.text(target)).includes(anchor);
  });
}

describe.each([
  ["xswim", library],
  ["xswim-agent", agent],
])("%s", (_, packed) => {
  test.each(packed.named(".md"))("every-relative-link-resolves-inside-the-package: %s", (page) => {
    expect(brokenLinks(packed, page)).toEqual([]);
  });

  test("has-its-readme-and-its-licence", () => {
    expect(packed.files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "package.json"]));
  });

  test("every-module-imports-only-what-is-in-the-package-or-named-in-package.json", () => {
    const own = Object.keys(packed.manifest.dependencies ?? {});
    const strays = packed.named(".js").flatMap((file) => {
      const imported = [...packed.text(file).matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];/gm)];
      return imported
        .map((match) => match[1])
        .filter((name) => {
          if (name.startsWith(".")) return !packed.has(normalize(join(dirname(file), name)));
          return !/^node:/.test(name) && !own.includes(name.split("/")[0]);
        })
        .map((name) => file + " imports " + name);
    });
    // What the Moddable SDK brings, and the package by its own name.
    const allowed =
      /^dist\/xs\/(full\/)?[\w-]+\.js imports (time|timer|net|modules|preference|crypt|xswim\/unique-bytes|embedded:[\w/-]+)$|^dist\/xs\/(postcard|sealed|full\/(schema|xswim))\.js imports xswim\/xs$|^examples\/.* imports xswim\/(node|schema)$|^examples\/thermostat\/.* imports (xswim(\/\w+)?|mc\/config|pins\/digital|timer|heater|thermostat)$/;
    expect(strays.filter((stray) => !allowed.test(stray))).toEqual([]);
  });
});

describe("xswim", () => {
  test("has-no-runtime-dependency", () => {
    const { dependencies, ...manifest } = library.manifest as Manifest & Record<string, unknown>;
    expect(dependencies).toBeUndefined();
    expect(manifest["optionalDependencies"]).toBeUndefined();
    // Looked for where a program asks for multicast DNS on Node, and nowhere else.
    expect(Object.keys(manifest["peerDependencies"] as object)).toEqual(["bonjour-service"]);
    expect(manifest["peerDependenciesMeta"]).toEqual({ "bonjour-service": { optional: true } });
  });

  test("has-nothing-of-the-debug-build", () => {
    expect(library.files.filter((file) => /invariants|debug/.test(file))).toEqual([]);
    const traces = /invariant|\bDEBUG\b/i;
    expect(library.files.filter((file) => /^dist\/.*\.(js|ts)$/.test(file))).not.toEqual([]);
    expect(library.files.filter((file) => /^dist\//.test(file) && traces.test(library.text(file)))).toEqual(
      [],
    );
  });

  test("has-every-file-that-it-exports", () => {
    const targets = Object.values(library.manifest.exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    expect(targets.filter((target) => !library.has(normalize(target)))).toEqual([]);
  });

  test("has-neither-tests-nor-benches-nor-the-plots-raw-data-nor-the-agent", () => {
    const unwanted = /^(host-tests|bench|scripts|agent|core|platform|build|docs\/plots\/data)\/|\.test\./;
    // For users: what reads a device's stack trace back, and an example of a test.
    const isForUsers = (file: string): boolean =>
      file === "scripts/read-stack.mjs" || file === "examples/thermostat/thermostat.test.js";
    expect(library.files.filter((file) => unwanted.test(file) && !isForUsers(file))).toEqual([]);
    expect(library.named(".ts").filter((file) => !/^(dist|examples)\//.test(file))).toEqual([]);
  });
});

describe("xswim-agent", () => {
  test("asks-for-the-library-by-a-version-that-this-one-is", () => {
    const [major, minor] = library.manifest.version.split(".");
    // Below 1.0.0 a caret holds the minor number too.
    const line = major === "0" ? major + "." + minor + "." : major + ".";
    expect(agent.manifest.dependencies?.["xswim"]).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(agent.manifest.dependencies?.["xswim"].slice(1).startsWith(line)).toBe(true);
    expect(agent.manifest.version).toBe(library.manifest.version);
  });

  test("has-its-command", () => {
    expect(agent.manifest.bin).toEqual({ xswim: "bin/xswim.js" });
    expect(agent.files).toEqual(expect.arrayContaining(["bin/xswim.js", "dist/cli.js"]));
    expect(agent.files.filter((file) => /\.ts$|\.test\./.test(file))).toEqual([]);
  });
});
