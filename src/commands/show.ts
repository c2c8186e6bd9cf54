import { AutoresearchError, type ExitCode } from '../errors.ts';
import { readDiffs } from '../git/diffs.ts';
import { readRecords } from '../ledger/read.ts';
import { isExperiment, trustOfRun } from '../ledger/records.ts';
import { reviewsOf } from '../ledger/reviews.ts';
import type { ReadFlags } from './read.ts';
import { auditsOf, rolledBack } from '../views/incumbent-steps.ts';
import { renderExperiment } from '../views/show.ts';
import { readOrigin } from '../swarm/names.ts';
import { findInSwarm } from './show-node.ts';
import { openRun, print, printJson, textOptions } from './read.ts';

export async function show(id: string, flags: ReadFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(flags.run);
  const { swarm } = record.opening;
  const origin = readOrigin(id);
  if (origin !== null && origin.node !== swarm?.node) return showOfNode(id, { repository, record, flags });
  const number = origin?.id ?? Number(id.replace(/^#/, ''));
  const commit = record.commits.get(number);
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
  // What is not there yet of the others keeps nothing of one's own from being shown.
  const found = swarm && (await findInSwarm(repository.top, record, `${swarm.node}#${number}`).catch(() => undefined));
  const reviews = reviewsOf(record.sessions).get(experiment.id) ?? [];
  print(
    renderExperiment(experiment, record.opening.objective, {
      trust: trustOfRun(record.opening),
      ...textOptions(),
      isRolledBack,
      swarm: found?.row,
      reviews,
      ...(diff === undefined ? {} : { diff }),
    }),
  );
  return 0;
}

/** One of another node: by what has come of it. */
async function showOfNode(
  origin: string,
  { repository: { git, top }, record, flags }: Awaited<ReturnType<typeof openRun>> & { readonly flags: ReadFlags },
): Promise<ExitCode> {
  const { row, experiment } = await findInSwarm(top, record, origin);
  if (experiment === null) {
    throw new AutoresearchError('LEDGER_BROKEN', `the record of ${origin} is not in the form that records have`, {
      hint: 'nothing is wrong here: ask the owner of the node; what is known of it: autoresearch log --swarm',
    });
  }
  if (flags.json) {
    printJson({ ...experiment, swarm: row });
    return 0;
  }
  const diffs = await readDiffs(git, [experiment]).catch(() => null);
  const diff = diffs?.get(experiment.id);
  print(renderExperiment(experiment, record.opening.objective, { ...textOptions(), swarm: row, ...(diff === undefined ? {} : { diff }) }));
  return 0;
}
