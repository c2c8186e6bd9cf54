import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { builtinNames } from '../../src/plugins/builtin.ts';
import { makeProject } from './project.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'objectives.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
const BASE = [
  'scope: { edit: [a] }',
  'objective: { use: single, with: { metric: loss, direction: minimize } }',
  'agent: { use: command, with: { run: [a] } }',
  'trainer: { use: command, with: { run: [a] } }',
  'metrics:',
  ...['loss', 'latency_ms', 'accuracy'].map((name) => `  ${name}: { use: regex, with: { pattern: '(.)' } }`),
  'gates: [{ use: min-delta }]',
].join('\n');

test.each(blocks)('example %# works', async (block) => {
  const dir = makeProject({ 'base.yaml': BASE, 'autoresearch.config.yaml': `extends: ./base.yaml\n${block}` });
  await expect(loadConfig({ cwd: dir })).resolves.toBeDefined();
});

test('every objective has a section and an example', () => {
  for (const name of builtinNames('objective')) {
    expect(page).toContain(`\n## ${name}\n`);
    expect(blocks.some((block) => block.includes(`use: ${name}`))).toBe(true);
  }
});
