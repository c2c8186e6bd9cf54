import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import jsonl from './index.ts';

testPlugin(jsonl, { options: { valid: [{}, { file: 'out/all.jsonl' }], invalid: [{ file: 3 }, { file: '' }] } });

const folder = await mkdtemp(join(tmpdir(), 'jsonl-'));
afterAll(() => rm(folder, { recursive: true }));

const create = (options: { file?: string } = {}): Reporter => jsonl.create(options, makeContext({ projectDir: folder }));
const idsOf = async (file: string): Promise<number[]> =>
  (await readFile(join(folder, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: number }).id);

describe('jsonl', () => {
  it('writes each experiment as it is in the record', async () => {
    const run = makeRunView();
    const odd = makeExperiment();
    const experiments = [makeExperiment(), makeExperiment({ id: 2, proposal: { ...odd.proposal, title: 'a\n"b"\u2028\ud800' } })];
    const reporter = create();
    await reporter.start?.(run);
    for (const experiment of experiments) await reporter.settled?.(experiment, run);
    const lines = (await readFile(join(folder, '.autoresearch/test/experiments.jsonl'), 'utf8')).split('\n');
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(experiments);
    expect(lines).toHaveLength(3);
  });

  it('keeps after a resume what the run still knows, once, without a torn line', async () => {
    const file = 'resumed.jsonl';
    const line = (id: number, run = 'test'): string => `${JSON.stringify(makeExperiment({ id, run }))}\n`;
    await writeFile(join(folder, file), line(0) + line(1) + line(1) + line(7) + line(1, 'other') + '[]\n"x"\n' + line(2).slice(0, 40));
    const run = makeRunView({ history: [0, 1, 2].map((id) => makeSummary({ id })) });
    await create({ file }).start?.(run);
    await create({ file }).settled?.(makeExperiment({ id: 3 }), run);
    expect(await idsOf(file)).toEqual([0, 1, 3]);
  });

  it('begins anew for a new run of the same name', async () => {
    await appendFile(join(folder, 'new.jsonl'), `${JSON.stringify(makeExperiment({ id: 0 }))}\n`);
    const reporter = create({ file: 'new.jsonl' });
    await reporter.start?.(makeRunView());
    await reporter.settled?.(makeExperiment({ id: 0 }), makeRunView());
    expect(await idsOf('new.jsonl')).toEqual([0]);
  });

  it('writes to the standard output for -', async () => {
    const url = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
    const program = `
      import jsonl from ${url('index.ts')};
      import { makeContext, makeExperiment, makeRunView } from ${url('../../../src/testing.ts')};
      const reporter = jsonl.create({ file: '-' }, makeContext());
      await reporter.start(makeRunView());
      await reporter.settled(makeExperiment({ id: 5 }), makeRunView());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((text) => (JSON.parse(text) as { id: number }).id),
    ).toEqual([5]);
  });
});
