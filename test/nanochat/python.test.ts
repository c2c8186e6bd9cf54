import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { PYTHON } from './environment.ts';

it('the Python of the preset passes its own tests', async () => {
  const cwd = join(import.meta.dirname, 'python');
  const { exitCode, all } = await execa(PYTHON, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], { cwd, all: true, reject: false });
  expect(exitCode, all).toBe(0);
});
