import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditLogOf, type AuditLog } from '../../src/review/audit-log.ts';
import { renderAuditCsv } from '../../src/review/audit-log-csv.ts';
import { renderAuditMarkdown } from '../../src/review/audit-log-md.ts';
import { openRepository } from '../../src/git/repository.ts';
import { readExperiments, readRun } from '../../src/ledger/read.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { change, parked, playNight } from '../helpers/review.ts';
import { runCli } from '../helpers/run-cli.ts';

const cli = (repo: TestRepo, ...args: string[]) => runCli(args, { cwd: repo.dir });
const rowsOf = (csv: string) => parse(csv, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];

const NASTY = '=HYPERLINK("http://evil.example","x"),\r\n"quoted"\t| <b>bold</b> `code` [x](y) ![i](z) @team #12 \u202egnp\u0007';

async function nastyNight(): Promise<TestRepo> {
  const report = {
    title: NASTY,
    hypothesis: `+${NASTY}`,
    rationale: `@SUM(1)\n${NASTY}`,
    risks: [`-${NASTY}`, ' =1+1', '\u200b=1+1', '＝1+1'],
  };
  const repo = await playNight([change('a', 5, { title: NASTY, report }), change('b', 50), parked('c', 4)]);
  await cli(repo, 'review', '--ask', '1', '--note', '=why()', '--as', '=Eve() <=e@example.org>');
  await cli(repo, 'review', '--approve', '1', '--note', NASTY, '--as', 'Ada <ada@example.org>');
  await cli(repo, 'review', '--reject', '3', '--as', 'Grace');
  await cli(repo, 'promote', '--branch', 'better', '--as', 'Ada', '--no-audit');
  return repo;
}

async function logOf(repo: TestRepo): Promise<AuditLog> {
  const { git } = await openRepository(repo.dir);
  const record = await readRun(git, 'night');
  return auditLogOf(record, await readExperiments(git, record));
}

describe('audit-log', () => {
  it('says of every experiment who proposed it, why, with what evidence, who decided what, and when', async () => {
    const repo = await nastyNight();
    const log = JSON.parse((await cli(repo, 'audit-log', '--format', 'json')).stdout) as AuditLog;
    expect(log.experiments.map(({ kind, verdict, standing }) => [kind, verdict, standing])).toEqual([
      ['baseline', 'keep', null],
      ['change', 'keep', 'approved'],
      ['change', 'discard', null],
      ['change', 'review', 'rejected'],
    ]);
    const [, first] = log.experiments;
    expect(first).toMatchObject({ experiment: 1, proposedBy: 'steps', title: NASTY, score: 35, delta: -5, trials: 1 });
    expect(first?.reviews.map(({ decision, by }) => [decision, by.name])).toEqual([
      ['ask', '=Eve()'],
      ['approve', 'Ada'],
    ]);
    expect(first?.promoted).toMatchObject([{ branch: 'better', commit: repo.git('rev-parse', 'better').trim() }]);
    expect(JSON.parse(repo.git('show', `${first?.entry}:record.json`))).toMatchObject({ id: 1 });
    expect(JSON.parse(repo.git('show', `${first?.reviews[1]?.entry}:record.json`))).toMatchObject({ kind: 'review', decision: 'approve' });
    expect(log.promotions).toMatchObject([{ branch: 'better', experiments: [1], audit: null }]);
  });

  it('is the same for the same ledger, in every format', async () => {
    const repo = await nastyNight();
    for (const format of ['md', 'csv', 'json']) {
      const [one, other] = [await cli(repo, 'audit-log', '--format', format), await cli(repo, 'audit-log', 'night', '--format', format)];
      expect([one.code, one.stdout]).toEqual([0, other.stdout]);
    }
  });

  it('gives a spreadsheet nothing to run, and numbers as numbers', async () => {
    const repo = await nastyNight();
    const { stdout } = await cli(repo, 'audit-log', '--format', 'csv');
    const rows = rowsOf(stdout);
    expect(rows).toHaveLength(4);
    const [, first] = rows;
    expect(first?.['delta']).toBe('-5');
    expect(first?.['title']).toMatch(/^'=HYPERLINK\("http/);
    expect(first?.['risks']).toMatch(/^'-=HYPER/);
    expect(first?.['reviewed_by']).toBe('Ada <ada@example.org>');
    expect(first?.['earlier_reviews']).toMatch(/ask =Eve\(\) <=e@example\.org>: =why\(\)$/);
    for (const row of rows) {
      for (const [column, text] of Object.entries(row)) {
        const isNumber = /^(experiment|score|delta|gain|gain_low|gain_high|p_gain|trials)$/.test(column);
        if (!isNumber) expect(text, column).not.toMatch(/^\s*[=+\-@＝＋－＠]/u);
      }
    }
  });

  it('keeps any text within its cell', async () => {
    const log = await logOf(await playNight([change('a', 5)]));
    const textOf = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('=1', '\t=1', '"', '\r\n', '\ufeff=1', ',', "'=1", '\u0000@x'),
    );
    fc.assert(
      fc.property(textOf, textOf, (title, note) => {
        const experiments = log.experiments.map((row) => ({
          ...row,
          title,
          reviews: [{ at: 'now', by: { name: 'x', email: null }, decision: 'approve' as const, note, entry: '' }],
        }));
        const rows = rowsOf(renderAuditCsv({ ...log, experiments }));
        expect(rows.map((row) => Object.keys(row).length)).toEqual(log.experiments.map(() => 34));
        expect(rows[1]?.['experiment']).toBe('1');
        for (const column of ['title', 'review_note']) expect(rows[1]?.[column]).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠]/u);
      }),
    );
  });

  it('gives a page on which words stay words', async () => {
    const page = renderAuditMarkdown(await logOf(await nastyNight()));
    expect(page).toMatch(/^# Audit log of the run night\n/);
    expect(page).not.toMatch(/(?<!\\)<b>|(?<!\\)`code|\[x\]\(y|(?<![\w@])@team|#12|\u202e/);
    expect(page.split('\n').filter((line) => line.startsWith('## Experiment'))).toHaveLength(4);
    for (const line of page.split('\n').filter((row) => row.startsWith('|'))) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(4);
  });

  it('refuses a format it does not have', async () => {
    const repo = await playNight([change('a', 5)]);
    expect((await cli(repo, 'audit-log', '--format', 'xml')).code).toBe(2);
  });
});
