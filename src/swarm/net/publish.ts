/** Brings this node's own ledger to the remote. */
import { AutoresearchError } from '../../errors.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { pushRefs, swapRef } from '../../git/remote/refs.ts';
import { ledgerRef } from '../../ledger/ledger.ts';
import type { Known } from './fetch.ts';
import { layoutOf } from './layout.ts';
import { remoteOf, type SwarmPlace } from './place.ts';

/** The tip of a run's ledger here. */
export async function ownTip({
  repository: { git },
  run,
}: {
  readonly repository: Pick<SwarmPlace['repository'], 'git'>;
  readonly run: string;
}): Promise<string | null> {
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', ledgerRef(run)], { accept: [1, 128] });
  return code === 0 ? out.trim() : null;
}

/**
 * Pushes the ledger, if the remote has not got all of it, and the branch of what was kept.
 * @throws AutoresearchError SWARM_NODE_TAKEN where another node has this one's name, and what pushing can throw
 */
export async function publish(place: SwarmPlace, { listed, here: { own: tip, kept } }: Known, options: RemoteOptions): Promise<boolean> {
  const layout = layoutOf(place.run, place.namespace);
  const remote = remoteOf(place, options);
  const there = listed.get(layout.node(place.self)) ?? null;
  if (tip === null || tip === there) return false;
  const { git } = place.repository;
  const { code } = there === null ? { code: 0 } : await git.ask(['merge-base', '--is-ancestor', there, tip], { accept: [1, 128] });
  if (code !== 0) {
    throw new AutoresearchError('SWARM_NODE_TAKEN', `the remote's ledger of node ${place.self} is not an earlier state of this one`, {
      hint: `another node has this name, or this folder is an old copy: join under a name of its own: autoresearch join URL --node NAME`,
    });
  }
  await pushRefs(remote, new Map([[layout.node(place.self), tip]]));
  // An audit may have taken the branch back: what is moved is our own ref, from where it was seen.
  const keptThere = listed.get(layout.kept(place.self)) ?? null;
  if (kept === null || kept === keptThere) return true;
  try {
    await swapRef(remote, layout.kept(place.self), keptThere, kept);
  } catch (error) {
    // Some hosts move no branch back. It is for people only: the ledger is there, and says what was kept.
    if (!(error instanceof AutoresearchError && error.code === 'REMOTE_REFUSED')) throw error;
  }
  return true;
}
