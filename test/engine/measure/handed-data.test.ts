import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../../src/git/repository.ts';
import { readRun } from '../../../src/ledger/read.ts';
import { makeProject, resume, run, RUN, set, stepsAgent, verdicts, type Step } from '../../helpers/project.ts';
import type { TestRepo } from '../../helpers/repo.ts';
import { auditsOf } from '../noisy-project.ts';

/** The loss is the sum of `n` over the rows it was handed, times the number in value.txt. */
const TRAINER = `
import { readFileSync } from 'node:fs';
const { split, files } = JSON.parse(readFileSync(process.env.AUTORESEARCH_DATA, 'utf8'));
const rows = files.filter((file) => file.split === split).flatMap(({ path }) => readFileSync(path, 'utf8').trim().split('\\n').map((line) => JSON.parse(line)));
console.log('files: ' + files.map(({ name, source, rows }) => name + ' ' + source + ' ' + rows).join(', '));
console.log('rows: ' + rows.length);
console.log('loss: ' + Number(readFileSync('value.txt', 'utf8')) * rows.reduce((sum, { part }) => sum + part.n, 0));
`;
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'part'],
  properties: {
    id: { type: 'string' },
    part: { type: 'object', additionalProperties: false, required: ['n'], properties: { n: { type: 'integer' } } },
  },
};

interface Options {
  readonly data: readonly object[];
  readonly files: Readonly<Record<string, string>>;
  readonly held?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly sandbox?: string;
}

function makeDataProject({ data, files, held = {}, steps = [set(0.5)], sandbox = 'auto' }: Options): TestRepo {
  const repo = makeProject(
    {
      agent: stepsAgent(steps),
      sandbox,
      data,
      trainer: { use: 'command', with: { run: [process.execPath, 'train.mjs'] }, timeout: '20s' },
      workspace: { holdout: Object.keys(held) },
      metrics: {
        loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } },
        rows: { use: 'regex', with: { pattern: '^rows: (.+)$' } },
      },
      gates: [{ use: 'min-delta' }, { use: 'audit' }],
    },
    {
      'train.mjs': TRAINER,
      'row.schema.json': JSON.stringify(SCHEMA),
      '.gitignore': Object.keys(held).join('\n'),
      ...files,
    },
  );
  for (const [path, text] of Object.entries(held)) repo.write(path, text);
  return repo;
}

const jsonl = '{"id":"a","part":{"n":1}}\n{"id":"b","part":{"n":2}}\n';
const csv = 'id,part.n\nx,10\ny,20\nz,30\n';
const entry = (path: string) => ({ path, schema: 'row.schema.json' });

