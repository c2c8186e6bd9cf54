/** Files that the project's code names, and that are in the person's folder only: data, and modules nobody has committed. */
import { basename } from 'node:path';
import type { Config } from '../config/types.ts';
import { grepCommitted, type Line } from '../git/working-copy.ts';
import type { Repository } from '../git/repository.ts';
import { absenceOf, remedyFor, type WorktreeFiles } from './worktree-files.ts';

/** Made by tools, for tools; nobody's code reads them by name. Node finds node_modules in the folders above. */
const TOOLS =
  /^(node_modules|__pycache__|\..*cache|\.git|\.idea|\.vscode|\.DS_Store|\.ipynb_checkpoints|\.tox|\.nox|coverage|htmlcov|target|.*\.egg-info|.*\.(pyc|pyo|o|obj|log|swp))$/;
/** What is written about code, and what is too large to be it. */
export const CODE = [
  '.',
  ...['md', 'rst', 'txt', 'csv', 'tsv', 'jsonl', 'lock', 'ipynb', 'html', 'svg'].map((ending) => `:!*.${ending}`),
  ':!*lock.json',
  ':!.gitignore',
  ':!*autoresearch.config.*',
];
/** More than these are no list to read. */
const MOST_ENTRIES = 200;
const MOST_SHOWN = 8;

export async function namedFilesWarnings(repository: Repository, base: string, files: WorktreeFiles, config: Config): Promise<string[]> {
  const { ignored, untracked } = files.workingCopy;
  const entries = [...ignored, ...untracked].map((entry) => entry.replace(/\/$/, '')).filter((entry) => !TOOLS.test(basename(entry)));
  const lacking = entries.slice(0, MOST_ENTRIES).filter((entry) => 'entry' in files.originOf(entry));
  const lines = await grepCommitted(repository, base, lacking.map(patternFor), CODE);
  return lacking
    .flatMap((entry) => {
      const naming = lines.filter(({ text }) => new RegExp(patternFor(entry)).test(text));
      const [line] = naming;
      const isResult = isMade(
        entry,
        naming.map(({ text }) => text),
      );
      return line === undefined || isResult ? [] : [warningFor(entry, line, files, config)];
    })
    .slice(0, MOST_SHOWN);
}

function warningFor(entry: string, { path, line }: Line, files: WorktreeFiles, config: Config): string {
  const origin = files.originOf(entry);
  if (!('entry' in origin)) return '';
  return `${path}:${line} names ${absenceOf(entry, origin)}\n  ${remedyFor(origin, config)}`;
}

/** Does any of these lines of code name it, as something that is there already? */
export function namesEntry(lines: readonly string[], entry: string): boolean {
  const pattern = new RegExp(patternFor(entry));
  const naming = lines.filter((line) => pattern.test(line));
  return !TOOLS.test(basename(entry)) && naming.length > 0 && !isMade(entry, naming);
}

/** What builds write; elsewhere a program may make a folder, and then read what has long been in it. */
const BUILT = /^(dist|build|out|_build|\.next)$/;
const WRITES =
  /mkdir|makedirs|\bwrite|\bsave|\bdump|to_(csv|json|parquet|pickle)|rmtree|\brm(Sync)?\b|out(dir|file)\b| -o |, *["'][wax]b?\+?["']| >>? *["'\w.]/i;

/** Do the lines that name it write it? A link would make it read-only, and the same for all trials. */
function isMade(entry: string, naming: readonly string[]): boolean {
  const writing = naming.filter((line) => WRITES.test(line)).length;
  return writing > 0 && (writing === naming.length || BUILT.test(basename(entry)));
}

/** In quotes, as a word of a command, or as a Python module: an extended regular expression that JavaScript reads alike. */
function patternFor(entry: string): string {
  const name = entry.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const word = `(["'\`=/ ]|^)(\\./)?${name}(/[^"' ]*)?(["'\`]|$)`;
  const argument = `[ =](\\./)?${name}/`;
  const module = /^(\w+)\.py$/.exec(entry)?.[1] ?? (/^\w+$/.test(entry) ? entry : undefined);
  return [word, argument, ...(module === undefined ? [] : [`^ *(import|from) +${module}([. ,]|$)`])].join('|');
}
