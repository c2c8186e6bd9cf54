import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlugin } from '../../../src/testing.ts';
import { BlockFile } from './append.ts';
import { header, pointFrame } from './frames.ts';
import tensorboard from './index.ts';

testPlugin(tensorboard, {
  options: { valid: [{}, { dir: 'runs', curves: 'all' }], invalid: [{ dir: '' }, { curves: 'some' }, { logdir: 'x' }] },
});

// That TensorBoard reads all of it is tested against the real one in test/trackers.

it('writes length, checksum, event and checksum', () => {
  const frame = pointFrame({ tag: 'a', step: 1, seconds: 0, value: 1 });
  expect(header(0).readBigUInt64LE()).toBe(24n);
  expect(header(0)).toHaveLength(24 + 16);
  expect(frame).toHaveLength(Number(frame.readBigUInt64LE()) + 16);
  // The first bytes of every event file.
  expect(header(0).subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
});

it('holds each block once, wherever a write is cut short and done again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ block: fc.string({ minLength: 1, maxLength: 40 }), cut: fc.option(fc.nat(50)) }), { minLength: 1 }),
      async (writes) => {
        const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
        const file = join(folder, 'log', 'events');
        const open = () => new BlockFile(file, join(folder, 'mark'), Buffer.from('head:'));
        let session = open();
        try {
          for (const [index, { block, cut }] of writes.entries()) {
            await session.append(String(index), Buffer.from(block));
            if (cut === null) continue;
            session = open();
            // The process was killed within the write: its end is missing, and it is written again.
            const written = Buffer.byteLength(block);
            truncateSync(file, readFileSync(file).length - Math.min(cut, written));
            await session.append(String(index), Buffer.from(block));
          }
          expect(readFileSync(file, 'utf8')).toBe(`head:${writes.map(({ block }) => block.toWellFormed()).join('')}`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 30 },
  );
});
