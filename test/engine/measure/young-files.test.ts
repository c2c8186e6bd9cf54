import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Digests } from '../../../src/engine/measure/digests.ts';
import { Seal } from '../../../src/seals/seal.ts';
import { makeFolder } from '../../helpers/repo.ts';

/** So often that some rewrites fall into the tick of the file system's clock in which the file was made: up to 4 ms on Linux before 6.13. */
const TIMES = 100;

it('a seal finds every change of a file that was written a moment before', () => {
  for (let time = 0; time < TIMES; time++) {
    const file = join(makeFolder(), 'data.txt');
    writeFileSync(file, 'seen');
    const seal = new Seal([file]);
    expect(seal.breaks()).toEqual([]);
    writeFileSync(file, 'fake');
    expect(seal.breaks()).toEqual([{ path: file, how: 'changed' }]);
  }
});

it('a digest is that of the present content of a file that was written a moment before', async () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const digests = new Digests();
  const file = join(makeFolder(), 'data.txt');
  for (let time = 0; time < TIMES; time++) {
    const text = String(1000 + time);
    writeFileSync(file, text);
    expect(statSync(file).size).toBe(4);
    expect(await digests.of(file)).toBe(sha256(text));
  }
});
