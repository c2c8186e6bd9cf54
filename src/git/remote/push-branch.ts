import { AutoresearchError, messageOf } from '../../errors.ts';
import { openRemote } from './open.ts';
import { reasonOf, withoutLogin } from './problem.ts';

export interface PushRequest {
  readonly dir: string;
  readonly remote: string;
  readonly branch: string;
  /** Where the remote's branch may be: commits that an earlier promotion has left it at. It is moved from there only. */
  readonly ours: readonly string[];
  readonly signal: AbortSignal;
  /** Told while objects travel. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface Remote {
  readonly name: string;
  /** As git has it, without a login. */
  readonly url: string;
}

/** All remotes of a repository. */
export async function findRemotes(dir: string): Promise<Remote[]> {
  const remotes = await openRemote(dir).getRemotes(true);
  return remotes.map(({ name, refs }) => ({ name, url: refs.push || refs.fetch }));
}

/** The remote named; else `origin`, or the only one. @throws AutoresearchError PUSH_FAILED */
export async function findRemote(dir: string, name: string | undefined): Promise<Remote> {
  const remotes = await openRemote(dir).getRemotes(true);
  const wanted = name ?? (remotes.length === 1 ? remotes[0]?.name : 'origin');
  const found = remotes.find((remote) => remote.name === wanted);
  if (found === undefined) {
    const known = remotes.length === 0 ? 'this repository has none' : `there are ${remotes.map((remote) => remote.name).join(', ')}`;
    throw new AutoresearchError('PUSH_FAILED', `there is no remote ${wanted}: ${known}`, { hint: 'git remote add origin ADDRESS' });
  }
  return { name: found.name, url: withoutLogin(found.refs.push || found.refs.fetch) };
}

/** Pushes a branch. One that is there already is moved only from where we have left it, or forwards. @throws AutoresearchError PUSH_FAILED */
export async function pushBranch({ dir, remote, branch, ours, signal, onProgress }: PushRequest): Promise<void> {
  const git = openRemote(dir, { signal, onProgress });
  const ref = `refs/heads/${branch}`;
  try {
    const listed = await git.listRemote([remote, ref]);
    const there = /^[0-9a-f]{40,64}/.exec(listed)?.[0] ?? null;
    const lease = there !== null && ours.includes(there) ? [`--force-with-lease=${ref}:${there}`] : [];
    await git.push([...lease, remote, `${ref}:${ref}`]);
  } catch (error) {
    throw new AutoresearchError('PUSH_FAILED', `${branch} was not pushed to ${remote}: ${withoutLogin(reasonOf(messageOf(error)))}`, {
      hint: `the branch is there; push it by hand: git push ${remote} ${branch}`,
      cause: error,
    });
  }
}
