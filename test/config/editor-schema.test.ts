import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildEditorSchema } from '../../scripts/build-editor-schema.ts';
import { builtinNames, KINDS } from '../../src/plugins/builtin.ts';
import { goodConfig } from './project.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'editor.schema.json'), 'utf8');

test('the committed file is what the script writes', async () => {
  expect(text, 'stale: run node scripts/build-editor-schema.ts').toBe(await buildEditorSchema());
});

describe('in an editor', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(text));
  const accepts = (config: string): boolean => validate(parse(config));

  test('a good config has no marks, and neither has one that leaves keys to what it extends', () => {
    expect(accepts(goodConfig())).toBe(true);
    expect(accepts('extends: preset:tiny-lm\nobjective: { with: { direction: maximize } }\n')).toBe(true);
    const agents = '[{ use: replay, with: { from: ideas } }, { use: ./a.ts, name: b, timeout: 5m, with: { anything: 1 } }]';
    expect(accepts(goodConfig({ agent: `agent: { use: portfolio, with: { agents: ${agents}, halfLife: 20 } }` }))).toBe(true);
    expect(accepts(goodConfig({ agent: 'agent: [{ use: ./a.ts }, { use: some-package, with: { anything: 1 } }]' }))).toBe(true);
  });

  test.each([
    [{ scope: 'scope: { edti: [a] }' }],
    [{ scope: '' }],
    [{ gates: 'gates: [{ use: min-delta, with: { detla: 1 } }]' }],
    [{ gates: 'gates: [{ with: {} }]' }],
    [{ objective: 'objective: { use: single, with: { metric: loss, direction: down } }' }],
    [{ trainer: 'trainer: { use: command, with: { run: [a] }, timeout: 5 minutes }' }],
    [{ agent: 'agent: { use: replay, with: { no_such_option: 1 } }' }],
    [{ agent: 'agent: { use: portfolio, with: { agents: [{ use: replay, with: { no_such_option: 1 } }] } }' }],
    [{ agent: 'agent: { use: portfolio, with: { agents: [{ use: replay, tiemout: 5m }] } }' }],
    [{ agent: 'agent: { use: portfolio, with: { agents: [{ name: a }] } }' }],
  ])('%j is marked', (parts) => {
    expect(accepts(goodConfig(parts))).toBe(false);
  });

  test('every built-in can be completed, with its description', () => {
    const { definitions } = JSON.parse(text);
    for (const kind of KINDS) {
      const offered: readonly { const?: string; description?: string }[] = definitions[kind].properties.use.anyOf;
      for (const name of builtinNames(kind)) expect(offered).toContainEqual({ const: name, description: expect.stringMatching(/\.$/) });
    }
  });
});
