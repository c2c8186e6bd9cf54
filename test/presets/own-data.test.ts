import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import { cli, git, replay, setUp, type Change } from './preset.ts';

type Row = Readonly<Record<string, unknown>>;

/** Data of a user's own for one preset, on which the numbers are known beforehand. */
interface Own {
  readonly preset: string;
  /** For each kind of rows: its schema, and `count` rows of it whose ids begin with `prefix`. */
  readonly kinds: Readonly<Record<string, { schema: string; id?: string; rows(count: number, prefix: string): readonly Row[] }>>;
  /** Kinds that have no held-out rows. */
  readonly shared?: readonly string[];
  /** Files that belong to the sample's data. */
  readonly other?: Readonly<Record<string, string>>;
  readonly baseline: Readonly<Record<string, unknown>>;
  /** A change that is better by far, whatever it is good for. */
  readonly change: Change;
  readonly set?: readonly string[];
  /** A column that every row must have. */
  readonly column: string;
}

const times = (count: number, make: (index: number) => Row) => Array.from({ length: count }, (_, index) => make(index));

const PRESETS: readonly Own[] = [
  {
    preset: 'extraction-precision',
    kinds: {
      document: {
        schema: 'data/document.schema.json',
        rows: (count, prefix) =>
          times(count, (index) => ({
            id: `${prefix}${index}`,
            text: `Acme "${index}", GmbH\nnothing else`,
            labels: { supplier: index % 2 === 0 ? `Acme "${index}", GmbH` : 'Other Ltd' },
          })),
      },
    },
    other: { 'data/critical.txt': '' },
    baseline: { rows: 40, precision: 0.5, recall: 0.5 },
    change: {
      title: 'only what is even',
      edit: {
        'extractor/extract.mjs': () =>
          'export const extract = async (text) => (Number(/\\d+/.exec(text)[0]) % 2 === 0 ? { supplier: text.split("\\n")[0] } : {});\n',
      },
    },
    column: 'text',
  },
  {
    preset: 'cost-guarded',
    kinds: {
      message: {
        schema: 'data/message.schema.json',
        rows: (count, prefix) =>
          times(count, (index) => ({
            id: `${prefix}${index}`,
            text: `zz, ${index}`,
            small: { queue: 'privacy', sure: 1 },
            large: { queue: 'privacy' },
            label: 'privacy',
          })),
      },
    },
    baseline: { rows: 40, cost_cents: expect.closeTo(0.032), accuracy: 1 },
    change: { title: 'asks nobody', edit: { 'router/route.mjs': () => "export const route = async () => 'privacy';\n" } },
    column: 'small.sure',
  },
  {
    preset: 'order-accuracy',
    kinds: {
      catalogue: {
        schema: 'schemas/catalogue.schema.json',
        id: 'code',
        rows: () => times(3, (index) => ({ code: `${index}-1`, name: `Glove size ${index}`, pack: 10, price: 1.5, controlled: 'no' })),
      },
      order: {
        schema: 'schemas/order.schema.json',
        rows: (count, prefix) =>
          times(count, (index) => ({
            order: `${prefix}${index}`,
            line: 1,
            customer: `C${index}`,
            licence: 'no',
            date: '2026-03-31',
            text: `quux, "${index}"`,
            quantity: 2.5,
          })),
      },
      label: {
        schema: 'schemas/label.schema.json',
        rows: (count, prefix) =>
          times(count, (index) => ({ order: `${prefix}${index}`, line: 1, decision: index % 4 === 0 ? 'unknown' : 'licence' })),
      },
    },
    shared: ['catalogue'],
    baseline: { rows: 40, order_accuracy: 0.25 },
    change: {
      title: 'refuses all',
      edit: {
        'matcher/match.mjs': () =>
          "export const matchOrders = ({ orders }) => orders.map(({ order, line }) => ({ order, line, decision: 'licence' }));\n",
      },
    },
    column: 'date',
  },
  {
    preset: 'response-time',
    kinds: {
      request: {
        schema: 'schemas/request.schema.json',
        rows: (count, prefix) => times(count, (index) => ({ id: `part-${prefix}${index}`, method: 'GET', path: `/parts/none-${index}` })),
      },
      expected: {
        schema: 'schemas/expected.schema.json',
        rows: (count, prefix) =>
          times(count, (index) => ({ id: `part-${prefix}${index}`, status: 404, body: { error: index === 0 ? 'gone' : 'not found' } })),
      },
    },
    // The first one is expected to be what it is not, and is sent at least once among twice as many.
    baseline: { rows: 40, wrong: expect.closeTo(0.05, 1), errors: 0 },
    change: {
      title: 'takes its time',
      edit: {
        'service/server.mjs': (text) => text.replace('  try {\n', '  await new Promise((done) => setTimeout(done, 200));\n  try {\n'),
      },
    },
    set: ['objective.with.direction=maximize', 'trainer.interleave=false'],
    column: 'path',
  },
];

