/** What a person asks for on the page ends in the ledger exactly as the same thing asked for at the command line. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { isExperiment, type LedgerRecord } from '../../src/ledger/records.ts';
import { readEntries, readRecords } from '../../src/ledger/read.ts';
import { openRepository } from '../../src/git/repository.ts';
import { problemsOf, RUN } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { change, makeNight, parked } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';
import { describeInBrowser, openPage } from './chromium.ts';
import { startRun, startUi, until } from './ui-process.ts';

type Choice = 'approve' | 'reject' | 'ask';

/** A way to tell a run what to do. */
interface Way {
  review(experiment: number, decision: Choice, note: string): Promise<void>;
  steer(text: string): Promise<void>;
  command(command: 'pause' | 'resume' | 'stop', note: string): Promise<void>;
}

const HOSTILE = '<img src=x onerror=alert(1)>';

/** A night that keeps #1, parks #2 and #3 and then goes on for longer than anybody waits; its agent is sent a prompt. */
function makeLongNight(): TestRepo {
  const rest = Array.from({ length: 500 }, (_, at) => change('a', 50 + at, { prompt: 'prompts.txt' }));
  const repo = makeNight([change('a', 5), parked('c', 4), parked('d', 4), ...rest], {
    trainer: { use: 'command', with: { run: ['sh', '-c', 'sleep 0.2; sh train.sh'] }, timeout: '60s' },
  });
  repo.git('config', 'user.name', 'Ada');
  repo.git('config', 'user.email', 'ada@example.org');
  return repo;
}

function byTerminal(cwd: string): Way {
  const say = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
  };
  const noted = (note: string): string[] => (note === '' ? [] : ['--note', note]);
  return {
    review: (experiment, decision, note) => say('review', `--${decision}`, String(experiment), ...noted(note)),
    steer: (text) => say('steer', text),
    command: (command, note) => say(command, RUN, ...noted(note)),
  };
}

/** With the keyboard alone. */
function byPage(page: Page): Way {
  const ask = async (key: string, text: string): Promise<void> => {
    await page.keyboard.press(key);
    await page.waitForSelector('dialog[open]');
    if (text !== '') await page.locator('dialog textarea').fill(text);
    await page.keyboard.press('Tab');
    await page.locator('dialog button.main').press('Enter');
    await page.waitForSelector('dialog', { state: 'detached' });
  };
  return {
    async review(experiment, decision, note) {
      await page.evaluate(`location.hash = 'open=${experiment}'`);
      await page.waitForSelector(`.actions[aria-label="decide on #${experiment}"]`);
      if (note !== '') {
        await page.keyboard.press('n');
        await page.keyboard.type(note);
        await page.keyboard.press('Escape');
      }
      await page.keyboard.press({ approve: 'a', reject: 'x', ask: 'q' }[decision]);
      await page.locator('.message', { hasText: `#${experiment}` }).waitFor();
    },
    steer: (text) => ask('s', text),
    async command(command, note) {
      if (command === 'resume') await page.locator('.bar .state', { hasText: 'paused' }).waitFor();
      if (command !== 'stop') return ask('p', note);
      await page.locator('.bar button.stop').click();
      await page.locator('dialog textarea').fill(note);
      await page.locator('dialog button.main').click();
    },
  };
}

async function recordsOf(dir: string): Promise<LedgerRecord[]> {
  const { git } = await openRepository(dir);
  const entries = await readEntries(git, RUN);
  return readRecords(
    git,
    entries.map(({ commit }) => commit),
  );
}

/** What people asked for, as it stands in the ledger, without what is another in each run: times, commits and names in the queue. */
async function askedFor(dir: string): Promise<unknown[]> {
  const same = (key: string, value: unknown): unknown => (['at', 'id', 'candidate'].includes(key) ? typeof value : value);
  const kinds = new Set(['review', 'command', 'stopped']);
  return (await recordsOf(dir)).flatMap((record): unknown[] => {
    if (isExperiment(record)) return record.proposal.hints?.length ? [{ hints: record.proposal.hints }] : [];
    return kinds.has(record.kind) ? [JSON.parse(JSON.stringify(record, same))] : [];
  });
}

async function decideAll(repo: TestRepo, way: Way, ends: readonly Promise<unknown>[]): Promise<void> {
  const has = (part: string) => until(async () => JSON.stringify(await askedFor(repo.dir)).includes(part));
  await way.review(1, 'approve', 'looks right');
  await way.review(2, 'reject', HOSTILE);
  await way.review(3, 'ask', 'why d?');
  await has('why d?');
  await way.steer('try a smaller batch');
  await has('smaller batch');
  await way.command('pause', 'lunch');
  await has('lunch');
  await way.command('resume', '');
  await has('"resume"');
  await way.command('stop', 'enough');
  await Promise.all(ends);
  // Now no process works on it, and it is recorded at once.
  await way.review(3, 'approve', '');
  await has('"approve","note":""');
}

describeInBrowser('decisions', () => {
  it('of a page and of a terminal leave the same records', async () => {
    const nights = [makeLongNight(), makeLongNight()] as const;
    const [first, second] = nights;
    const runs = nights.map(({ dir }) => startRun(dir).ended);
    for (const { dir } of nights)
      await until(async () => (await recordsOf(dir).catch(() => [])).some((record) => isExperiment(record) && record.id === 3));
    const { page, complaints } = await openPage((await startUi(first.dir)).url);
    const deciding = [decideAll(first, byPage(page), runs), decideAll(second, byTerminal(second.dir), runs)];
    await Promise.all(deciding);
    const [onPage, atTerminal] = await Promise.all(nights.map(({ dir }) => askedFor(dir)));
    expect(onPage).toEqual(atTerminal);
    expect(onPage).toHaveLength(9);
    expect(onPage?.[1]).toEqual({
      v: 1,
      kind: 'review',
      at: 'string',
      experiment: 2,
      candidate: 'string',
      decision: 'reject',
      note: HOSTILE,
      by: { name: 'Ada', email: 'ada@example.org' },
      id: 'string',
    });
    for (const { dir } of nights) expect(await problemsOf(dir)).toEqual([]);
    expect(complaints).toEqual([]);
    // The reader sees the same: decided, with the note as text.
    await page.evaluate(`location.hash = 'open=2'`);
    await page.locator('.detail .decisions', { hasText: HOSTILE }).waitFor();
    await page.locator('.bar .state', { hasText: 'enough' }).waitFor();
  });
});
