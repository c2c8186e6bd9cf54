import { AutoresearchError } from '../../errors.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { listRefs, swapRef } from '../../git/remote/refs.ts';
import { fetchNodes, ledgersHere, type Fetched } from './fetch.ts';
import { layoutOf } from './layout.ts';
import type { Opening } from './opening.ts';
import { remoteOf, type SwarmPlace } from './place.ts';
import { publish } from './publish.ts';

export interface SyncResult extends Fetched {
  /** Had the remote not got all of this node's ledger? */
  readonly isPublished: boolean;
  /** Why this node's ledger could not go to the remote; what others did has come all the same. */
  readonly unpublished: AutoresearchError | null;
  /** What the remote had, by ref. */
  readonly listed: ReadonlyMap<string, string>;
}

/**
 * Brings what the others have done here, and what this node has done to the remote. What fails leaves both as they were.
 * @throws AutoresearchError SWARM_EXISTS, REMOTE_UNREACHABLE, REMOTE_DENIED, REMOTE_REFUSED, where nothing could be fetched either
 */
export async function syncOnce(place: SwarmPlace, opening: Opening, options: RemoteOptions = {}): Promise<SyncResult> {
  const layout = layoutOf(place.run, place.namespace);
  const [listed, here] = await Promise.all([
    listRefs(remoteOf(place, options), [layout.prefix]),
    ledgersHere(place.repository.git, place.run),
  ]);
  await putOpening(place, opening, listed, options);
  const fetched = await fetchNodes(place, opening, { listed, here }, options);
  try {
    return { ...fetched, listed, isPublished: await publish(place, { listed, here }, options), unpublished: null };
  } catch (error) {
    if (!(error instanceof AutoresearchError)) throw error;
    return { ...fetched, listed, isPublished: false, unpublished: error };
  }
}

/** Who opened the run brings its opening, and each new list of nodes, to the remote. */
async function putOpening(place: SwarmPlace, opening: Opening, listed: ReadonlyMap<string, string>, options: RemoteOptions): Promise<void> {
  const { repository, run, key } = place;
  const ref = layoutOf(run, place.namespace).opening;
  const there = listed.get(ref) ?? null;
  if (there === opening.tip || opening.facts.by !== key.publicKey) return;
  const isOlder =
    there === null || (await repository.git.ask(['merge-base', '--is-ancestor', there, opening.tip], { accept: [1, 128] })).code === 0;
  if (!isOlder || !(await swapRef(remoteOf(place, options), ref, there, opening.tip))) {
    throw new AutoresearchError('SWARM_EXISTS', `the remote has a run "${run}" that was opened by somebody else, or elsewhere`, {
      hint: `take part in it: autoresearch join ADDRESS --run ${run}; or start one under another name: autoresearch run --name OTHER`,
    });
  }
}
