import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/repo.ts';
import { workerScript } from '../../src/remote/worker-script.ts';

/** What worker.sh says of a job whose folder has these files. */
function stateOf(files: Readonly<Record<string, string>>): string {
  const root = makeFolder();
  const dir = join(root, 'job.k.1');
  mkdirSync(join(root, 'jobs'));
  mkdirSync(dir);
  copyFileSync(workerScript(), join(root, 'worker.sh'));
  writeFileSync(join(root, 'jobs', 'k'), 'job.k.1\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const said = execFileSync('sh', [join(root, 'worker.sh'), 'poll', 'k', '0'], { encoding: 'utf8' });
  return /^state=(\w*)/.exec(said)?.[1] ?? said;
}

const alive = `${process.pid} ${hostname()}\n`;

test('a job is running from the moment that its process is known, before it has said that it lives', () => {
  expect(stateOf({})).toBe('pending');
  expect(stateOf({ pid: alive })).toBe('running');
  expect(stateOf({ pid: alive, beat: '1000\n' })).toBe('silent');
  expect(stateOf({ pid: `4194400 ${hostname()}\n`, beat: '1000\n' })).toBe('gone');
  expect(stateOf({ pid: alive, end: 'code=0\n' })).toBe('ended');
});
