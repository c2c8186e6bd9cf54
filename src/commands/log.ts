import { AutoresearchError, type ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { findRun } from '../ledger/find-run.ts';
import { readExperiments } from '../ledger/read.ts';
import { readShortRows } from '../ledger/read-short.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import type { ReadFlags } from './read.ts';
import { auditsOf } from '../views/incumbent-steps.ts';
import { renderLogTsv } from '../views/log-tsv.ts';
import { renderLog, renderRank } from '../views/log.ts';
import { packRows, renderPacked } from '../views/packed-rows.ts';
import { openRun, print, printJson, textOptions } from './read.ts';

export async function log(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  if (flags.swarm || flags.node !== undefined) return (await import('./log-swarm.ts')).logSwarm(run, flags);
  if (flags.short) return short(run, flags);
  if (flags.since !== undefined || flags.limit !== undefined)
    throw new AutoresearchError('USAGE', '--since and --limit choose among short rows', { hint: 'autoresearch log --json --short' });
  const { repository, record } = await openRun(run);
  const { summaries, opening } = record;
  if (flags.json) printJson(await readExperiments(repository.git, record));
  else if (flags.tsv) print(renderLogTsv(summaries, opening.objective.label));
  else {
    const options = { ...textOptions(), audits: auditsOf(record.sessions), reviews: reviewsOf(record.sessions) };
    print((flags.rank ? renderRank : renderLog)(summaries, opening.objective, options));
  }
  return 0;
}

/** For programs: rows of some 80 bytes, from the summaries in the ledger's commits. */
async function short(name: string | undefined, { json, since, limit }: ReadFlags): Promise<ExitCode> {
  if (!json) throw new AutoresearchError('USAGE', '--short is for programs', { hint: 'autoresearch log --json --short' });
  const { git } = await openRepository(process.cwd());
  const run = await findRun(git, name);
  const { rows, total } = await readShortRows(git, run, {
    ...(since !== undefined && { since }),
    ...(limit !== undefined && { limit }),
  });
  print(renderPacked({ v: 1, run, total, ...packRows(rows) }));
  return 0;
}
