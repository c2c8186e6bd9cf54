import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerRef } from '../ledger/ledger.ts';
import { isOpen, reviewQueueOf } from '../review/queue.ts';
import { cut, page, RUN, type Opened, type Tool } from './tool.ts';

/** Clients give up after a minute. */
const LONGEST_WAIT_S = 50;
const LOOK_MS = 500;

const waiting: Tool = {
  name: 'waiting',
  description: 'Changes that wait for a decision of a person, the most valuable first, with the estimated gain and why they wait.',
  properties: { run: RUN, ...page(50, 10) },
  async call({ run, offset, limit }, context) {
    const { record } = await context.open(run as string | undefined);
    const open = reviewQueueOf(record).filter(isOpen);
    const items = open.map(({ row, isParked, estimated, worth, standing }) => ({
      id: row.id,
      title: row.title,
      verdict: row.verdict,
      reason: row.reason.text,
      isParked,
      standing,
      score: row.score,
      delta: row.delta,
      worth,
      estimated,
    }));
    return { run: record.run, ...cut(items, { offset: offset as number, limit: limit as number }) };
  },
};

const wait: Tool = {
  name: 'wait',
  description:
    'Waits until something is recorded after `tip` (from `status` or the last `wait`), and says what. Ends without a change after the time given.',
  properties: {
    tip: { type: 'string', pattern: '^[0-9a-f]{40,64}$', description: 'What was seen last; without it the present.' },
    seconds: { type: 'integer', minimum: 1, maximum: LONGEST_WAIT_S, default: 30, description: 'How long at most.' },
    run: RUN,
  },
  async call({ tip, seconds, run }, context) {
    const before = await context.open(run as string | undefined);
    const since = (tip as string | undefined) ?? before.record.tip;
    const end = performance.now() + 1000 * (seconds as number);
    while ((await tipOf(before)) === since) {
      if (performance.now() + LOOK_MS > end) return { run: before.record.run, tip: since, changed: false };
      await sleep(LOOK_MS);
    }
    const { record } = await context.open(before.record.run);
    const known = tip === undefined ? new Set(before.record.summaries.map(({ id }) => id)) : await idsUpTo(before, since);
    const added = record.summaries.filter(({ id }) => !known.has(id));
    const settled = added.slice(-20).map(({ id, verdict, title, score, delta }) => ({ id, verdict, title, score, delta }));
    return { run: record.run, tip: record.tip, changed: true, settled, ...(added.length > 20 && { more: added.length - 20 }) };
  },
};

async function tipOf({ repository, record }: Opened): Promise<string> {
  return (await repository.git.run(['rev-parse', ledgerRef(record.run)])).trim();
}

/** Experiments that were recorded when the ledger ended there; none for a commit it does not have. */
async function idsUpTo({ repository, record }: Opened, tip: string): Promise<Set<number>> {
  const { code, out } = await repository.git.ask(['rev-list', '--first-parent', tip, '--'], { accept: [128] });
  const commits = new Set(code === 0 ? out.split('\n') : []);
  return new Set([...record.commits].flatMap(([id, commit]) => (commits.has(commit) ? [id] : [])));
}

export const WATCH_TOOLS: readonly Tool[] = [waiting, wait];
