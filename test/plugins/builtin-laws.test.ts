import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinNames, KINDS } from '../../src/plugins/builtin.ts';

const root = join(import.meta.dirname, '..', '..');
/** Where the tests of a plugin are: beside it, or in a suite of their own. */
const OWN_SUITES: Readonly<Record<string, string>> = { 'trainers/ray': 'test/ray' };

test.each(KINDS.flatMap((kind) => builtinNames(kind).map((name) => `${kind}s/${name}`)))('%s keeps the rules for its kind', (folder) => {
  const dir = join(root, OWN_SUITES[folder] ?? join('plugins', folder));
  const tests = readdirSync(dir).filter((name) => name.endsWith('.test.ts'));
  expect(tests.some((name) => readFileSync(join(dir, name), 'utf8').includes('testPlugin('))).toBe(true);
});
