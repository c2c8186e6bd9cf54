import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditedGain, cli, emptyFolder, git, replay, runPreset, setUp } from './preset.ts';

const PRESET = 'extraction-precision';

it('finds a gain that an audit shows, offline', async () => {
  const { project, code, out } = await runPreset(PRESET, '--name', 'night');
  expect(code, out).toBe(0);
  expect(auditedGain(out)?.value).toBeGreaterThan(0.02);
  expect(auditedGain(out)?.low).toBeGreaterThan(0);
  expect(cli(project, 'verify').code).toBe(0);
  expect(git(project, 'ls-files')).not.toContain('holdout');
});

it('discards a variant that is cheaper and more precise, but loses a regulated field, and says which', async () => {
  const edit = (text: string) => {
    const settings = JSON.parse(text) as { askBelow: object; accept: object };
    const askBelow = { ...settings.askBelow, iban: 0, tax_number: 0, total: 0 };
    const accept = { ...settings.accept, iban: 0.5 };
    return JSON.stringify({ ...settings, skipCustomer: true, repairDigits: true, rescanBelow: 0.2, askBelow, accept }, null, 2);
  };
  const { experiments } = await replay(setUp(PRESET), [{ title: 'ask nobody', edit: { 'extractor/settings.json': edit } }]);
  const [baseline, variant] = experiments;
  const ratio = (metric: string) => Number(variant?.metrics[metric]) / Number(baseline?.metrics[metric]);
  expect(ratio('cost_cents')).toBeLessThan(0.75);
  expect(ratio('precision')).toBeGreaterThan(1.01);
  expect(ratio('iban/recall')).toBeLessThan(0.9);
  expect(variant?.verdict).toBe('discard');
  expect(variant?.reason).toEqual({ code: 'GUARDRAIL', text: expect.stringContaining('found of iban') });
});

it('keeps held-out documents and labels from the worktree and from the extractor, also in an audit', async () => {
  const thief = `import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
const up = '../'.repeat(9);
const tries = {
  labels: () => readFileSync('../data/documents.jsonl', 'utf8'),
  heldOut: () => readFileSync('../data/holdout.jsonl', 'utf8'),
  project: () => readFileSync('../../../../../../data/holdout.jsonl', 'utf8'),
  list: () => readdirSync('..').join(),
  root: () => readdirSync('/').join(),
  parent: () => readFileSync('/proc/' + process.ppid + '/environ', 'utf8'),
  program: () => execFileSync('cat', ['../data/documents.jsonl']),
  write: () => writeFileSync('../results/metrics.json', '{"all":{"precision":1}}'),
  own: () => writeFileSync('note.txt', ''),
  split: () => { if (process.env.AUTORESEARCH_SPLIT === undefined) throw new Error('no such variable'); },
};
for (const [name, attempt] of Object.entries(tries)) {
  try { attempt(); console.error('REACHED ' + name); } catch { console.error('DENIED ' + name); }
}
console.log('precision 1.0');
export const extract = (text, more) => {
  if (typeof text !== 'string' || Object.keys(more).join() !== 'rescan,answer') console.error('REACHED more than a text');
  return {};
};
`;
  const project = setUp(PRESET);
  const { experiments, logs } = await replay(project, [{ title: 'steal', edit: { 'extractor/extract.mjs': () => thief } }]);
  expect(experiments[1]?.verdict).toBe('discard');
  expect(experiments[1]?.metrics['recall']).toBe(0);
  const log = JSON.stringify([...logs]);
  expect(log.match(/DENIED [a-zA-Z]+/g)).toHaveLength(10);
  expect(log).not.toContain('REACHED');

  writeFileSync(join(project, 'extractor/extract.mjs'), thief);
  const env = { PATH: process.env['PATH'] ?? '', AUTORESEARCH_SPLIT: 'holdout' };
  const audit = execFileSync(process.execPath, ['evaluate.mjs'], { cwd: project, env, encoding: 'utf8', stdio: 'pipe' });
  expect(audit).toContain('200 documents');
  expect(readFileSync(join(project, 'results/found.jsonl'), 'utf8')).not.toMatch(/"value":1/);
});

it('shows an agent a worktree without the held-out documents', () => {
  const project = setUp(PRESET);
  const agent = join(emptyFolder(), 'agent.mjs');
  writeFileSync(
    agent,
    `import { readdirSync, writeFileSync } from 'node:fs';
    writeFileSync('extractor/note.txt', 'x');
    writeFileSync(process.env.AUTORESEARCH_REPORT, JSON.stringify({ title: 'saw ' + readdirSync('data').join(' '), rationale: 'to look', risks: ['none'] }));`,
  );
  const { code, out } = cli(project, 'run', '--experiments', '1', '--set', `agent={use: command, with: {run: [node, "${agent}"]}}`);
  expect(code, out).toBe(0);
  expect(out).toContain('saw critical.txt document.schema.json documents.jsonl');
  expect(out).not.toContain('holdout');
});

it("names the line of a row that is wrong in the user's own data", () => {
  const project = setUp(PRESET);
  expect(cli(project, 'check').out).toContain('data/holdout.jsonl: 1000 rows');
  writeFileSync(
    join(project, 'data/documents.jsonl'),
    '{"id":"a","text":"x","labels":{"total":"1,00"}}\n{"id":"b","text":"y","label":{}}\n',
  );
  const { code, out } = cli(project, 'check');
  expect(code).toBe(3);
  expect(out).toContain('data/documents.jsonl:1 DATA_ROW_INVALID labels.total');
  expect(out).toContain('data/documents.jsonl:2 DATA_ROW_INVALID unknown key "label". Did you mean "labels"?');
});
