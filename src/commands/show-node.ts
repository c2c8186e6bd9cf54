import type { SettledExperiment } from '../experiment.ts';
import { AutoresearchError } from '../errors.ts';
import type { RunRecord } from '../ledger/read.ts';
import { readForeignRecord } from '../swarm/net/foreign-change.ts';
import { nodeOfRun } from '../swarm/net/node-of-run.ts';
import { readUnion } from '../swarm/net/read-union.ts';
import type { Origin } from '../swarm/model.ts';
import { originOf } from '../swarm/names.ts';
import { swarmRows, type SwarmRow } from '../swarm/overview.ts';
import { viewOf } from '../swarm/state.ts';

export interface InSwarm {
  readonly row: SwarmRow;
  /** Its record; null where it is not in the form that records have. */
  readonly experiment: SettledExperiment | null;
}

/** An experiment of any node, as all of them see it. @throws AutoresearchError EXPERIMENT_NOT_FOUND, SWARM_NOT_JOINED */
export async function findInSwarm(cwd: string, { run }: Pick<RunRecord, 'run'>, origin: Origin): Promise<InSwarm> {
  const { here, opening, cache, repository } = await nodeOfRun(cwd, run);
  const { state } = viewOf((await readUnion(here, opening, cache)).union);
  const found = state.experiments.find((each) => originOf(each) === origin);
  const [row] = found === undefined ? [] : swarmRows({ ...state, experiments: [found] });
  if (found === undefined || row === undefined) {
    throw new AutoresearchError('EXPERIMENT_NOT_FOUND', `no experiment ${origin} is known here`, {
      hint: 'list them: autoresearch log --swarm; new ones come with: autoresearch sync',
    });
  }
  return { row, experiment: await readForeignRecord(repository.git, found.entry) };
}