describe('the rows of the config’s data', () => {
  it('reach the trainer whatever the file is called and however it is written, and are counted in the record', async () => {
    const repo = makeDataProject({ data: [entry('mine.csv')], files: { 'mine.csv': csv } });
    const { experiments, messages } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(experiments.map(({ metrics }) => [metrics['rows'], metrics['loss']])).toEqual([
      [3, 60],
      [3, 30],
    ]);
    expect(messages).toContain('data: mine.csv, 3 rows, for every trial');
    const { opening } = await readRun((await openRepository(repo.dir)).git, RUN);
    expect(opening.data).toEqual([
      { path: 'mine.csv', name: 'row', split: 'loop', rows: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(existsSync(join(repo.dir, '.autoresearch', RUN, 'data'))).toBe(false);
  });

  it('are those of the held-out files in an audit, and of no other trial', async () => {
    const held = { 'later.csv': csv };
    const repo = makeDataProject({ data: [entry('mine.jsonl'), entry('later.csv')], files: { 'mine.jsonl': jsonl }, held });
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ metrics }) => metrics['loss'])).toEqual([3, 1.5]);
    const [audit] = await auditsOf(repo);
    expect(audit?.trials.anchor.map(({ metrics }) => [metrics['rows'], metrics['loss']])).toEqual(Array(3).fill([3, 60]));
  });

  it('are sealed by what an entry says of its split: agents and candidates find what is open, an evaluator the rest', async () => {
    const look = 'cat "$AUTORESEARCH_DATA" mine.csv later.csv ../../../../mine.csv > lib/part.txt 2>&1; true';
    const repo = makeProject(
      {
        agent: stepsAgent([{ bash: `${look}; echo 0.5 > value.txt` }]),
        data: [
          { ...entry('mine.csv') },
          { ...entry('later.csv'), split: 'holdout' },
          { ...entry('open.jsonl'), split: 'open', name: 'example' },
        ],
        trainer: {
          use: 'command',
          with: { run: ['sh', '-c', `${look}; cat lib/part.txt value.txt > out.txt`] },
          timeout: '20s',
          evaluate: { run: [process.execPath, 'train.mjs'], outputs: ['out.txt'] },
        },
        metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } }, seen: { use: 'regex', with: { pattern: '^seen: (.+)$' } } },
        gates: [{ use: 'min-delta' }, { use: 'audit' }],
      },
      {
        'train.mjs': `${TRAINER.replaceAll("readFileSync('value.txt', 'utf8')", "readFileSync('out.txt', 'utf8').trim().split('\\n').at(-1)")}
const seen = readFileSync('out.txt', 'utf8');
console.log('seen: ' + ['"name": "row"', 'x,10', 'later.csv"', '"open.jsonl"'].map((part) => (seen.includes(part) ? 1 : 0)).join(''));`,
        'row.schema.json': JSON.stringify(SCHEMA),
        'open.jsonl': jsonl.replaceAll('"id":"', '"id":"o'),
        '.gitignore': 'mine.csv\nlater.csv\nout.txt\n',
      },
    );
    repo.write('mine.csv', csv);
    repo.write('later.csv', csv.replaceAll(/^(.),/gm, 'l$1,').replace('lid', 'id'));
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ metrics }) => [metrics['loss'], metrics['seen']])).toEqual([
      [60, 1],
      [30, 1],
    ]);
    const [audit] = await auditsOf(repo);
    expect(audit?.trials.anchor.map(({ metrics }) => metrics['seen'])).toEqual([1, 1, 1]);
    repo.git('add', '-f', 'mine.csv');
    repo.git('commit', '-qm', 'in git');
    await expect(run(repo.dir, { name: 'second' })).rejects.toThrow('data[0]: mine.csv is in git, where agents and candidates can read it');
  });

  it('are said to have changed where a later session finds others', async () => {
    const repo = makeDataProject({
      data: [entry('mine.jsonl'), entry('later.csv')],
      files: { 'mine.jsonl': jsonl },
      held: { 'later.csv': csv },
    });
    await run(repo.dir);
    repo.write('later.csv', `${csv}zz,40\n`);
    const { messages } = await resume(repo.dir);
    expect(messages).toContain('later.csv has changed since the run began (3 rows then, 4 now): scores before and after do not compare');
  });

  it.each(['auto', 'off'])('cannot be changed by a trial (sandbox: %s)', async (sandbox) => {
    const steps = [set(0.9), set(0.8)];
    const repo = makeDataProject({ data: [entry('mine.jsonl')], files: { 'mine.jsonl': jsonl }, steps, sandbox });
    repo.write(
      'train.mjs',
      `import { readFileSync as read, writeFileSync } from 'node:fs';
const { files: [{ path }] } = JSON.parse(read(process.env.AUTORESEARCH_DATA, 'utf8'));
if (read('value.txt', 'utf8').trim() === '0.9') try { writeFileSync(path, '{"id":"a","part":{"n":-9}}\\n'); } catch (error) { console.log(error.code); }
${TRAINER}`,
    );
    repo.git('commit', '-qam', 'a trainer that cheats');
    const { experiments } = await run(repo.dir);
    if (sandbox === 'off') expect(verdicts(experiments)[1]).toBe('#1 discard TAMPERED');
    else expect(experiments[1]?.metrics['loss'] ?? 2.7).toBeCloseTo(2.7);
    expect(experiments[2]?.metrics['loss']).toBeCloseTo(2.4);
  });
});