const flat = (row: Row, before = ''): [string, string][] =>
  Object.entries(row).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' && value !== null && name !== 'body'
      ? flat(value as Row, `${before}${name}.`)
      : [[before + name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );

const WRITERS = {
  jsonl: (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  csv: (rows: readonly Row[]) => {
    const cells = rows.map((row) => new Map(flat(row)));
    const header = [...new Set(cells.flatMap((row) => [...row.keys()]))];
    const lines = cells.map((row) => header.map((name) => `"${(row.get(name) ?? '').replaceAll('"', '""')}"`).join(','));
    return `\uFEFF${[header.join(','), ...lines].join('\r\n')}\r\n`;
  },
};

const SAMPLE = [
  'data/documents.jsonl',
  'data/messages.jsonl',
  'data/examples.jsonl',
  'data/holdout.jsonl',
  'data/examples',
  'data/loop',
  'data/holdout',
  'data/catalogue.csv',
  'holdout',
];

/** A project of the preset with nothing of the sample's data left. */
async function projectWith({ preset, kinds, shared = [], other = {} }: Own, format: keyof typeof WRITERS): Promise<string> {
  const project = await setUp(preset);
  for (const path of SAMPLE) rmSync(join(project, path), { recursive: true, force: true });
  const isEvaluated = preset !== 'response-time';
  const data: object[] = [];
  for (const [kind, { schema, id, rows }] of Object.entries(kinds)) {
    const files = [['my', 40, 'm'] as const, ...(shared.includes(kind) ? [] : [['later', 30, 'l'] as const])];
    for (const [name, count, prefix] of files) {
      const path = `${name}-${kind}.${format}`;
      writeFileSync(join(project, path), WRITERS[format](rows(count, prefix)));
      const split = shared.includes(kind) ? 'open' : name === 'later' ? 'holdout' : undefined;
      data.push({ path, schema, ...(id !== undefined && { id }), ...(split !== undefined && { split }) });
    }
  }
  for (const [path, text] of Object.entries(other)) writeFileSync(join(project, path), text);
  const sealed = isEvaluated
    ? ['later-*', ...Object.keys(kinds).flatMap((kind) => (shared.includes(kind) ? [] : [`my-${kind}.*`]))]
    : ['later-*'];
  writeFileSync(join(project, '.gitignore'), ['.autoresearch/', 'results', '*.items.csv', 'counts.json', ...sealed].join('\n'));
  writeFileSync(
    join(project, 'autoresearch.config.yaml'),
    JSON.stringify({ extends: `preset:${preset}`, data, workspace: { holdout: [] } }),
  );
  git(project, 'add', '-A');
  git(project, 'commit', '-qm', 'Our data');
  return project;
}

describe.each(PRESETS)('$preset', (own) => {
  it.each(['csv', 'jsonl'] as const)('measures the files that the config names, here %s, in the loop and in audits', async (format) => {
    const project = await projectWith(own, format);
    const gates = 'gates=[{use: min-delta}, {use: audit, with: {runs: 2}}]';
    const { experiments } = await replay(project, [own.change], gates, ...(own.set ?? []));
    expect(experiments.map(({ verdict }) => verdict)).toEqual(['keep', 'keep']);
    expect(experiments[0]?.metrics).toMatchObject(own.baseline);
    const { opening, sessions } = await readRun((await openRepository(project)).git, 'planted');
    expect(opening.data?.map(({ path, rows }) => [path, rows])).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(`^my-.*${format}$`), 40],
        [expect.stringMatching(`^later-.*${format}$`), 30],
      ]),
    );
    const audits = sessions.flatMap((session) => (session.kind === 'audit' ? [session.audit] : []));
    expect(audits).toHaveLength(1);
    expect([...(audits[0]?.trials.final ?? []), ...(audits[0]?.trials.anchor ?? [])].map(({ metrics }) => metrics['rows'])).toEqual(
      Array(4).fill(30),
    );
  });

  it('names file, line and column where the columns are not those of the schema', async () => {
    const project = await projectWith(own, 'csv');
    const [kind] =
      Object.entries(own.kinds).find(([, { rows }]) => flat(rows(1, 'x')[0] ?? {}).some(([name]) => name === own.column)) ?? [];
    const path = join(project, `my-${kind}.csv`);
    const rows = own.kinds[kind ?? '']
      ?.rows(3, 'm')
      .map((row) => Object.fromEntries(flat(row).map(([name, value]) => [name === own.column ? `${name}s` : name, value])));
    writeFileSync(path, WRITERS.csv(rows ?? []));
    git(project, 'commit', '-qam', 'Another column', '--allow-empty');
    const { code, out } = cli(project, 'check');
    expect(code).toBe(3);
    const last = own.column.split('.').at(-1);
    expect(out).toMatch(new RegExp(`my-${kind}\\.csv:1 DATA_ROW_INVALID .*"${last}s"\\. Did you mean "${last}"\\?`));
  });
});
