// JSON texts, of which one value or name is changed and the rest stays JSON.
import type { Dice } from "../engine/dice.js";

const NAMES = ["toString", "valueOf", "toJSON", "length", "__proto__", "constructor", ""];
const DEEPEST = 4;

/** Another text; undefined when `text` is no JSON. */
export function mutateJson(text: string, words: readonly string[], dice: Dice): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const changed = change(value, words, dice, 0);
  return JSON.stringify(changed);
}

function change(value: unknown, words: readonly string[], dice: Dice, depth: number): unknown {
  if (typeof value !== "object" || value === null || dice.oneIn(5)) return fresh(words, dice, depth);
  if (Array.isArray(value)) {
    const at = dice.below(value.length + 1);
    if (at === value.length)
      return [...value, value.length > 0 && dice.oneIn(2) ? dice.of(value) : fresh(words, dice, depth)];
    return dice.oneIn(5) ? value.toSpliced(at, 1) : value.with(at, change(value[at], words, dice, depth + 1));
  }
  const entries = Object.entries(value);
  const at = dice.below(entries.length + 1);
  if (at === entries.length) entries.push([nameOf(words, dice), fresh(words, dice, depth)]);
  else if (dice.oneIn(6)) entries.splice(at, 1);
  else if (dice.oneIn(8)) entries[at] = [nameOf(words, dice), entries[at][1]];
  else entries[at] = [entries[at][0], change(entries[at][1], words, dice, depth + 1)];
  return Object.fromEntries(entries);
}

function nameOf(words: readonly string[], dice: Dice): string {
  return dice.oneIn(3) || words.length === 0 ? dice.of(NAMES) : dice.of(words);
}

function fresh(words: readonly string[], dice: Dice, depth: number): unknown {
  switch (dice.below(depth >= DEEPEST ? 8 : 11)) {
    case 0:
      return null;
    case 1:
      return dice.oneIn(2);
    case 2:
      return dice.of([0, 1, -1, 0.5, 65_535, 65_536, 2 ** 32, 2 ** 53, -(2 ** 53), 1e300]);
    case 3:
      return dice.below(1000);
    case 4:
      return dice.of([
        "",
        "18446744073709551615",
        "18446744073709551616",
        "1e3",
        "0x1",
        " 1",
        "\ud800",
        "\u0000",
        "\n",
      ]);
    case 5:
      return dice.of([
        "1.2.3.4:5",
        "[::1]:7946",
        "lamp.local:7946",
        "foo:80",
        "10.0.0.1:0",
        "[::ffff:1.2.3.4]:9",
      ]);
    case 6:
    case 7:
      return words.length === 0 ? "x" : dice.of(words);
    case 8:
      return [fresh(words, dice, depth + 1)];
    default:
      return { [nameOf(words, dice)]: fresh(words, dice, depth + 1) };
  }
}
