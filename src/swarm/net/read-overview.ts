import type { Git } from '../../git/git.ts';
import type { RunRecord } from '../../ledger/read.ts';
import { overviewOf, type SwarmOverview } from '../overview.ts';
import { viewOf } from '../state.ts';
import { nodeOfRun } from './node-of-run.ts';
import { readUnion } from './read-union.ts';

type Run = Pick<RunRecord, 'run' | 'opening'>;

/** All nodes together, by what is here; null where the run is of this machine alone. */
export async function readOverview(cwd: string, { run, opening }: Run): Promise<SwarmOverview | null> {
  if (opening.swarm === undefined) return null;
  const node = await nodeOfRun(cwd, run);
  return overviewOf(viewOf((await readUnion(node.here, node.opening, node.cache)).union).state);
}

/** The same for whoever asks again and again: it is only read anew where a ledger of the swarm has grown. */
export function overviewReader(git: Git, cwd: string, record: Run): () => Promise<SwarmOverview | null> {
  let [refs, last]: [string | null, SwarmOverview | null] = [null, null];
  return async () => {
    if (record.opening.swarm === undefined) return null;
    const now = await git.run(['for-each-ref', '--format=%(refname) %(objectname)', `refs/autoresearch/${record.run}/`]);
    if (now !== refs) last = await readOverview(cwd, record);
    refs = now;
    return last;
  };
}
