import type { ExitCode } from '../errors.ts';
import { nodeOfRun } from '../swarm/net/node-of-run.ts';
import { readUnion } from '../swarm/net/read-union.ts';
import { viewOf } from '../swarm/state.ts';
import { overviewOf } from '../swarm/overview.ts';
import { renderSwarm } from '../views/swarm.ts';
import { print, printJson, textOptions, type ReadFlags } from './read.ts';

/** Where all nodes together stand, by what is here. */
export async function statusSwarm(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { here, opening, cache } = await nodeOfRun(process.cwd(), run);
  const { state } = viewOf((await readUnion(here, opening, cache)).union);
  const overview = overviewOf(state);
  if (flags.json) printJson(overview);
  else print(renderSwarm(overview, opening.facts.objective.label, textOptions()));
  return 0;
}
