import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Rights } from './bwrap.ts';
import type { SandboxedWorktree } from './sandboxed-worktree.ts';
import { credentialsIn, secretsOfMachine } from './secrets.ts';

/** Where programs keep what they compute anew, and the devices and folders for temporary files. */
const SCRATCH = ['/dev', '/tmp', '/var/tmp', '/private/tmp', '/private/var/tmp', '/private/var/folders'];
const CACHES = ['Library/Caches', '.cache'];

/**
 * The profile for what runs a candidate's code: it writes only to its worktree and to temporary folders, reads neither keys nor
 * records nor answers, and has the network only where the config opens it. Of two rules for one path the later one holds. This is
 * less than bwrap gives, so that it counts as no sandbox: the checks after each trial stay as strict as without one.
 */
export function seatbeltProfile(sandboxed: SandboxedWorktree, rights: Rights): string {
  const { worktree, repository, protections, hidden, rows } = sandboxed;
  const home = homedir();
  const writable =
    rights.role === 'model' ? [] : [worktree.dir, ...SCRATCH, ...CACHES.map((folder) => join(home, folder)), ...rights.writable];
  const shownRows = [...rows.always, ...(worktree.showsHoldout ? rows.inAudits : [])];
  const named = [...rights.readable, ...rights.writable];
  const secrets = [...secretsOfMachine(), ...credentialsIn([home])].filter((path) => existsSync(path) && !named.includes(path));
  return [
    '(version 1)',
    '(allow default)',
    rule('deny', 'file-write*', ['/']),
    rule('deny', 'file-read*', secrets),
    // Records, logs and the worktrees of other slots.
    rule('deny', 'file-read* file-write*', [repository.stateDir]),
    rule('allow', 'file-read*', [worktree.dir, ...shownRows]),
    rule('allow', 'file-write*', writable),
    ...(rights.role === 'model'
      ? []
      : protections.map(({ access, path }) => rule(access === 'writable' ? 'allow' : 'deny', 'file-write*', [join(worktree.dir, path)]))),
    rule('deny', 'file-write*', [join(worktree.dir, '.git')]),
    rule('deny', 'file-read* file-write*', [...hidden, ...(rights.isSealed ? [repository.commonDir] : [])]),
    ...(rights.hasNetwork ? [] : ['(deny network*)']),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** The kernel compares real paths, so that a folder behind a link is named by both. */
function rule(action: 'allow' | 'deny', what: string, paths: readonly string[]): string {
  const real = paths.flatMap((path) => (existsSync(path) ? [path, realpathSync(path)] : [path]));
  const places = [...new Set(real)].map((path) => `(subpath "${path.replaceAll(/["\\]/g, String.raw`\$&`)}")`);
  return places.length === 0 ? '' : `(${action} ${what} ${places.join(' ')})`;
}
