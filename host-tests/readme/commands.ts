// The commands that pages of documentation show.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { blocks, read, root } from "./pages.js";

const CLI = join(root, "agent/bin/xswim.js");
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

const helps = new Map<string, Promise<string>>();

/** What the built command prints as its help; an empty text when there is no such command. */
function help(words: readonly string[]): Promise<string> {
  const key = words.join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const asked = promisify(execFile)(process.execPath, [CLI, ...words, "--help"]).then(
    ({ stdout }) => (stdout.startsWith("Usage: xswim " + key + (key === "" ? "" : " ")) ? stdout : ""),
    () => "",
  );
  helps.set(key, asked);
  return asked;
}

/** What the command does not know of a call: itself or its flags. */
export async function unknownIn({ words }: Call): Promise<string[]> {
  const names = words.slice(0, 2).filter((word) => /^[a-z]+$/.test(word));
  // Of two words the second one is a command in itself, as in `keys list`, or a value.
  const both = names.length === 2 ? await help(names) : "";
  const path = both === "" ? names.slice(0, 1) : names;
  const text = both === "" ? await help(path) : both;
  if (text === "") return [path.join(" ")];
  const flags = words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*/, ""));
  const listed = new Set(text.match(/(?<=^\s+(?:-\w, )?)--?[\w-]+/gm));
  return flags.filter((flag) => !listed.has(flag)).map((flag) => path.join(" ") + " " + flag);
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
