import { AutoresearchError } from '../errors.ts';
import { readDiffs } from '../git/diffs.ts';
import { listRuns } from '../ledger/find-run.ts';
import { describe, experimentOf } from './experiment.ts';
import { statusOf } from './read-tools.ts';
import { cutText, type Context, type Opened } from './tool.ts';

/** A client shows a resource whole: no more than this of a diff. */
const MOST_DIFF = 100_000;
/** So many of the last experiments are listed; all can be read. */
const MOST_LISTED = 50;

interface Listed {
  readonly name: string;
  readonly uri: string;
}

/** Something of a run that has an address, so that a person can hand it to an agent. */
export interface Resource {
  readonly name: string;
  /** As RFC 6570 has it; `run` is the name of the run, `experiment` a number. */
  readonly template: string;
  readonly description: string;
  readonly mimeType: string;
  /** A proposing agent may have it. */
  readonly isForAgents?: boolean;
  list(context: Context): Promise<Listed[]>;
  read(opened: Opened, experiment: string | undefined, context: Context): Promise<string>;
}

const BASE = 'autoresearch://runs/{run}';
const uriOf = (run: string, rest: string) => `autoresearch://runs/${encodeURIComponent(run)}/${rest}`;

const status: Resource = {
  name: 'status',
  template: `${BASE}/status`,
  description: 'Where a run stands, as JSON.',
  mimeType: 'application/json',
  async list(context) {
    const { repository } = await context.open();
    const runs = await listRuns(repository.git);
    return runs.map((run) => ({ name: `${run}: status`, uri: uriOf(run, 'status') }));
  },
  read: (opened, _, context) => Promise.resolve(JSON.stringify(statusOf(opened, context))),
};

const experiment: Resource = {
  name: 'experiment',
  template: `${BASE}/experiments/{experiment}`,
  description: 'One experiment as JSON: why it was tried, its metrics and trials, what each gate said.',
  mimeType: 'application/json',
  isForAgents: true,
  async list(context) {
    const { record } = await context.open();
    const last = record.summaries.slice(-MOST_LISTED).toReversed();
    return last.map(({ id, title }) => ({ name: `${record.run} #${id}: ${title}`, uri: uriOf(record.run, `experiments/${id}`) }));
  },
  read: async (opened, id, { isBlind }) => JSON.stringify(describe(await experimentOf(opened, numberOf(opened, id)), isBlind)),
};

const diff: Resource = {
  name: 'diff',
  template: `${BASE}/experiments/{experiment}/diff`,
  description: `What an experiment changed, as git prints it, at most ${MOST_DIFF} characters.`,
  mimeType: 'text/x-diff',
  isForAgents: true,
  list: () => Promise.resolve([]),
  async read(opened, id) {
    const found = await experimentOf(opened, numberOf(opened, id));
    const { text, total } = cutText((await readDiffs(opened.repository.git, [found])).get(found.id) ?? '', 0, MOST_DIFF);
    return total === undefined ? text : `${text}(cut: the whole diff has ${total} characters)\n`;
  },
};

export const RESOURCES: readonly Resource[] = [status, experiment, diff];

function numberOf({ record }: Opened, text = ''): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AutoresearchError('EXPERIMENT_NOT_FOUND', `run ${record.run} has no experiment ${JSON.stringify(text)}`, {
    hint: 'experiments are named by their numbers, from 0',
  });
}
