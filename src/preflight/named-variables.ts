/** Environment variables that the project's code reads, that are set here, and that trials do not get. */
import type { Repository } from '../git/repository.ts';
import { grepCommitted, type Line } from '../git/working-copy.ts';
import { CODE } from './named-files.ts';

const NAME = '([A-Z_][A-Z0-9_]*)';
/** How languages ask for a variable, as extended regular expressions. */
const READS: readonly string[] = [
  String.raw`environ(\.get)?[[(] *["']`,
  String.raw`[gG]etenv\( *["']`,
  String.raw`LookupEnv\( *["']`,
  String.raw`env::var(_os)?\( *["']`,
  String.raw`process\.env(\.|\[ *["'])`,
  String.raw`Deno\.env\.get\( *["']`,
  String.raw`ENV(\.fetch)?[[(] *["']`,
];
const SHELL = String.raw`\$\{?` + NAME;
const SHELL_FILES = ['*.sh', '*.bash', 'Makefile', '*/Makefile', '*.mk', 'justfile', 'Justfile'];
/** Set by every shell, or by the engine. */
const NOT_MISSED =
  /^(AUTORESEARCH_\w+|PWD|OLDPWD|SHLVL|_|HOSTNAME|IFS|PS\d|EUID|UID|RANDOM|SECONDS|BASH\w*|INIT_CWD|npm_\w+|CI|COLORTERM|EDITOR|PAGER)$/;
const MOST = 8;

interface Input {
  readonly repository: Repository;
  readonly base: string;
  /** The names that trials get. */
  readonly passed: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function namedVariablesWarnings({ repository, base, passed, env }: Input): Promise<string[]> {
  const [code, shell] = await Promise.all([
    grepCommitted(
      repository,
      base,
      READS.map((read) => `${read}${NAME}`),
      CODE,
    ),
    grepCommitted(repository, base, [SHELL, `${NAME} *[:?+]?=`], SHELL_FILES),
  ]);
  const found = [
    ...READS.flatMap((read) => namesIn(code, new RegExp(`${read}${NAME}`, 'g'))),
    ...namesIn(shell, /\$[{(]?([A-Z_][A-Z0-9_]*)/g).filter(({ name, path }) => !isAssigned(shell, name, path)),
  ];
  const missed = found.filter(({ name }) => env[name] !== undefined && !passed.has(name) && !NOT_MISSED.test(name));
  const first = [...new Map(missed.toReversed().map((one) => [one.name, one])).values()].toReversed();
  return first
    .slice(0, MOST)
    .map(
      ({ name, path, line }) =>
        `${path}:${line} reads ${name}, which is set here, but trials do not get it\n  workspace: { env: [${name}] } passes it on${isSecret(name) ? '; a key is better kept from them (docs/security.md)' : ''}`,
    );
}

interface Named {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

function namesIn(lines: readonly Line[], pattern: RegExp): Named[] {
  return lines.flatMap(({ path, line, text }) => [...text.matchAll(pattern)].map((match) => ({ name: match.at(-1) ?? '', path, line })));
}

/** A script's own variable looks like one of the environment. */
function isAssigned(lines: readonly Line[], name: string, path: string): boolean {
  return lines.some((line) => line.path === path && new RegExp(`(^|\\s)${name}\\s*[:?+]?=`).test(line.text));
}

function isSecret(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/.test(name);
}
