import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isIn } from '../../src/config/splits.ts';
import type { DataFile } from '../../src/config/types.ts';
import { checkData } from '../../src/data/check-data.ts';
import type { DataProject } from '../../src/data/read-data.ts';
import { readRows } from '../../src/data/rows.ts';

let projectDir = '';
beforeAll(() => void (projectDir = mkdtempSync(join(tmpdir(), 'autoresearch-data-'))));
afterAll(() => rmSync(projectDir, { recursive: true }));

const SCHEMA = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, n: { type: 'integer', minimum: 0 } } };

async function check(text: string, { project, schema = SCHEMA, ...file }: Partial<Omit<DataFile, 'schema'>> & Options = {}) {
  const { path = 'rows.jsonl', id = 'id', ...rest } = file;
  write(path, text);
  write('row.schema.json', JSON.stringify(schema));
  const { problems, data } = await checkData([{ path, schema: 'row.schema.json', id, ...rest }], {
    read: async (path) => readFileSync(join(projectDir, path), 'utf8'),
    splitOf: () => 'loop',
    isLinked: () => false,
    readCommitted: async () => text,
    ...project,
  });
  return { rows: data[0]?.values.length, problems: problems.map(({ code, at }) => [code, at?.line, at?.column].filter(Boolean).join(' ')) };
}

interface Options {
  readonly schema?: object;
  readonly project?: Partial<DataProject>;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(projectDir, path)), { recursive: true });
  writeFileSync(join(projectDir, path), text);
}

const within = (outer: string) => ({ isLinked: (path: string) => isIn(path, outer) });

describe('the place of the file', () => {
  const rows = '{"id":"a"}\n{"id":"b"}\n';
  it('must be one that trials read: the commit, as it is in the folder, or a link', async () => {
    const from = async (committed: string | null, project: Partial<DataProject> = {}) =>
      (await check(rows, { path: 'data/rows.jsonl', project: { readCommitted: async () => committed, ...project } })).problems;
    expect(await from(rows)).toEqual([]);
    expect(await from(rows.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(await from('{"id":"a"}\n')).toEqual(['DATA_NOT_COMMITTED']);
    expect(await from(null)).toEqual(['DATA_NOT_COMMITTED']);
    expect(await from(null, within('./data/'))).toEqual([]);
    expect(await from(null, within('data/rows.jsonl'))).toEqual([]);
    expect(await from(null, within('dat'))).toEqual(['DATA_NOT_COMMITTED']);
  });
});

describe('rows', () => {
  it('are read to the last, from a file with a byte order mark and any line ends', async () => {
    expect(await check('\uFEFF{"id":"a","n":1}\r\n\r\n{"id":"b"}')).toEqual({ rows: 2, problems: [] });
    expect(await check('\uFEFFid,n\r\na,1\r\n"b,2",\r\n', { path: 'rows.csv' })).toEqual({ rows: 2, problems: [] });
  });

  it('are named by the line they begin on, and broken JSON by its column', async () => {
    const { problems } = await check('id,n\r\n"a\nb",1\r\n\r\nc,-1\r\n"d\ne",-1\r\n', { path: 'rows.csv' });
    expect(problems).toEqual(['DATA_ROW_INVALID 5', 'DATA_ROW_INVALID 6']);
    expect((await check('{"id":"a"}\n{"id":"b",}\n')).problems).toEqual(['DATA_ROW_INVALID 2 11']);
  });

  it('keep their texts: in CSV a number is made where the schema asks for one, and nowhere else', async () => {
    const schema = {
      type: 'object',
      required: ['id', 'code'],
      properties: { code: { type: 'string', const: '007' }, n: { type: 'number' } },
    };
    expect((await check('id,code,n\n1,007,2.50\n', { path: 'rows.csv', schema })).problems).toEqual([]);
    expect((await check('{"id":1,"code":"007","n":"2.50"}\n', { schema })).problems).toEqual(['DATA_ROW_INVALID 1']);
    expect((await check('id,code,n\n1,,2\n', { path: 'rows.csv', schema })).problems).toEqual(['DATA_ROW_INVALID 2']);
  });

  it('are checked by the draft the schema names', async () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { n: { prefixItems: [{ const: 1 }] } },
    };
    expect((await check('{"id":"a","n":[2]}\n', { schema })).problems).toEqual(['DATA_ROW_INVALID 1']);
    const { $schema: _, ...draft07 } = schema;
    expect((await check('{"id":"a","n":[2]}\n', { schema: draft07 })).problems).toEqual(['DATA_SCHEMA_INVALID']);
  });

  it('have their parts in columns of their own, which are checked and counted like the rest', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'labels'],
      properties: {
        id: { type: 'string' },
        'plain.name': { type: 'string' },
        labels: { type: 'object', additionalProperties: false, required: ['total'], properties: { total: { type: 'number' } } },
      },
    };
    const valuesOf = async (text: string) => {
      write('parts.csv', text);
      write('row.schema.json', JSON.stringify(schema));
      const read = async (path: string) => readFileSync(join(projectDir, path), 'utf8');
      const project = { read, splitOf: () => 'loop' as const, isLinked: () => false, readCommitted: async () => text };
      const { problems, data } = await checkData([{ path: 'parts.csv', schema: 'row.schema.json', id: 'id' }], project);
      return { problems: problems.map(({ message, at }) => `${at?.line} ${message}`), values: data[0]?.values };
    };
    expect(await valuesOf('id,plain.name,labels.total\na,x,1.50\n')).toEqual({
      problems: [],
      values: [{ id: 'a', 'plain.name': 'x', labels: { total: 1.5 } }],
    });
    // A wrong column is one mistake of the header, an empty cell one of its row.
    expect((await valuesOf('id,labels.totl\na,1\nb,2\n')).problems).toEqual(['1 labels: unknown key "totl". Did you mean "total"?']);
    expect((await valuesOf('id,labels.total\na,1\nb,\n')).problems).toEqual([expect.stringMatching(/^3 .*labels/)]);
    expect((await valuesOf('id,labels,labels.total\na,1,1\n')).problems).toEqual([
      '1 the header has a column "labels" and columns "labels.…"',
    ]);
    const polluted = await valuesOf('id,labels.__proto__,labels.total\na,1,1\n');
    expect(polluted.problems).toEqual([expect.stringContaining('__proto__')]);
    expect('1' in {}).toBe(false);
  });

  it('property: CSV gives back what was written, each row with the line it begins on', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '0'), minLength: 1, maxLength: 6 })
      .filter((text) => text.trim() === text);
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (records) => {
        const text = ['id,text', ...records.map((record) => record.map(quoted).join(','))].join('\n');
        const { rows, bad } = readRows(text, 'csv');
        expect(bad).toEqual([]);
        let line = 2;
        for (const [index, [id, value]] of records.entries()) {
          expect(rows[index]).toEqual({ line, value: { id, text: value } });
          line += `${id}${value}`.split('\n').length;
        }
      }),
    );
  });
});
