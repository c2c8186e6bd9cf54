import { AutoresearchError, messageOf } from '../../errors.ts';
import { openRemote, type RemoteOptions } from './open.ts';
import { problemOf, withoutLogin } from './problem.ts';

/** A remote as seen from a repository: by its name there, or by its address. */
export interface RemotePlace extends RemoteOptions {
  readonly dir: string;
  readonly remote: string;
}

/** The engine's own pushes run no hooks of the user, and push or fetch nothing else along. */
const PUSH = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
const FETCH = [
  'fetch',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--recurse-submodules=no',
  '--no-show-forced-updates',
];

/** Seen before a push; or while it was under way. */
const OTHERS_WERE_FASTER =
  /stale info|cannot lock ref|already exists|fetch first|non-fast-forward|incorrect old value|failed to update ref/i;

/**
 * The refs of a remote whose names begin so, by name.
 * @throws AutoresearchError REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function listRefs(place: RemotePlace, prefixes: readonly string[]): Promise<Map<string, string>> {
  const out = await asking(place, 'reading', () =>
    openRemote(place.dir, place).raw(['ls-remote', '--refs', checked(place.remote), ...prefixes.map((prefix) => `${prefix}*`)]),
  );
  const refs = new Map<string, string>();
  for (const [, commit = '', name = ''] of out.matchAll(/^([0-9a-f]{40,64})\t(\S+)$/gm)) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) refs.set(name, commit);
  }
  return refs;
}

/**
 * Fetches refs of the remote, by their names there, to refs here. What a ref here was before does not matter: where the
 * remote's may not go back, that is for the caller to see.
 * @throws AutoresearchError REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function fetchRefs(place: RemotePlace, refs: ReadonlyMap<string, string>): Promise<void> {
  if (refs.size === 0) return;
  const specs = [...refs].map(([there, here]) => `+${there}:${here}`);
  await asking(place, 'fetching', () => openRemote(place.dir, place).raw([...FETCH, checked(place.remote), ...specs]));
}

/**
 * Pushes commits to refs that only move forward: one that would go back is refused, by the remote.
 * @throws AutoresearchError REMOTE_REFUSED, REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function pushRefs(place: RemotePlace, refs: ReadonlyMap<string, string>): Promise<void> {
  if (refs.size === 0) return;
  const specs = [...refs].map(([there, commit]) => `${commit}:${there}`);
  await asking(place, 'pushing', () => openRemote(place.dir, place).raw([...PUSH, checked(place.remote), ...specs]));
}

/**
 * Moves a ref of the remote to a commit, if it is still where the caller has seen it; `from` is null where there was none.
 * False where somebody else was faster.
 * @throws AutoresearchError REMOTE_REFUSED, REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function swapRef(place: RemotePlace, ref: string, from: string | null, to: string): Promise<boolean> {
  try {
    await openRemote(place.dir, place).raw([...PUSH, `--force-with-lease=${ref}:${from ?? ''}`, checked(place.remote), `${to}:${ref}`]);
    return true;
  } catch (error) {
    if (OTHERS_WERE_FASTER.test(messageOf(error))) return false;
    throw problemOf(`pushing to ${withoutLogin(place.remote)}`, error);
  }
}

/**
 * Moves a ref of the remote forward to a commit. False where the commit does not follow on what is there: somebody else was faster.
 * @throws AutoresearchError REMOTE_REFUSED, REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function advanceRef(place: RemotePlace, ref: string, to: string): Promise<boolean> {
  try {
    await openRemote(place.dir, place).raw([...PUSH, checked(place.remote), `${to}:${ref}`]);
    return true;
  } catch (error) {
    if (OTHERS_WERE_FASTER.test(messageOf(error))) return false;
    throw problemOf(`pushing to ${withoutLogin(place.remote)}`, error);
  }
}

/**
 * Clones a repository into a folder that is not there yet, or is empty.
 * @throws AutoresearchError REMOTE_UNREACHABLE, REMOTE_DENIED
 */
export async function cloneRepository(url: string, dir: string, cwd: string, options: RemoteOptions): Promise<void> {
  await asking({ ...options, dir: cwd, remote: url }, 'cloning', () =>
    openRemote(cwd, options).clone(checked(url), dir, ['--no-checkout']),
  );
}

async function asking<T>({ remote }: RemotePlace, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof AutoresearchError ? error : problemOf(`${what} ${withoutLogin(remote)}`, error);
  }
}

/** An address that begins with a dash would be an option of git. */
function checked(remote: string): string {
  if (remote !== '' && !remote.startsWith('-')) return remote;
  throw new AutoresearchError('REMOTE_UNREACHABLE', `"${remote}" is not the address of a remote`, {
    hint: 'give a path, file://…, ssh://… or https://…, or the name of a remote of this repository',
  });
}
