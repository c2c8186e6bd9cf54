import { readDiffs } from '../git/diffs.ts';
import type { Summary } from '../plugin.ts';
import { describe, experimentOf } from './experiment.ts';
import { cut, cutText, page, RUN, type Context, type Opened, type Tool } from './tool.ts';

/** A page of a diff: a model reads no more at once. */
const MOST_DIFF = 12_000;
const VERDICTS = ['keep', 'discard', 'crash', 'review'];
const ID = (what: string) => ({ type: 'integer', minimum: 0, description: what });

const rowOf = ({ id, verdict, reason, title, score, delta, agent }: Summary) => ({
  id,
  verdict,
  code: reason.code,
  title,
  score,
  delta,
  agent,
});

/** With the end of the record, after which `wait` can wait for more. */
export function statusOf(opened: Opened, context: Context): object {
  return { ...context.status(opened), tip: opened.record.tip };
}

const status: Tool = {
  name: 'status',
  description:
    'Where a run stands: whether it works, the gain as audited and by its own scores, counts, budget, what waits for a decision.',
  properties: { run: RUN },
  async call({ run }, context) {
    return statusOf(await context.open(run as string | undefined), context);
  },
};

const list: Tool = {
  name: 'list',
  description: 'Experiments of a run, a short row each, the last one first. `next` is the offset of the next page.',
  properties: { run: RUN, verdict: { type: 'string', enum: VERDICTS, description: 'Only those with this verdict.' }, ...page(100, 20) },
  isForAgents: true,
  async call({ run, verdict, offset, limit }, context) {
    const { record } = await context.open(run as string | undefined);
    const rows = record.summaries.filter((row) => verdict === undefined || row.verdict === verdict).toReversed();
    return {
      run: record.run,
      objective: record.opening.objective,
      ...cut(rows.map(rowOf), { offset: offset as number, limit: limit as number }),
    };
  },
};

const search: Tool = {
  name: 'search',
  description:
    'Experiments whose title, reason, agent or params hold all of these words, the last one first. To see whether something was tried before.',
  properties: { words: { type: 'string', minLength: 1, maxLength: 200, description: 'Words, in any order.' }, run: RUN, ...page(100, 20) },
  required: ['words'],
  isForAgents: true,
  async call({ words, run, offset, limit }, context) {
    const { record } = await context.open(run as string | undefined);
    const wanted = (words as string).toLowerCase().split(/\s+/).filter(Boolean);
    const found = record.summaries.filter((row) => {
      const text = `${row.title} ${row.reason.code} ${row.reason.text} ${row.agent} ${JSON.stringify(row.params ?? {})}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
    return { run: record.run, ...cut(found.toReversed().map(rowOf), { offset: offset as number, limit: limit as number }) };
  },
};

const show: Tool = {
  name: 'show',
  description: 'One experiment: why it was tried, its metrics and trials, what each gate said. Its diff is another tool.',
  properties: { experiment: ID('Its number.'), run: RUN },
  required: ['experiment'],
  isForAgents: true,
  async call({ experiment, run }, context) {
    return describe(await experimentOf(await context.open(run as string | undefined), experiment as number), context.isBlind);
  },
};

const diff: Tool = {
  name: 'diff',
  description: `What an experiment changed, as git prints it, at most ${MOST_DIFF} characters; \`next\` is the offset of the rest.`,
  properties: { experiment: ID('Its number.'), run: RUN, offset: page(1, 1).offset },
  required: ['experiment'],
  isForAgents: true,
  async call({ experiment, run, offset }, context) {
    const opened = await context.open(run as string | undefined);
    const found = await experimentOf(opened, experiment as number);
    const text = (await readDiffs(opened.repository.git, [found])).get(found.id) ?? '';
    return cutText(text, offset as number, MOST_DIFF);
  },
};

const compare: Tool = {
  name: 'compare',
  description: 'Two experiments side by side: verdicts, params and metrics with their differences, and the diff between their commits.',
  properties: { a: ID('The first one, such as 0 for the baseline.'), b: ID('The second one.'), run: RUN },
  required: ['a', 'b'],
  isForAgents: true,
  async call({ a, b, run }, context) {
    const opened = await context.open(run as string | undefined);
    const [first, second] = [await experimentOf(opened, a as number), await experimentOf(opened, b as number)];
    const names = [...new Set([...Object.keys(first.metrics), ...Object.keys(second.metrics)])];
    const metrics = names.map((name) => {
      const [from, to] = [first.metrics[name], second.metrics[name]];
      return { name, a: from ?? null, b: to ?? null, difference: from === undefined || to === undefined ? null : to - from };
    });
    const side = ({ id, verdict, reason, proposal, score }: typeof first) => ({
      id,
      verdict,
      reason: reason.text,
      title: proposal.title,
      params: proposal.params,
      score: score?.value ?? null,
    });
    const between = first.candidate && second.candidate ? [{ id: second.id, parent: first.candidate, candidate: second.candidate }] : [];
    const text = (await readDiffs(opened.repository.git, between)).get(second.id) ?? '';
    return { objective: opened.record.opening.objective, a: side(first), b: side(second), metrics, diff: cutText(text, 0, MOST_DIFF) };
  },
};

export const READ_TOOLS: readonly Tool[] = [status, list, search, show, diff, compare];
