// The commands that pages of documentation show.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { blocks, read, root } from "./pages.js";

const CLI = pathToFileURL(join(root, "agent/dist/cli.js")).href;
/** Kinds of blocks that are no commands. */
const OTHER = /^(js|ts|json|c|rust)\b/;

/** One call of `xswim`, such as `keys list --json`: its words without values in quotes. */
export interface Call {
  readonly text: string;
  readonly words: readonly string[];
}

/** The calls of `xswim` in a page: in its blocks of commands, and in code in a line. */
export function calls(page: string): Call[] {
  const prose = read(page).replace(/^```[\s\S]*?^```$/gm, "");
  const inLines = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  const shown = blocks(page).filter(({ kind }) => !OTHER.test(kind));
  return [...shown.map(({ text }) => text.replace(/\\\n/g, " ")), ...inLines].flatMap(callsIn);
}

function callsIn(code: string): Call[] {
  const found = code.matchAll(/(?:^|[\s(/])xswim ([a-z-][^\n|;&>)#]*)/gm);
  return [...found].map(([, text]) => ({
    text: text.trim(),
    words: text
      .replace(/"[^"]*"|'[^']*'/g, "VALUE")
      .trim()
      .split(/\s+/),
  }));
}

/** One or two words that may be a command; of two the second may be a value. */
function names({ words }: Call): string[] {
  return words.slice(0, 2).filter((word) => /^[a-z]+$/.test(word));
}

/** Asks for the help of each command in one process: `cli.js` reads the arguments when it is loaded. */
const ASK = `
for (const [i, words] of JSON.parse(process.env.ASKED).entries()) {
  process.stdout.write("\\0");
  process.argv = ["node", "xswim", ...words, "--help"];
  await import(process.env.CLI + "?" + i);
}`;

/** What the built command knows, as its help says. */
export class KnownCommands {
  /** The help of each command, by its words with blanks between them. */
  private readonly helps: ReadonlyMap<string, string>;

  private constructor(helps: ReadonlyMap<string, string>) {
    this.helps = helps;
  }

  /** Asks for the help of all commands that are called. */
  static async of(calls: readonly Call[]): Promise<KnownCommands> {
    const paths = calls.map(names).flatMap((found) => [found.slice(0, 1), found]);
    const asked = [...new Map(paths.map((path) => [path.join(" "), path])).entries()];
    const env = { ...process.env, CLI, ASKED: JSON.stringify(asked.map(([, path]) => path)) };
    const asking = promisify(execFile)(process.execPath, ["--input-type=module", "-"], { env });
    asking.child.stdin?.end(ASK);
    const { stdout } = await asking.catch((failed: { stdout: string }) => failed);
    const answers = stdout.split("\0").slice(1);
    // Of a word that is no command its parent prints the help, or nobody does.
    const helps = asked.map(([key], i): [string, string] => [key, answers[i] ?? ""]);
    return new KnownCommands(new Map(helps.filter(([key, text]) => text.startsWith(`Usage: xswim ${key} `))));
  }

  /** What the command does not know of a call: itself or its flags. */
  unknownIn(call: Call): string[] {
    const both = names(call).join(" ");
    const key = this.helps.has(both) ? both : names(call).slice(0, 1).join(" ");
    const help = this.helps.get(key);
    if (help === undefined) return [key];
    const listed = new Set(help.match(/(?<=^\s+(?:-\w, )?)--?[\w-]+/gm));
    const flags = call.words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*/, ""));
    return flags.filter((flag) => !listed.has(flag)).map((flag) => key + " " + flag);
  }
}

/** The scripts of package.json that a page tells to run, such as `test:xs`. */
export function scripts(page: string): string[] {
  const found = read(page).matchAll(
    /\bnpm (?:run (?:--silent )?)?((?<=run (?:--silent )?)[a-z:-]+|start|test)\b/g,
  );
  return [...found].map(([, name]) => name);
}

/** The programs that a page tells to run by `node PATH`, but what the reader is to write. */
export function programs(page: string): string[] {
  const found = read(page).matchAll(/^node ((?!build\/)[\w./-]+\.m?js)/gm);
  return [...found].map(([, path]) => path);
}
