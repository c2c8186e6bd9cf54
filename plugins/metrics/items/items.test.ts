import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ReasonError, type Item, type Measured } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeTrial, testPlugin } from '../../../src/testing.ts';
import items from './index.ts';

type Options = Parameters<typeof items.create>[0];

const JSONL = '{"id":"a","value":0.25}\n{"id":"b","value":0.75}\n';

testPlugin(items, {
  options: {
    valid: [
      { file: 'items.jsonl' },
      { file: 'items.csv', id: 'doc', value: 'errors', group: 'field', reduce: 'p95' },
      { file: 'items.txt', format: 'csv' },
    ],
    invalid: [
      {},
      { file: '' },
      { file: 'items.csv', reduce: 'average' },
      { file: 'items.csv', format: 'tsv' },
      { file: 'items.csv', columns: {} },
    ],
  },
  cases: {
    present: { files: { 'items.jsonl': JSONL }, value: 0.5 },
    missing: { output: JSONL },
    nan: { files: { 'items.jsonl': '{"id": "a", "value": NaN}\n' } },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'items-'));
afterAll(() => rm(folder, { recursive: true }));

async function measure(file: string, text: string, options: Partial<Options> = {}): Promise<Measured> {
  await writeFile(join(folder, file), text);
  const metric = items.create(
    { file, id: 'id', value: 'value', group: 'group', reduce: 'mean', ...options },
    makeContext({ label: 'quality' }),
  );
  const trial = makeTrial({ state: 'finished', metrics: {} });
  return (await metric.measure({
    trial,
    experiment: makeExperiment({ state: 'committed' }),
    cwd: folder,
    output: () => Promise.resolve(''),
  })) as Measured;
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('items', () => {
  it('reads JSON Lines with ids, values and groups, in their order', async () => {
    const rows = [
      '{"id": "z", "value": 2, "group": "tax", "more": [1]}',
      '',
      '{"id": 7, "value": true}',
      '{"id": "a", "value": false, "group": null}',
    ];
    expect(await measure('items.jsonl', rows.join('\r\n'))).toEqual({
      value: 1,
      items: [
        { id: 'z', value: 2, group: 'tax' },
        { id: '7', value: 1 },
        { id: 'a', value: 0 },
      ],
    });
  });

  it('reads CSV with a header, quotes and columns of other names', async () => {
    const text = '\uFEFFdoc,field,ok\r\n"letter, ""first""",tax,True\r\n007,, false \r\n\r\n"two\nlines",law,0.5\n';
    expect(await measure('items.csv', text, { id: 'doc', value: 'ok', group: 'field' })).toEqual({
      value: 0.5,
      items: [
        { id: 'letter, "first"', value: 1, group: 'tax' },
        { id: '007', value: 0 },
        { id: 'two\nlines', value: 0.5, group: 'law' },
      ],
    });
  });

  it('takes the format from the option before the name', async () => {
    expect((await measure('data.csv', JSONL, { format: 'jsonl' })).value).toBe(0.5);
    expect(() =>
      items.create(
        { file: 'data.txt', id: 'id', value: 'value', group: 'group', reduce: 'mean' },
        makeContext({ path: 'metrics.quality' }),
      ),
    ).toThrow('metrics.quality: data.txt ends neither');
  });

  it.each([
    ['mean', 3.25],
    ['sum', 13],
    ['p50', 2.5],
    ['p95', 6.4],
    ['p99', 6.88],
    ['min', 1],
    ['max', 7],
  ] as const)('reduces to the %s', async (reduce, expected) => {
    const text = `id,value\n${[3, 7, 1, 2].map((value, index) => `${index},${value}`).join('\n')}\n`;
    expect((await measure('items.csv', text, { reduce })).value).toBeCloseTo(expected, 12);
  });

  it.each([
    [
      'items.jsonl',
      '{"id":"a","value":1}\n\n{"id":"a","value":2}\n',
      'METRIC_DUPLICATE',
      'quality: items.jsonl, line 3 has the id "a" again, after line 1',
    ],
    ['items.csv', 'id,value\na,1\nb,x\n', 'METRIC_NOT_FINITE', 'quality: items.csv, line 3 has "x" as value'],
    ['items.csv', 'id,value\na,nan\n', 'METRIC_NOT_FINITE', 'line 2 has "nan" as value'],
    ['items.jsonl', '{"id":"a","value":[1]}', 'METRIC_NOT_FINITE', 'line 1 has [1] as value'],
    ['items.jsonl', '{"id":"a","value":1e999}', 'METRIC_NOT_FINITE', 'line 1 has Infinity as value'],
    [
      'items.jsonl',
      '{"id":"a","value":1}\n{"id": "b", "value": -Infinity}',
      'METRIC_NOT_FINITE',
      'line 2 has a value that is not a finite number',
    ],
    ['items.jsonl', '{"id":"a","value":1}\n[2]\n', 'METRIC_MISSING', 'line 2 is not a JSON object: [2]'],
    ['items.jsonl', '{"id":"a","value":1}\n{"id":"b","val', 'METRIC_MISSING', 'line 2 is not a JSON object: {"id":"b","val'],
    ['items.jsonl', '{"id":"a","value":null}', 'METRIC_MISSING', 'line 1 has no "value"; it has id, value'],
    ['items.csv', 'id,score\na,1\n', 'METRIC_MISSING', 'line 2 has no "value"; it has id, score'],
    ['items.csv', 'id,value\n,1\n', 'METRIC_MISSING', 'line 2 has no "id"'],
    ['items.csv', 'id,value\na\n', 'METRIC_MISSING', 'quality: items.csv is not CSV: '],
    ['items.csv', 'id,value\n"a,1\n', 'METRIC_MISSING', 'at line 2'],
    ['items.csv', 'id,value\n', 'METRIC_MISSING', 'items.csv has no rows'],
    ['items.jsonl', '\n', 'METRIC_MISSING', 'items.jsonl has no rows'],
  ])('says what is wrong with %s %j', async (file, text, expectedCode, message) => {
    const failed = await measure(file, text).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ReasonError);
    expect(failed).toEqual(code(expectedCode));
    expect(String(failed)).toContain(message);
  });

  it('property: both formats give back what was written', async () => {
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text === text.trim() && text !== '');
    const item = fc.record({ id: name, value: fc.double({ noNaN: true, noDefaultInfinity: true }) }, { noNullPrototype: true });
    const list = fc.uniqueArray(item, { minLength: 1, maxLength: 12, selector: ({ id }) => id });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(list, async (written) => {
        const expected: readonly Item[] = written.map(({ id, value }) => ({ id, value: value + 0 }));
        const jsonl = await measure('items.jsonl', written.map((each) => JSON.stringify(each)).join('\n'), { reduce: 'max' });
        const csv = await measure('items.csv', `value,id\n${written.map(({ id, value }) => `${value},${quoted(id)}`).join('\n')}`, {
          reduce: 'max',
        });
        expect(jsonl).toEqual({ value: Math.max(...expected.map(({ value }) => value)), items: expected });
        expect(csv).toEqual(jsonl);
      }),
      { numRuns: 50 },
    );
  });
});
