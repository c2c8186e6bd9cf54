import { join } from 'node:path';
import { AutoresearchError, messageOf, type ExitCode } from '../errors.ts';
import { lockHolder } from '../ledger/lock.ts';
import { createLog } from '../log.ts';
import { catchSignals } from '../signals.ts';
import { appendTo, nodeOfRun, type NodeOfRun } from '../swarm/net/node-of-run.ts';
import { fetchReserved } from '../swarm/net/read-reserved.ts';
import { newsIn, readOwn, readUnion, takeIn, writtenIn } from '../swarm/net/read-union.ts';
import { syncOnce } from '../swarm/net/sync.ts';
import { viewOf } from '../swarm/state.ts';
import type { SyncedRecord } from '../ledger/swarm-records.ts';
import { overviewOf } from '../swarm/overview.ts';
import { renderSwarm } from '../views/swarm.ts';
import { print, printJson, textOptions, type ReadFlags } from './read.ts';

/** Brings what the others have done here, and what was done here to them. */
export async function sync(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const log = createLog({ debug: false });
  using signals = catchSignals(log);
  const node = await nodeOfRun(process.cwd(), run);
  const place = await node.place(log.warn);
  const options = { signal: signals.signal, onProgress: log.debug };
  const { opening, nodes, leftOut, unpublished, listed } = await syncOnce(place, node.opening, options);
  const found = await readUnion(place, opening, node.cache);
  const isWorkedOn = lockHolder(join(node.runDir, 'lock')) !== null;
  // For `status --swarm`. A process that works on the run does it itself.
  if (!isWorkedOn) await fetchReserved(place, listed, options).catch((error: unknown) => log.debug(messageOf(error)));
  const news = isWorkedOn ? null : newsIn(found.union, await writtenIn(place, found.union), node.facts.node);
  if (news !== null && (await writeNews(node, news))) {
    const again = await syncOnce(place, opening, options);
    await takeIn(place.repository.git, found, again.nodes);
    await readOwn(place, found);
  }
  for (const { id, problems } of nodes) for (const { code, text } of problems) log.warn(`node ${id}: ${code}: ${text}`);
  if (leftOut > 0) log.warn(`${leftOut} more nodes are at the remote than are fetched`);
  const { state } = viewOf(found.union);
  const overview = overviewOf(state);
  if (flags.json) printJson(overview);
  else print(renderSwarm(overview, opening.facts.objective.label, textOptions()));
  if (unpublished !== null) throw unpublished;
  return 0;
}

/** False where a process works on the run: it writes that down itself. */
async function writeNews(node: NodeOfRun, news: SyncedRecord): Promise<boolean> {
  try {
    await appendTo(node, news);
    return true;
  } catch (error) {
    if (error instanceof AutoresearchError && error.code === 'RUN_LOCKED') return false;
    throw error;
  }
}
