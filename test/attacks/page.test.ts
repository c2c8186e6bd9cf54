import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ATTACKS } from './all.ts';
import { PAGE, pageWith, renderAttacks } from './render.ts';

test('docs/security.md has the table of attacks as the tests hold it', async () => {
  expect(readFileSync(PAGE, 'utf8'), 'stale: run npm run attacks -- --write').toBe(pageWith(await renderAttacks(ATTACKS)));
});

test('no two attacks have one name', () => {
  const names = ATTACKS.map(({ where, name }) => `${where} ${name}`);
  expect(names).toEqual([...new Set(names)]);
});
