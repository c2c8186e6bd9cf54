import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { CLI, type CliEnd } from './run-cli.ts';

/** Most people are not root, whom no permission stops: how a command runs as one of them. */
export interface OrdinaryUser {
  readonly name: string;
  /** Goes before the command. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Gives a folder and all in it to the user. */
  own(dir: string): void;
  /** And back to who runs the tests. */
  giveBack(dir: string): void;
}

/** The one who runs the tests, or, where that is root, a user made for it; a text says why there is none. */
export function findOrdinaryUser(name = 'autoresearch-test'): OrdinaryUser | string {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return { name: process.env['USER'] ?? '', prefix: [], env: {}, own: () => {}, giveBack: () => {} };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) return 'needs setpriv (util-linux)';
  try {
    try {
      execFileSync('id', ['-u', name], { stdio: 'ignore' });
    } catch {
      execFileSync('useradd', ['--create-home', name], { stdio: 'ignore' });
    }
    const [uid = '', gid = ''] = ['-u', '-g'].map((flag) => execFileSync('id', [flag, name], { encoding: 'utf8' }).trim());
    const prefix = [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--'];
    execFileSync(prefix[0] ?? '', [
      ...prefix.slice(1),
      process.execPath,
      '-e',
      'import(process.argv[1])',
      CLI.replace('cli.ts', 'errors.ts'),
    ]);
    const own = (dir: string) => {
      execFileSync('chown', ['-R', `${uid}:${gid}`, dir]);
      chmodSync(dir, 0o755);
    };
    const giveBack = (dir: string) => void execFileSync('chown', ['-R', '0:0', dir]);
    return { name, prefix, env: { HOME: `/home/${name}`, USER: name }, own, giveBack };
  } catch (error) {
    return `no user can be made, or it cannot read these files: ${String(error).slice(0, 200)}`;
  }
}

interface Options {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Goes right before node, such as `prlimit --nproc=20`. */
  readonly under?: readonly string[];
}

/** The command line as that user. */
export function runCliAs({ prefix, env: own }: OrdinaryUser, args: readonly string[], { cwd, env, under = [] }: Options): Promise<CliEnd> {
  const [program = '', ...rest] = [...prefix, ...under, process.execPath, CLI, ...args];
  const child = spawn(program, rest, { cwd, env: { ...process.env, ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
