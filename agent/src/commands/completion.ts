import { Argument, type Command, type Option } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const HELP = `
Examples:
  xswim completion bash > ~/.local/share/bash-completion/completions/xswim
  xswim completion zsh > ~/.zfunc/_xswim        # a folder of your fpath
  xswim completion fish > ~/.config/fish/completions/xswim.fish

Exit codes: 0 it was printed, 2 wrong arguments.`;

/** One command as a shell completes it. */
interface Completed {
  /** The words that lead to it, without the name of the program; empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly Option[];
  readonly words: readonly { name: string; description: string }[];
  /** Whether a file may come as an argument. */
  readonly takesFile: boolean;
}

/** Adds `completion` to the program. It completes what the program has when it is asked. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .addArgument(new Argument("<SHELL>", "the shell").choices(SHELLS))
    .description("Print a script that has a shell complete commands and options.")
    .addHelpText("after", HELP)
    .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)));
}

/** The script of a shell for all that `program` has. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const commands = completedOf(program, []);
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](name, commands);
}

function completedOf(command: Command, path: readonly string[]): Completed[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command).filter((each) => each.name() !== "help");
  const words = subcommands.map((each) => ({ name: each.name(), description: each.description() }));
  for (const { argChoices, description } of command.registeredArguments)
    words.push(...(argChoices ?? []).map((choice) => ({ name: choice, description })));
  const own: Completed = {
    path,
    description: command.description(),
    options: help.visibleOptions(command),
    words,
    takesFile: command.registeredArguments.some((argument) => argument.name() === "FILE"),
  };
  return [own, ...subcommands.flatMap((each) => completedOf(each, [...path, each.name()]))];
}

/** Whether a file is the value of an option. */
function wantsFile(option: Option): boolean {
  return /<.*(FILE|PATH).*>/.test(option.flags);
}

/** The flags of an option, such as `-a --announce`. */
function flagsOf(option: Option): string[] {
  return [option.short, option.long].filter((flag) => flag !== undefined);
}

function bashScript(name: string, commands: readonly Completed[]): string {
  const functionName = "_" + name.replace(/\W/g, "_");
  const cases = commands.map(({ path, options, words, takesFile }) => {
    const valued = options.filter((option) => option.required || option.optional);
    const values = valued.map((option) => {
      const pattern = flagsOf(option).join("|");
      if (wantsFile(option)) return `        ${pattern}) _${name}_files "$cur"; return ;;`;
      const choices = (option.argChoices ?? []).join(" ");
      return `        ${pattern}) COMPREPLY=($(compgen -W ${quote(choices)} -- "$cur")); return ;;`;
    });
    const all = [...words.map((word) => word.name), ...options.flatMap(flagsOf)].join(" ");
    return [
      `    ${quote(path.join(" "))})`,
      '      case "$prev" in',
      ...values,
      "      esac",
      `      COMPREPLY=($(compgen -W ${quote(all)} -- "$cur"))`,
      ...(takesFile ? [`      [[ "$cur" == -* ]] || _${name}_files "$cur"`] : []),
      "      ;;",
    ].join("\n");
  });
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(" ")));
  return `# bash completion of ${name}
_${name}_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY+=($(compgen -f -- "$1"))
}

${functionName}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" path="" word longer
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    longer="\${path:+$path }$word"
    case "$longer" in
      ${paths.join("|")}) path="$longer" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
}
complete -F ${functionName} ${name}
`;
}

function zshScript(name: string, commands: readonly Completed[]): string {
  const lines = [`#compdef ${name}`];
  for (const { path, options, words, takesFile } of [...commands].reverse()) {
    const functionName = ["_" + name, ...path].join("_");
    const specs = options.flatMap((option) => flagsOf(option).map((flag) => zshOption(option, flag)));
    lines.push("", functionName + "() {");
    if (words.length === 0) {
      lines.push("  _arguments " + [...specs, takesFile ? "'*:file:_files'" : ""].join(" \\\n    "), "}");
      continue;
    }
    const described = words.map((word) => quote(word.name + ":" + word.description.replace(/:/g, "\\:")));
    const branches = commands
      .filter(
        (each) => each.path.length === path.length + 1 && path.every((word, i) => each.path[i] === word),
      )
      .map((each) => `      ${each.path.at(-1)}) ${["_" + name, ...each.path].join("_")} ;;`);
    lines.push(
      "  local state line",
      "  local -a words_here",
      "  words_here=(" + described.join(" ") + ")",
      "  _arguments -C " + [...specs, "'1: :->word'", "'*:: :->rest'"].join(" \\\n    "),
      '  case "$state" in',
      "    word) _describe word words_here ;;",
      '    rest) case "$line[1]" in',
      ...branches,
      "    esac ;;",
      "  esac",
      "}",
    );
  }
  // zsh runs the file as the function when it is autoloaded.
  lines.push(
    "",
    `if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
  );
  return lines.join("\n") + "\n";
}

function zshOption(option: Option, flag: string): string {
  const description = option.description.replace(/[[\]:]/g, "\\$&");
  const many = Array.isArray(option.defaultValue) ? "*" : "";
  let value = "";
  if (option.required || option.optional) {
    const choices = option.argChoices === undefined ? " " : "(" + option.argChoices.join(" ") + ")";
    value = ":value:" + (wantsFile(option) ? "_files" : choices);
  }
  return quote(many + flag + "[" + description + "]" + value);
}

function fishScript(name: string, commands: readonly Completed[]): string {
  const lines = [`# fish completion of ${name}`, `complete -c ${name} -f`];
  for (const { path, options, words, takesFile } of commands) {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const next = words.map((word) => word.name).join(" ");
    const none = next === "" ? [] : [`not __fish_seen_subcommand_from ${next}`];
    const at = (conditions: readonly string[]): string =>
      conditions.length === 0 ? "" : " -n " + quote(conditions.join("; and "));
    for (const word of words)
      lines.push(
        `complete -c ${name}${at([...seen, ...none])} -a ${word.name} -d ${quote(word.description)}`,
      );
    for (const option of options) {
      const names =
        (option.short ? " -s " + option.short.slice(1) : "") +
        (option.long ? " -l " + option.long.slice(2) : "");
      const file = wantsFile(option) ? " -r -F" : option.required ? " -x" : "";
      const choices = option.argChoices === undefined ? "" : " -a " + quote(option.argChoices.join(" "));
      const conditions = path.length === 0 ? none : seen;
      lines.push(
        `complete -c ${name}${at(conditions)}${names}${file}${choices} -d ${quote(option.description)}`,
      );
    }
    if (takesFile) lines.push(`complete -c ${name}${at(seen)} -F`);
  }
  return lines.join("\n") + "\n";
}

/** A word of a shell, whatever is in it. */
function quote(text: string): string {
  return "'" + text.replace(/'/g, "'\\''") + "'";
}
