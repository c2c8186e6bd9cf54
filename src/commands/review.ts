import { AutoresearchError, type ExitCode } from '../errors.ts';
import { readDiffs } from '../git/diffs.ts';
import type { Decision } from '../ledger/review-records.ts';
import { createLog } from '../log.ts';
import { readRecords } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import type { ReviewFlags } from '../program-review.ts';
import type { RunDecision, Reviewer } from '../plugin.ts';
import { enqueueDecisions, type Submitted } from '../review/submit.ts';
import { isOpen, reviewQueueOf, type Reviewable } from '../review/queue.ts';
import { findReviewer } from '../review/reviewer.ts';
import { walk, type Stop } from '../review/walk.ts';
import { painter } from '../views/paint.ts';
import { renderReviewCard, renderReviewList } from '../views/review-card.ts';
import { reviewText } from '../views/reviews.ts';
import { paintDiff, renderExperiment } from '../views/show.ts';
import { printable } from '../views/text.ts';
import { openRun, print, printJson, textOptions } from './read.ts';

interface Asked {
  readonly experiment: number;
  readonly decision: Decision;
  readonly note: string;
}

type Opened = Awaited<ReturnType<typeof openRun>>;

export async function review(run: string | undefined, flags: ReviewFlags): Promise<ExitCode> {
  const asked = askedBy(flags);
  if (asked.length > 0) return decideNow(run, asked, flags);
  if (flags.note !== undefined) {
    throw new AutoresearchError('USAGE', '--note says why, but nothing is decided', { hint: '--approve 12 --note "…"' });
  }
  const opened = await openRun(run);
  const queue = reviewQueueOf(opened.record);
  if (flags.json) printJson(await itemsOf(opened, queue));
  else if (process.stdin.isTTY && process.stdout.isTTY) await walkThrough(opened, queue, flags);
  else {
    print(renderReviewList(queue, textOptions()));
    const open = queue.filter(isOpen).map(({ row }) => row.id);
    if (open.length > 0)
      print(`\nwithout a terminal, decide with: autoresearch review ${opened.record.run} --approve ${open.join(',')} --note "why"`);
  }
  return 0;
}

function askedBy({ approve = [], reject = [], ask = [], note = '' }: ReviewFlags): Asked[] {
  const asked = [
    ...approve.map((experiment) => ({ experiment, decision: 'approve', note }) as const),
    ...reject.map((experiment) => ({ experiment, decision: 'reject', note }) as const),
    ...ask.map((experiment) => ({ experiment, decision: 'ask', note }) as const),
  ];
  const twice = asked.find(({ experiment }, index) => asked.findIndex((other) => other.experiment === experiment) !== index);
  if (twice) throw new AutoresearchError('USAGE', `#${twice.experiment} is decided twice`, { hint: 'name each experiment once' });
  return asked;
}

async function decideNow(run: string | undefined, asked: readonly Asked[], flags: ReviewFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const by = await findReviewer(repository.git, flags.as);
  const done = await decide(record.run, by, asked);
  if (flags.json) printJson(done.map((one) => (one.state === 'recorded' ? one.record : { v: 1, kind: 'queued', ...one })));
  else print(done.map(submittedText).join('\n'));
  return 0;
}

function decide(run: string, by: Reviewer, asked: readonly Asked[]): Promise<Submitted[]> {
  const decisions = asked.map((one): RunDecision => ({ kind: 'review', ...one, by }));
  return enqueueDecisions({ cwd: process.cwd(), run, warn: createLog({ debug: false }).warn }, decisions);
}

function submittedText(one: Submitted): string {
  if (one.state === 'recorded') return `#${one.record.experiment} ${reviewText(one.record)}`;
  const { decision } = one;
  const what = decision.kind === 'review' ? `#${decision.experiment} ${decision.decision}` : decision.kind;
  return `${what}: queued; the process that works on the run records it between two experiments`;
}

/** What a program needs to decide, with the whole record of each change. */
async function itemsOf({ repository, record }: Opened, queue: readonly Reviewable[]) {
  const experiments = await experimentsOf({ repository, record }, queue);
  const diffs = await readDiffs(repository.git, [...experiments.values()]);
  return queue.map(({ row, ...item }) => ({
    id: row.id,
    title: row.title,
    ...item,
    diff: diffs.get(row.id) ?? '',
    experiment: experiments.get(row.id),
  }));
}

async function experimentsOf({ repository, record }: Opened, queue: readonly Reviewable[]) {
  const commits = queue.map(({ row }) => record.commits.get(row.id) ?? '');
  const experiments = (await readRecords(repository.git, commits)).filter(isExperiment);
  return new Map(experiments.map((experiment) => [experiment.id, experiment]));
}

async function walkThrough(opened: Opened, queue: readonly Reviewable[], flags: ReviewFlags): Promise<void> {
  const { record, repository } = opened;
  const chosen = queue.filter((item) => flags.all === true || isOpen(item));
  if (chosen.length === 0) {
    print(`${renderReviewList(queue, textOptions())}\nnothing waits for a decision; to go through all of them again: --all`);
    return;
  }
  const by = await findReviewer(repository.git, flags.as);
  const stops = await stopsOf(opened, chosen, async (asked) => {
    const [made] = await decide(record.run, by, [asked]);
    return made ? submittedText(made) : '';
  });
  const recorded = await walk(stops, process.stdin, process.stdout);
  const next = recorded > 0 ? `; a branch of what is approved: autoresearch promote ${record.run} --branch NAME` : '';
  print(`\n${recorded} of ${chosen.length} decided${next}`);
}

async function stopsOf(
  opened: Opened,
  chosen: readonly Reviewable[],
  recordIt: (asked: Asked) => Promise<string>,
): Promise<readonly Stop[]> {
  const { objective } = opened.record.opening;
  const experiments = await experimentsOf(opened, chosen);
  const diffs = await readDiffs(opened.repository.git, [...experiments.values()]);
  const options = textOptions();
  return chosen.flatMap((item, index): Stop[] => {
    const experiment = experiments.get(item.row.id);
    if (experiment === undefined) return [];
    const diff = diffs.get(experiment.id) ?? '';
    return [
      {
        card: renderReviewCard({ item, experiment, diff, objective, position: `${index + 1} of ${chosen.length}` }, options),
        diff: () => paintDiff(printable(diff), painter(options.colour)),
        whole: () => renderExperiment(experiment, objective, { ...options, diff, reviews: item.reviews, isRolledBack: item.isRolledBack }),
        record: (answer) => recordIt({ experiment: experiment.id, ...answer }),
      },
    ];
  });
}
