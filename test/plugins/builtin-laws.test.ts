import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinNames, KINDS } from '../../src/plugins/builtin.ts';

const root = join(import.meta.dirname, '..', '..', 'plugins');

test.each(KINDS.flatMap((kind) => builtinNames(kind).map((name) => `${kind}s/${name}`)))('%s keeps the rules for its kind', (folder) => {
  const tests = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'));
  expect(tests.some((name) => readFileSync(join(root, folder, name), 'utf8').includes('testPlugin('))).toBe(true);
});
