import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import tsv from './index.ts';

testPlugin(tsv, { options: { valid: [{}, { file: 'out/results.tsv' }], invalid: [{ file: 3 }, { file: '' }] } });

const folder = await mkdtemp(join(tmpdir(), 'tsv-'));
afterAll(() => rm(folder, { recursive: true }));

const create = (options: { file?: string } = {}): Reporter => tsv.create(options, makeContext({ projectDir: folder }));
const read = (file = '.autoresearch/test/results.tsv'): Promise<string> => readFile(join(folder, file), 'utf8');
const HEADER = 'commit\tscore\tmemory_gb\tstatus\tdescription';

describe('tsv', () => {
  it('writes a header and a line for each settled experiment', async () => {
    const reporter = create();
    const run = makeRunView();
    await reporter.start?.(run);
    await reporter.settled?.(makeExperiment({ metrics: { peak_memory_mb: 45_060 } }), run);
    await reporter.settled?.(makeExperiment({ id: 2, verdict: 'crash', score: null, metrics: {} }), run);
    await reporter.settled?.(
      makeExperiment({ id: 3, verdict: 'discard', candidate: null, score: null, metrics: { peak_vram_mb: 512 } }),
      run,
    );
    expect((await read()).split('\n')).toEqual([
      HEADER,
      '1111111\t1.000000\t44.0\tkeep\tLR 0.1 → 0.2',
      '1111111\t0.000000\t0.0\tcrash\tLR 0.1 → 0.2',
      '-\t\t0.5\tdiscard\tLR 0.1 → 0.2',
      '',
    ]);
  });

  it('has each experiment once after a resume', async () => {
    const run = makeRunView({ history: [makeSummary({ id: 0, title: 'baseline', verdict: 'keep', score: 1e-9 }), makeSummary({ id: 1 })] });
    for (let session = 0; session < 2; session++) await create({ file: 'deep/er/r.tsv' }).start?.(run);
    await create({ file: 'deep/er/r.tsv' }).settled?.(makeExperiment({ id: 2 }), run);
    const lines = (await read('deep/er/r.tsv')).trim().split('\n');
    expect(lines.map((line) => line.split('\t')[1])).toEqual(['score', '1e-9', '1.100000', '1.000000']);
  });

  it('gives a control a status of its own, live and after a resume', async () => {
    const run = makeRunView({ history: [makeSummary({ id: 4, kind: 'control' })] });
    const reporter = create({ file: 'controls.tsv' });
    await reporter.start?.(run);
    await reporter.settled?.(makeExperiment({ id: 4, kind: 'control', verdict: 'discard' }), run);
    await reporter.settled?.(makeExperiment({ id: 5, verdict: 'discard' }), run);
    const lines = (await read('controls.tsv')).trim().split('\n');
    expect(lines.map((line) => line.split('\t')[3])).toEqual(['status', 'control', 'control', 'discard']);
  });

  it('keeps five cells a line whatever the title holds', async () => {
    const run = makeRunView();
    const titles = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 50);
    const reporter = create({ file: 'odd.tsv' });
    await reporter.start?.(run);
    for (const title of ['a\tb\r\nc\u2028d', ...titles]) {
      const experiment = makeExperiment();
      await reporter.settled?.({ ...experiment, proposal: { ...experiment.proposal, title } }, run);
    }
    const lines = (await read('odd.tsv')).split('\n').slice(1, -1);
    expect(lines.map((line) => line.split('\t').length)).toEqual(lines.map(() => 5));
    expect(lines).toHaveLength(51);
    expect(lines[0]?.endsWith('a b c d')).toBe(true);
  });
});
