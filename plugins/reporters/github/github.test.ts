import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { makeContext, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import github from './index.ts';
import { writeSummary } from './summary.ts';

testPlugin(github, {
  options: { valid: [{}, { annotate: ['review'], summary: false }], invalid: [{ annotate: ['all'] }, { summary: 'yes' }] },
});

let folder: string;
let file: string;
let said: string;
const OLD = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'github-'));
  file = join(folder, 'summary.md');
  said = '';
  process.env['GITHUB_ACTIONS'] = 'true';
  process.env['GITHUB_STEP_SUMMARY'] = file;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY']) process.env[name] = OLD[name] ?? '';
  rmSync(folder, { recursive: true, force: true });
});

const HOSTILE = 'a%0A::error::x\n::set-output name=a::b <img src=x> | cell | [l](https://evil.example) `c`';
const kept = (id: number, title = `change ${id}`): Summary =>
  makeSummary({ id, verdict: 'keep', title, score: 1 - id / 100, delta: -0.01 });
const viewOf = (...history: Summary[]): RunView => makeRunView({ history });
const END = { outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS', text: 'all are done' } } as const;
const OPTIONS = { annotate: ['keep', 'review', 'audit', 'done'], summary: true } as const;

async function session(view: RunView): Promise<void> {
  const reporter = github.create(OPTIONS, makeContext({ projectDir: folder, path: 'reporters[0]' }));
  await reporter.start?.(view);
  await reporter.done?.(view, END);
}

it('annotates each thing once, over all sessions', async () => {
  await session(viewOf(kept(0), makeSummary({ id: 1, verdict: 'discard' })));
  await session(viewOf(kept(0), makeSummary({ id: 1, verdict: 'discard' }), makeSummary({ id: 2, verdict: 'review' })));
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => line.split('::')[1]),
  ).toEqual([
    'notice title=test #0 kept',
    'notice title=test stopped',
    'warning title=test #2 waits for a decision',
    'notice title=test stopped',
  ]);
});

it('lets no title be a command to the runner, or markup of the page', async () => {
  await session(viewOf(kept(0, HOSTILE)));
  for (const line of said.trim().split('\n')) expect(line).toMatch(/^::notice title=[^:,]*::/);
  expect(said).not.toContain('a%0A');
  const page = readFileSync(file, 'utf8');
  expect(page).not.toMatch(/[^\\]<img|[^\\]\[l\]|[^\\]`c/);
  const row = page.split('\n').find((line) => line.startsWith('| #0'));
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(7);
});

it('keeps what others have written to the summary, and replaces its own part', async () => {
  writeFileSync(file, '# Build\nfine');
  await writeSummary(file, viewOf(kept(1)), null);
  writeFileSync(file, `${readFileSync(file, 'utf8')}# After\n`);
  await writeSummary(file, viewOf(kept(1), kept(2)), END);
  const page = readFileSync(file, 'utf8');
  expect(page.startsWith('# Build\nfine\n<!-- autoresearch test -->\n')).toBe(true);
  expect(page.endsWith('<!-- /autoresearch test -->\n# After\n')).toBe(true);
  expect(page.match(/### autoresearch/g)).toHaveLength(1);
  expect(page).toContain('| #2 | keep |');
});

it('does nothing outside of GitHub Actions', async () => {
  delete process.env['GITHUB_ACTIONS'];
  delete process.env['GITHUB_STEP_SUMMARY'];
  await session(viewOf(kept(0)));
  expect(said).toBe('');
});
