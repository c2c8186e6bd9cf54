import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinDefinitions } from '../scripts/builtin-definitions.ts';
import { buildReference } from '../scripts/build-reference.ts';
import { KINDS } from '../src/plugins/builtin.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'reference.md'), 'utf8');

test('the committed page is what the script writes', async () => {
  expect(page, 'stale: run npm run schemas').toBe(await buildReference());
});

test('every built-in has a section with its description and a row for each option', async () => {
  for (const kind of KINDS) {
    for (const { name, schema } of await builtinDefinitions(kind)) {
      const section = page.split(`\n### ${name} (${kind})\n`)[1]?.split('\n##')[0] ?? '';
      const rows = [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]);
      expect(rows, name).toEqual(expect.arrayContaining(schema === false ? [] : Object.keys(schema.properties)));
      expect(section.trim().length, name).toBeGreaterThan(20);
    }
  }
});
