import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposedExperiment } from '../../src/experiment.ts';
import { createSigner, keyIn } from '../../src/ledger/signed-lines.ts';
import { countForeignLines, readInFlight, WriteAhead } from '../../src/ledger/wal.ts';
import { makeFolder } from '../helpers/repo.ts';

const state = (id: number, title = 'x'): ProposedExperiment => ({
  v: 1,
  run: 'night',
  id,
  kind: 'change',
  basis: { incumbent: 0, commit: '0' },
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
    const signer = createSigner(keyIn(join(folder, 'wal.key')));
    const whole = [state(1, 'one 😀'), state(2, 'two\n')].map((each) => signer.sign(each));
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

  it('takes up no line in which a byte was changed, nor one of another key', () => {
    const folder = makeFolder();
    const file = join(folder, 'wal.jsonl');
    const line = createSigner(keyIn(join(folder, 'wal.key'))).sign(state(1, 'ours'));
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        writeFileSync(file, `${changed}\n`);
        expect(readInFlight(file, 0)?.id ?? null).toBe(changed.trimEnd() === line ? 1 : null);
      }),
    );
    writeFileSync(file, `${createSigner(Buffer.alloc(32)).sign(state(1))}\n${line}\n${JSON.stringify(state(1, 'theirs'))}\n{"torn":`);
    expect([readInFlight(file, 0)?.proposal.title, countForeignLines(file)]).toEqual(['ours', 2]);
    rmSync(join(folder, 'wal.key'));
    expect([readInFlight(file, 0), countForeignLines(file)]).toEqual([null, 3]);
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
