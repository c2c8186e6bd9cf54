import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';

import { AutoresearchError } from '../errors.ts';
import { errorOfGit, errorOfMachine } from '../machine-errors.ts';
import { isKeyName } from '../redact.ts';
import { startService, type Service } from './service.ts';

export interface GitOptions {
  readonly input?: string | Buffer;
  /** Gives the output byte by byte, as latin1: paths need not be UTF-8. */
  readonly isLatin1?: boolean;
  /** Exit codes besides 0 that are an answer and no failure. */
  readonly accept?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One git repository seen from one folder. */
export interface Git {
  readonly cwd: string;
  /** Runs git and gives its standard output; throws GIT_FAILED with what git said. */
  run(args: readonly string[], options?: GitOptions): Promise<string>;
  /** The same, with exit code, for questions that git answers by it. */
  ask(args: readonly string[], options?: GitOptions): Promise<{ code: number; out: string; said: string }>;
  /** A process for many requests, such as `cat-file --batch`. */
  serve(args: readonly string[]): Service;
}

/** Settings of the user that would let a hook, a monitor, a signing key or a pager into our commands. */
const SETTINGS = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['commit.gpgsign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
  // Settings that would hide a change, change the output, or reach into submodules.
  ['core.trustctime', 'true'],
  ['core.checkStat', 'default'],
  ['core.sparseCheckout', 'false'],
  ['submodule.recurse', 'false'],
  // Forms of the index that we do not read ourselves.
  ['index.version', '2'],
  ['index.skipHash', 'false'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'false'],
  ['index.sparse', 'false'],
  ['log.showSignature', 'false'],
  ['i18n.commitEncoding', 'utf-8'],
  ['i18n.logOutputEncoding', 'utf-8'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

const IDENTITY = { name: 'autoresearch', email: 'autoresearch@localhost' };

/** Where git is told to work, so that it looks for no repository in the folders above. */
interface Pinned {
  readonly gitDir: string;
  readonly workTree: string;
}

export function openGit(cwd: string, pinned?: Pinned): Git {
  const env = { ...gitEnvironment(), ...(pinned && { GIT_DIR: pinned.gitDir, GIT_WORK_TREE: pinned.workTree }) };
  const ask: Git['ask'] = async (args, options = {}) => {
    const end = await start([...SETTINGS, ...args], cwd, { ...env, ...options.env }, options);
    const { code, out, said } = end;
    if (code === null || (code !== 0 && !options.accept?.includes(code))) throw failureOf(args, cwd, end);
    return { code, out, said };
  };
  const serve: Git['serve'] = (args) =>
    startService({
      args: [...SETTINGS, ...args],
      cwd,
      // It runs while trials do, and these can read the environment of every process of the user.
      env: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('GIT_CONFIG') || !isKeyName(name))),
      notStarted: (cause) => notStarted(cwd, cause),
      ended: (end) => failureOf(args, cwd, end),
    });
  return { cwd, ask, serve, run: async (args, options) => (await ask(args, options)).out };
}

/** The error for the way in which git has ended. */
function failureOf([command = '']: readonly string[], cwd: string, { code, signal, said }: Omit<Answer, 'out'>): AutoresearchError {
  const name = `git ${command}`;
  if (code === null) return new AutoresearchError('GIT_FAILED', `${name} was ended by ${signal ?? 'a signal'} in ${cwd}`);
  return (
    errorOfGit(name, cwd, said) ??
    new AutoresearchError('GIT_FAILED', `${name} failed in ${cwd}: ${said.trim() || `exit code ${code}`}`, {
      hint: 'run the same command by hand to see more; nothing of yours was changed',
    })
  );
}

interface Answer {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly said: string;
}

/** One git process. Started directly: it is asked for many times an experiment, and needs nothing but its output. */
function start(args: readonly string[], cwd: string, env: Record<string, string>, { input, isLatin1 }: GitOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the terminal's whole process group; detached, git ends what it has begun.
    const child = spawn('git', args, { cwd, env, detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.stdin?.on('error', (error) => {
      // Git may end without reading all of its input; its exit code then says why.
      if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'ECONNRESET')) reject(error);
    });
    child.stdin?.end(input);
    child.on('error', (cause) => reject(notStarted(cwd, cause)));
    child.on('close', (code, signal) =>
      resolve({ code, signal, out: Buffer.concat(out).toString(isLatin1 ? 'latin1' : 'utf8'), said: Buffer.concat(said).toString() }),
    );
  });
}

function notStarted(cwd: string, cause: Error): AutoresearchError {
  const machine = errorOfMachine(cause);
  if (machine) return machine;
  const isGone = !existsSync(cwd);
  return new AutoresearchError(isGone ? 'GIT_FAILED' : 'GIT_NOT_FOUND', `git could not be started in ${cwd}`, {
    hint: isGone ? 'the folder is no longer there' : 'install git, and see that it is on the PATH',
    cause,
  });
}

/** Marks the environment of every git process, so that a later session can find and await it. */
export const GIT_MARKER = 'AUTORESEARCH_GIT';

/** Ours without GIT_*: inside a git hook those would point git at another repository or index. */
function gitEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (!name.startsWith('GIT_') || name.startsWith('GIT_CONFIG'))) env[name] = value;
  }
  return {
    ...env,
    [GIT_MARKER]: String(process.pid),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
  };
}

export const COMMITTER = `${IDENTITY.name} <${IDENTITY.email}>`;
