import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thiefOf } from './thief.ts';
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
  const { experiments } = await replay(await setUp(PRESET), [{ title: 'ask nobody', edit: { 'extractor/settings.json': edit } }]);
  const [baseline, variant] = experiments;
  const ratio = (metric: string) => Number(variant?.metrics[metric]) / Number(baseline?.metrics[metric]);
  expect(ratio('cost_cents')).toBeLessThan(0.75);
  expect(ratio('precision')).toBeGreaterThan(1.01);
  expect(ratio('iban/recall')).toBeLessThan(0.9);
  expect(variant?.verdict).toBe('discard');
  expect(variant?.reason).toEqual({ code: 'GUARDRAIL', text: expect.stringContaining('found of iban') });
});

it.each(['auto', 'off'])('keeps labels, ids and held-out documents from an extractor that is after them (sandbox: %s)', async (sandbox) => {
  const project = await setUp(PRESET);
  const { code, ways } = thiefOf(PRESET, project);
  const thief = `${code}
export const extract = (text, more) => {
  if (typeof text !== 'string' || Object.keys(more).join() !== 'rescan,answer') console.error('REACHED more than a text');
  return { supplier: 'precision 1.0' };
};
`;
  const { experiments, logs } = await replay(
    project,
    [{ title: 'steal', edit: { 'extractor/extract.mjs': () => thief } }],
    `sandbox=${sandbox}`,
  );
  expect(experiments[1]?.verdict).toBe('discard');
  expect(experiments[1]?.metrics['precision']).toBe(0);
  const log = logs.get(1) ?? '';
  expect(log).not.toContain('REACHED');
  expect(log.match(/^DENIED /gm)).toHaveLength(ways);
});

it('ends a trial whose extractor writes answers nobody asked for', async () => {
  const project = await setUp(PRESET);
  const noise = `process.stdout.write('{"id":1,"outputs":[{"result":{}}]}\\n');\nexport const extract = async () => ({});\n`;
  const { experiments } = await replay(project, [{ title: 'answers first', edit: { 'extractor/extract.mjs': () => noise } }]);
  expect(experiments[1]).toMatchObject({ verdict: 'crash', reason: { code: expect.stringMatching(/^PREDICT_|^EVALUATION_FAILED/) } });
});

it('shows an agent a worktree without the held-out documents', async () => {
  const project = await setUp(PRESET);
  const agent = join(emptyFolder(), 'agent.mjs');
  writeFileSync(
    agent,
    `import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
    let bytes = 0;
    for (const file of ['data/documents.jsonl', 'data/holdout.jsonl']) try { bytes += readFileSync('../../../../' + file).length; } catch {}
    writeFileSync('extractor/note.txt', 'x');
    writeFileSync(process.env.AUTORESEARCH_REPORT, JSON.stringify({ title: 'saw ' + readdirSync('data').join(' ') + ' and ' + bytes + ' bytes', rationale: 'to look', risks: ['none'] }));`,
  );
  const { code, out } = cli(project, 'run', '--experiments', '1', '--set', `agent={use: command, with: {run: [node, "${agent}"]}}`);
  expect(code, out).toBe(0);
  expect(out).toContain('saw critical.txt document.schema.json examples.jsonl and 0 bytes');
  expect(out).not.toContain('holdout');
});

it("names the line of a row that is wrong in the user's own data", async () => {
  const project = await setUp(PRESET);
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
