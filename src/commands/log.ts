import type { ExitCode } from '../errors.ts';
import { readExperiments } from '../ledger/read.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import type { ReadFlags } from '../program.ts';
import { auditsOf } from '../views/course.ts';
import { renderLogTsv } from '../views/log-tsv.ts';
import { renderLog, renderRank } from '../views/log.ts';
import { openRun, print, printJson, textOptions } from './read.ts';

export async function log(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
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
