import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposedExperiment } from '../../src/experiment.ts';
import { readInFlight, WriteAhead } from '../../src/ledger/wal.ts';
import { makeFolder } from '../helpers/repo.ts';

const state = (id: number, title = 'x'): ProposedExperiment => ({
  v: 1,
  run: 'night',
  id,
  state: 'proposed',
  startedAt: '',
  parent: '0',
  proposal: { title, hypothesis: '', rationale: '', risks: [], agent: 'a', source: 'schema' },
});

describe('the write-ahead file', () => {
  it('gives the last state that is not settled', () => {
    const file = join(makeFolder(), 'deep/wal.jsonl');
    const wal = new WriteAhead(file);
    wal.write(state(3, 'old'));
    wal.write(state(4, 'first'));
    wal.write(state(4, 'second'));
    expect(readInFlight(file, 3)?.proposal.title).toBe('second');
    expect(readInFlight(file, 4)).toBeNull();
    wal.clear();
    expect(readInFlight(file, 3)).toBeNull();
    wal.write(state(5));
    wal.close();
    expect(readInFlight(file, 4)?.id).toBe(5);
  });

  it('that is not there holds nothing', () => expect(readInFlight(join(makeFolder(), 'none'), -1)).toBeNull());

  it('loses only the line that a kill has torn, at whatever byte, and can be written on', () => {
    const folder = makeFolder();
    const whole = [state(1, 'one 😀'), state(2, 'two\n')].map((each) => JSON.stringify(each));
    const bytes = Buffer.from(whole.map((line) => `${line}\n`).join(''));
    const firstEnd = Buffer.byteLength(whole[0] ?? '');
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        const file = join(folder, 'wal.jsonl');
        writeFileSync(file, bytes.subarray(0, length));
        const expected = length >= bytes.length - 1 ? 2 : length >= firstEnd ? 1 : null;
        expect(readInFlight(file, 0)?.id ?? null).toBe(expected);
        const wal = new WriteAhead(file);
        wal.write(state(3, 'after'));
        wal.close();
        expect(readInFlight(file, 0)?.proposal.title).toBe('after');
        expect(readInFlight(file, 3)).toBeNull();
      }),
    );
  });

  it('takes no harm from lines that are something else', () => {
    const file = join(makeFolder(), 'wal.jsonl');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (lines) => {
        writeFileSync(file, lines.filter((line) => !line.includes('"id"')).join('\n'));
        expect(readInFlight(file, -1)).toBeNull();
      }),
    );
    writeFileSync(file, '');
    appendFileSync(file, 'null\n[]\n7\n');
    expect([readInFlight(file, -1), readFileSync(file, 'utf8')]).toEqual([null, 'null\n[]\n7\n']);
  });
});
