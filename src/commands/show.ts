import { AutoresearchError, type ExitCode } from '../errors.ts';
import { readDiffs } from '../git/diffs.ts';
import { readRecords } from '../ledger/read.ts';
import { isExperiment, trustOfRun } from '../ledger/records.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import type { ReadFlags } from './read.ts';
import { auditsOf, rolledBack } from '../views/incumbent-steps.ts';
import { renderExperiment } from '../views/show.ts';
import { openRun, print, printJson, textOptions } from './read.ts';

export async function show(id: string, flags: ReadFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(flags.run);
  const commit = record.commits.get(Number(id.replace(/^#/, '')));
  if (commit === undefined) {
    throw new AutoresearchError('EXPERIMENT_NOT_FOUND', `run ${record.run} has no experiment ${id}`, {
      hint: `it has ${record.summaries.length}; list them: autoresearch log ${record.run}`,
    });
  }
  const [experiment] = (await readRecords(repository.git, [commit])).filter(isExperiment);
  if (experiment === undefined)
    throw new AutoresearchError('LEDGER_BROKEN', `ledger commit ${commit} holds no experiment`, { hint: 'autoresearch verify' });
  if (flags.json) {
    printJson(experiment);
    return 0;
  }
  const diff = (await readDiffs(repository.git, [experiment])).get(experiment.id);
  const isRolledBack = rolledBack(record.summaries, auditsOf(record.sessions)).has(experiment.id);
  const reviews = reviewsOf(record.sessions).get(experiment.id) ?? [];
  print(
    renderExperiment(experiment, record.opening.objective, {
      trust: trustOfRun(record.opening),
      ...textOptions(),
      isRolledBack,
      reviews,
      ...(diff === undefined ? {} : { diff }),
    }),
  );
  return 0;
}
