/** The kit declares its laws in the runner it is called in, and a broken law fails there, with its words. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exec } from '../../src/process/exec.ts';
import { makeFolder } from '../helpers/repo.ts';

const root = join(import.meta.dirname, '..', '..');

function gate(judge: string): string {
  return `{ kind: 'gate', name: 'g', apiVersion: 1, description: 'd', schema: false, create: () => ({ judge: ${judge} }) }`;
}
const LAWFUL = gate(`() => ({ outcome: 'pass', code: 'X', reason: 'x' })`);
const BROKEN = gate(`({ score }) => ({ outcome: score.value < 1 ? 'pass' : 'fail', code: 'X', reason: 'x' })`);

function write(definition: string): string {
  const folder = makeFolder();
  const kit = pathToFileURL(join(root, 'src', 'testing.ts')).href;
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'vitest'), join(folder, 'node_modules', 'vitest'));
  writeFileSync(
    join(folder, 'g.test.mjs'),
    `import { testPlugin } from '${kit}';\ntestPlugin(${definition}, { options: { valid: [{}], invalid: [] } });\n`,
  );
  return folder;
}

// Nothing of the runner these tests run under may reach the child.
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1' };
const RUNNERS = {
  'node:test': [process.execPath, '--test', '--test-reporter=spec', 'g.test.mjs'],
  vitest: [process.execPath, join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', '.', '--reporter=verbose'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

describe.each(Object.entries(RUNNERS))('under %s', (_name, argv) => {
  test('a lawful plugin passes', async () => {
    const { exit, tail } = await exec(argv, { cwd: write(LAWFUL), env, timeoutMs: 60_000 });
    expect(tail).toContain('gate g');
    expect(tail).toContain('describes every option');
    expect(tail).toContain('decides the same for mirrored scores and direction: worse');
    expect(exit, tail).toBe('completed');
  });

  test('a broken law fails with its name, what was expected and what came', async () => {
    const { exitCode, tail } = await exec(argv, { cwd: write(BROKEN), env, timeoutMs: 60_000 });
    expect(exitCode).toBe(1);
    expect(tail).toContain('gate g breaks the rule "decides the same for mirrored scores and direction: worse"');
    expect(tail).toMatch(/expected: the same decision if scores are negated/);
    expect(tail).toMatch(/came: +judge: fail X for minimize, judge: pass X mirrored/);
    expect(tail).not.toMatch(/breaks the rule "describes every option"/);
  });
});
