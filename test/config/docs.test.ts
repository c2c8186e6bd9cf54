import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../schemas/config.schema.json' with { type: 'json' };
import { loadConfig } from '../../src/config/load-config.ts';
import { failures, makeProject } from './project.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'config.md'), 'utf8');
const rows = new Map(
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map((cells) => [cells[1]?.replaceAll('`', '') ?? '', cells] as const),
);

interface Property {
  readonly $ref?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
}

function keysOf(properties: Readonly<Record<string, Property>>, prefix = ''): [string, Property][] {
  return Object.entries(properties).flatMap(([key, property]) => {
    const inner: [string, Property][] = property.properties ? keysOf(property.properties, `${prefix}${key}.`) : [];
    return property.properties === undefined || property.default !== undefined ? [[prefix + key, property], ...inner] : inner;
  });
}

const { use: _trainer, with: _options, ...plugins } = schema.$defs.trainer.properties;
const { use: _use, with: _with, ...agent } = schema.$defs.agent.properties;
const keys = [...keysOf(schema.properties), ...keysOf(plugins, 'trainer.'), ...keysOf(agent, 'agent.')].filter(
  ([key]) => rows.has(key) || !['workspace', 'stop'].includes(key),
);

test.each(keys)('%s is on the page, with its default', (key, property) => {
  const cells = rows.get(key);
  expect(cells).toBeDefined();
  if (property.default !== undefined) expect(parse(cells?.[3]?.replaceAll('`', '') ?? '')).toEqual(property.default);
});

test.each(keys)('%s is described in the schema', (_key, property) => {
  expect(property.description).toMatch(/\.$/);
});

test('the page names no key that does not exist', () => {
  const known = new Set(['extends', ...keys.flatMap(([key]) => key.split('.').map((_, at, steps) => steps.slice(0, at + 1).join('.')))]);
  const inTable =
    page
      .split('## Keys')[1]
      ?.split('## Plugins')[0]
      ?.match(/^\| `([a-z.]+)`/gm) ?? [];
  expect(inTable.length).toBeGreaterThan(20);
  for (const cell of inTable) expect(known).toContain(cell.slice(3, -1));
});

const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');

test('the first example is a good config', async () => {
  const dir = makeProject({ 'autoresearch.config.yaml': blocks[0] ?? '' });
  const { config } = await loadConfig({ cwd: dir });
  expect(config.budget).toEqual({ experiments: 100, time: '8h' });
});

test('the example of variables fills them in', async () => {
  const block = blocks.find((text) => text.includes('${DATA_DIR')) ?? '';
  const whole = (blocks[0] ?? '').replace(/^(?:workspace|budget):.*\n/gm, '') + block;
  const { config } = await loadConfig({ cwd: makeProject({ 'autoresearch.config.yaml': whole }) });
  expect([config.workspace.link, config.budget]).toEqual([['data'], { time: '8h', experiments: 100 }]);
});

test('the example of extends does what the page says', async () => {
  const dir = makeProject({ 'autoresearch.config.yaml': blocks[1] ?? '', 'base.yaml': blocks[0] ?? '' });
  const { config } = await loadConfig({ cwd: dir });
  expect(config.budget).toEqual({ experiments: 100, time: '1h' });
  expect(config.program).toBeUndefined();
});

test('the error on the page is the error that is shown', async () => {
  const shown = /```text\n(.*?)\n```/s.exec(page)?.[1];
  const lines = [
    'scope: { edit: [a] }',
    'objective: { use: single, with: { metric: loss, direction: minimize } }',
    'agent: { use: command, with: { run: [a] } }',
    'trainer: { use: command, with: { run: [a] } }',
    'metrics:',
    "  loss: { use: regex, with: { pattern: '(.)' } }",
    'seed: 1',
    'gates:',
    '  - { use: min-delta, with: { detla: 0.001 } }',
    '  - { use: guardrail, with: { metric: loss, max: 9 } }',
  ];
  const { errors } = await failures(makeProject({ 'autoresearch.config.yaml': lines.join('\n') }));
  const { formatError } = await import('../../src/errors.ts');
  expect(errors.map(formatError)).toEqual([shown]);
});
