/** Reads from the ledger and git what the page shows of single experiments, and of all of them. */
import { readDiffs } from '../git/diffs.ts';
import type { Git } from '../git/git.ts';
import type { SettledExperiment } from '../experiment.ts';
import { readLogs, readObjects, readRecords, type RunRecord } from '../ledger/read.ts';
import { isExperiment, type OpeningRecord } from '../ledger/records.ts';
import { pageDetail, type DetailInput } from './detail.ts';
import type { PageDetail } from './detail-model.ts';
import type { PageSource } from './source.ts';

type Commits = Pick<RunRecord, 'commits'>;

/** The whole records of some experiments, by id; those that are not there are left out. */
export async function readExperimentsById(git: Git, { commits }: Commits, ids: readonly number[]): Promise<Map<number, SettledExperiment>> {
  const found = [...new Set(ids)].flatMap((id) => commits.get(id) ?? []);
  const records = (await readRecords(git, found)).filter(isExperiment);
  return new Map(records.map((record) => [record.id, record]));
}

/** Details of experiments, with the curves of the incumbents they were compared with. */
export async function readDetails(
  git: Git,
  record: RunRecord,
  source: PageSource,
  ids: readonly number[],
): Promise<Map<number, PageDetail>> {
  const experiments = await readExperimentsById(git, record, ids);
  const others = [...experiments.values()].flatMap(({ incumbent }) => (incumbent && !experiments.has(incumbent.id) ? [incumbent.id] : []));
  const incumbents = await readExperimentsById(git, record, others);
  const diffs = await readDiffs(git, [...experiments.values()]);
  const told = [...experiments.values()].filter(({ verdict }) => verdict !== 'discard').map(({ id }) => id);
  const logs = await readLogs(git, record, told);
  return new Map(
    [...experiments].map(([id, experiment]) => {
      const reference = experiment.incumbent?.id;
      const input: DetailInput = {
        experiment,
        diff: diffs.get(id) ?? '',
        log: logs.get(id) ?? '',
        incumbent: reference === undefined ? null : (experiments.get(reference) ?? incumbents.get(reference) ?? null),
      };
      return [id, pageDetail(source, input)];
    }),
  );
}

/** The direction as the user wrote it, from the commit that the run started from; empty where there is none. */
export async function readProgram(git: Git, { base, projectPrefix, config }: OpeningRecord): Promise<string> {
  if (config.program === undefined) return '';
  const [object] = await readObjects(git, [`${base}:${projectPrefix}${config.program.replace(/^\.\//, '')}`]);
  return object?.type === 'blob' ? object.text : '';
}
