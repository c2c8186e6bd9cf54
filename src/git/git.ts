import { devNull } from 'node:os';
import { execa } from 'execa';
import { AutoresearchError } from '../errors.ts';

export interface GitOptions {
  readonly input?: string | Buffer;
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
  ask(args: readonly string[], options?: GitOptions): Promise<{ code: number; out: string }>;
}

/** Settings of the user that would let a hook, a monitor, a signing key or a pager into our commands. */
const SETTINGS = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['commit.gpgsign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

const IDENTITY = { name: 'autoresearch', email: 'autoresearch@localhost' };

export function openGit(cwd: string): Git {
  const env = gitEnvironment();
  const ask: Git['ask'] = async (args, options = {}) => {
    const result = await execa('git', [...SETTINGS, ...args], {
      cwd,
      env: { ...env, ...options.env },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      // Ctrl-C reaches the terminal's whole process group; git must end what it has begun.
      detached: true,
      cleanup: false,
      maxBuffer: 1 << 30,
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    });
    if (result.exitCode === undefined) {
      if (result.code === 'ENOENT') {
        throw new AutoresearchError('GIT_NOT_FOUND', 'git could not be started', { hint: 'install git, and see that it is on the PATH', cause: result });
      }
      throw new AutoresearchError('GIT_FAILED', `git ${args[0] ?? ''} was ended by ${result.signal ?? result.originalMessage ?? 'a signal'}`, { cause: result });
    }
    if (result.exitCode !== 0 && !options.accept?.includes(result.exitCode)) {
      const said = result.stderr.trim() || `exit code ${result.exitCode}`;
      throw new AutoresearchError('GIT_FAILED', `git ${args[0] ?? ''} failed in ${cwd}: ${said}`, {
        hint: 'run the same command by hand to see more; nothing of yours was changed',
      });
    }
    return { code: result.exitCode, out: result.stdout };
  };
  return { cwd, ask, run: async (args, options) => (await ask(args, options)).out };
}

/** In the environment of every git process: whose it is, so that a later session can wait for it. */
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
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
  };
}

export const COMMITTER = `${IDENTITY.name} <${IDENTITY.email}>`;
