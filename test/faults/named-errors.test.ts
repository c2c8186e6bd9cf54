/**
 * Node hides some errors of the system: `rmSync` of a folder gives no code, `mkdirSync` with `recursive` gives a wrong one.
 * Each call below fails in turn with each error that the injector knows for it, and must be told by its true name.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../helpers/repo.ts';
import { buildInjector, type Injector } from './injector.ts';

const SRC = join(import.meta.dirname, '../../src');

/** Four rounds, since the error depends on the number of the call. What it prints is the code of the error, or what it read. */
const PROGRAM = `
import { rmSync, writeFileSync } from 'node:fs';
import { makeFolders } from ${JSON.stringify(join(SRC, 'folders.ts'))};
import { errorOfMachine } from ${JSON.stringify(join(SRC, 'machine-errors.ts'))};
import { namesIfThere, readTextIfReadable, readTextIfThere } from ${JSON.stringify(join(SRC, 'read-if-there.ts'))};
const top = process.argv[2] + '/.autoresearch/a';
try {
  for (let round = 0; round < 4; round++) {
    makeFolders(top + '/b/c');
    writeFileSync(top + '/b/file', 'x');
    const read = [readTextIfThere(top + '/b/file'), readTextIfReadable(top + '/b/file'), namesIfThere(top + '/b').join()].join(' ');
    if (read !== 'x x c,file') throw new Error('read as empty: ' + read);
    rmSync(top, { recursive: true, force: true });
    if (round % 2 === 0) namesIfThere(top);
  }
  console.log('whole');
} catch (error) {
  console.log(errorOfMachine(error)?.code ?? String(error));
}
`;

describe('a call that fails', () => {
  it('is named, and never taken for a missing file', ({ skip }) => {
    const injector = buildInjector();
    if (typeof injector === 'string') return skip(injector);
    expect(run(injector, 0)).toBe('whole');
    const calls = injector.calls();
    expect(calls.length).toBeGreaterThan(20);
    const ends = calls.map(({ number }) => run(injector, number));
    const known = ['DISK_FAILING', 'DISK_FULL', 'DISK_READ_ONLY', 'TOO_MANY_FILES'];
    expect(ends.filter((end) => !known.includes(end))).toEqual([]);
    expect([...new Set(ends)].toSorted()).toEqual(known);
  });
});

function run(injector: Injector, at: number): string {
  const dir = makeFolder();
  const file = join(dir, 'program.ts');
  writeFileSync(file, PROGRAM);
  const env = { ...process.env, ...injector.env(dir, at, 'once') };
  return execFileSync(process.execPath, [file, dir], { env, encoding: 'utf8' }).trim();
}
