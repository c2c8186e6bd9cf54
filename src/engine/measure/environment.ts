import { dirname } from 'node:path';
import { ownPackage } from '../../plugins/package.ts';
import { PASSED } from '../../passed-variables.ts';

/** The allow-list of the config, so that keys and tokens of the user's shell stay out of trials. */
export function allowedEnvironment(names: readonly string[], source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of [...PASSED, ...names]) {
    const value = source[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The environment of the user's shell, for `exec` and `prepare`. */
export function personEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), AUTORESEARCH_PACKAGE: ownPackage().dir };
}

/** The allow-list, for what runs in a worktree. */
export function worktreeEnvironment(names: readonly string[], worktreeDir: string): Record<string, string> {
  return {
    ...allowedEnvironment(names),
    AUTORESEARCH_PACKAGE: ownPackage().dir,
    // If the worktree has lost its .git, git must not find the user's repository in a folder above.
    GIT_CEILING_DIRECTORIES: dirname(worktreeDir),
  };
}
