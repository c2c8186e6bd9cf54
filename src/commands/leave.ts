import type { ExitCode } from '../errors.ts';
import { createLog } from '../log.ts';
import { catchSignals } from '../signals.ts';
import { appendTo, nodeOfRun } from '../swarm/net/node-of-run.ts';
import { syncOnce } from '../swarm/net/sync.ts';
import { print, type ReadFlags } from './read.ts';

/** Says in the node's ledger that it takes part no longer, and brings that to the others. What it has found stays. */
export async function leave(run: string | undefined, _flags: ReadFlags): Promise<ExitCode> {
  const log = createLog({ debug: false });
  using signals = catchSignals(log);
  const node = await nodeOfRun(process.cwd(), run);
  await appendTo(node, { v: 1, kind: 'left', at: new Date().toISOString() });
  const { unpublished } = await syncOnce(await node.place(log.warn), node.opening, { signal: signals.signal });
  if (unpublished !== null) throw unpublished;
  print(
    `${node.facts.node} has left ${node.record.run}; what it has found stays with the others. To come back: autoresearch resume ${node.record.run}`,
  );
  return 0;
}
