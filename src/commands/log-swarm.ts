import { AutoresearchError, type ExitCode } from '../errors.ts';
import { nodeOfRun } from '../swarm/net/node-of-run.ts';
import { readUnion } from '../swarm/net/read-union.ts';
import { swarmRows } from '../swarm/overview.ts';
import { viewOf } from '../swarm/state.ts';
import { renderSwarmLog } from '../views/swarm-log.ts';
import { print, printJson, textOptions, type ReadFlags } from './read.ts';

/** The experiments of all nodes, or of one of them, by what is here. */
export async function logSwarm(run: string | undefined, { node, json, limit }: ReadFlags): Promise<ExitCode> {
  const { here, opening, cache } = await nodeOfRun(process.cwd(), run);
  const { state } = viewOf((await readUnion(here, opening, cache)).union);
  if (node !== undefined && !state.nodes.some(({ id }) => id === node)) {
    const known = state.nodes.map(({ id }) => id).join(', ');
    throw new AutoresearchError('USAGE', `no node ${node} is known here`, {
      hint: `there are ${known}; new ones come with: autoresearch sync`,
    });
  }
  const all = swarmRows(state).filter((row) => node === undefined || row.node === node);
  const rows = limit === undefined ? all : all.slice(Math.max(0, all.length - limit));
  if (json) printJson(rows);
  else print(renderSwarmLog(rows, opening.facts.objective, textOptions()));
  return 0;
}
