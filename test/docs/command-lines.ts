import { CommanderError, type Command } from 'commander';
import { createProgram } from '../../src/program.ts';

/** What is typed in a block: all of it, or what follows `$` where it shows output too. */
export function typedIn(text: string): string {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const typed = lines.filter((line) => line.startsWith('$ '));
  return (typed.length > 0 ? typed.map((line) => line.slice(2)) : lines).join('\n');
}

/** The words of each command of ours in a script. */
export function ownCommands(script: string): string[][] {
  return commandsOf(script).flatMap((words) => {
    const at = words.findIndex((word) => word === 'autoresearch');
    const before = words.slice(0, Math.max(0, at));
    const isCalled = at >= 0 && before.every((word) => /^(npx|--yes|-y|exec|sudo|env|time|--|[A-Z_]+=.*)$/.test(word));
    const isRemote = at >= 0 && before[0] === 'ssh' && before.at(-1) === 'npx';
    return isCalled || isRemote ? [words.slice(at + 1)] : [];
  });
}

/** Splits a script into commands, and these into words, as a shell would; comments are left out. */
function commandsOf(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  const end = () => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const [token] of script.matchAll(
    /[ \t]#[^\n]*|^#[^\n]*|&&|\|\||[|;\n()]|(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"|;&()]|&(?!&))+/gm,
  )) {
    if (/^(&&|\|\||[|;\n()])$/.test(token)) end();
    else if (!/^[ \t]*#/.test(token))
      words.push(token.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, a?: string, b?: string) => a ?? b ?? ''));
  }
  end();
  return commands;
}

/** Why the program would not take these words; null if it would. Nothing is carried out. */
export function objectionTo(words: readonly string[], { isWhole = true } = {}): string | null {
  const shellOnly = words.findIndex((word) => /^(\d?>|\d?>>|<|2>&1)/.test(word));
  const given = (shellOnly === -1 ? [...words] : words.slice(0, shellOnly)).filter((word) => word !== '…' && word !== '...');
  // A number that the reader is to choose.
  for (const [at, word] of given.entries()) if (word === 'N') given[at] = '1';
  let command: Command = createProgram()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  if (given.some((word) => word === '--version' || word === '--help')) return null;
  for (;;) {
    const [first] = given;
    const inner = command.commands.find((one) => one.name() === first || (first !== undefined && one.aliases().includes(first)));
    if (inner === undefined) break;
    given.shift();
    command = inner.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  if (command.parent === null) return `there is no command ${given[0]}`;
  try {
    const { operands, unknown } = command.parseOptions(given);
    const [flag] = unknown;
    if (flag !== undefined) return `${command.name()} does not know ${flag}`;
    if (command.commands.length > 0 && !isWhole && operands.length === 0) return null;
    if (command.commands.length > 0) return `${command.name()} has no command ${operands[0]}`;
    const { registeredArguments: wanted } = command;
    const least = wanted.filter(({ required }) => required).length;
    if (isWhole && operands.length < least) return `${command.name()} needs ${wanted[operands.length]?.name()}`;
    const isOpen = wanted.at(-1)?.variadic === true;
    return operands.length > wanted.length && !isOpen ? `${command.name()} takes no ${operands[wanted.length]}` : null;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}
