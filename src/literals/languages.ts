import { basename, extname } from 'node:path';
import { BRACES } from './braces.ts';
import type { Language } from './forms.ts';
import { JAVASCRIPT } from './javascript.ts';
import { JVM_LANGUAGES } from './jvm.ts';
import { PYTHON } from './python.ts';
import { SCRIPTS } from './scripts.ts';
import { SETTINGS } from './settings.ts';
import { SHELLS } from './shells.ts';
import { SQL } from './sql.ts';
import { TOML } from './toml.ts';
import { JSON_FILES, YAML } from './yaml.ts';

export const LANGUAGES: readonly Language[] = [
  PYTHON,
  JAVASCRIPT,
  YAML,
  JSON_FILES,
  TOML,
  ...BRACES,
  ...JVM_LANGUAGES,
  ...SCRIPTS,
  SQL,
  ...SHELLS,
  ...SETTINGS,
];

/** The language of a file, by its name and, where it has no extension, its first line; undefined where it is not known. */
export function languageOf(file: string, text: string): Language | undefined {
  const name = basename(file).toLowerCase();
  const extension = extname(name);
  const byExtension = LANGUAGES.find(({ extensions }) => extensions.includes(extension));
  const byName = LANGUAGES.find(({ files }) => files?.test(name));
  // makefile.py is Python, and CMakeLists.txt is no text.
  const isNamed = byName !== undefined && (byExtension === undefined || name === 'cmakelists.txt');
  if (isNamed || extension !== '') return isNamed ? byName : byExtension;
  const program = /^#![^\n]*?\b(python|node|deno|bun|bash|zsh|ksh|dash|sh|Rscript|julia|ruby|lua|php)[\d.]*\b/.exec(text)?.[1];
  if (program === undefined) return text.startsWith('#!') ? undefined : LANGUAGES.find(({ extensions }) => extensions.includes('.txt'));
  return LANGUAGES.find(({ extensions }) => extensions.includes(BY_PROGRAM[program] ?? '.sh'));
}

const BY_PROGRAM: Readonly<Record<string, string>> = {
  python: '.py',
  node: '.js',
  deno: '.ts',
  bun: '.ts',
  Rscript: '.r',
  julia: '.jl',
  ruby: '.rb',
  lua: '.lua',
  php: '.php',
};
