import type { ExitCode } from '../errors.ts';
import { nodeOfRun } from '../swarm/net/node-of-run.ts';
import { readReserved } from '../swarm/net/read-reserved.ts';
import { readUnion } from '../swarm/net/read-union.ts';
import { viewOf } from '../swarm/state.ts';
import { overviewOf } from '../swarm/overview.ts';
import { reservedText } from '../views/reserved.ts';
import { renderSwarm } from '../views/swarm.ts';
import { print, printJson, textOptions, type ReadFlags } from './read.ts';

/** Where all nodes together stand, and who measures what, by what is here. */
export async function statusSwarm(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { here, opening, cache } = await nodeOfRun(process.cwd(), run);
  const { union } = await readUnion(here, opening, cache);
  const overview = overviewOf(viewOf(union).state);
  const reserved = await readReserved(here, opening, union);
  if (flags.json) printJson({ ...overview, reserved });
  else print([renderSwarm(overview, opening.facts.objective.label, textOptions()), ...reservedText(reserved, Date.now())].join('\n\n'));
  return 0;
}
