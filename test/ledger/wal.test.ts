import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposedExperiment } from '../../src/experiment.ts';
import { createSigner, keyIn } from '../../src/ledger/signed-lines.ts';
import { countForeignLines, readInFlight, removeSettled, WriteAhead } from '../../src/ledger/wal.ts';
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

const none = (_id: number) => false;
const upTo = (last: number) => (id: number) => id <= last;
const titles = (runDir: string, isSettled = none) => readInFlight(runDir, isSettled).map(({ experiment }) => experiment.proposal.title);

describe('the write-ahead files', () => {
  it('give the last state of each experiment that is not settled, and where it was', () => {
    const runDir = join(makeFolder(), 'deep');
    const wal = new WriteAhead(runDir);
    wal.write(state(3, 'old'), 'a');
    wal.write(state(5, 'other'), 'desk-1');
    wal.write(state(4, 'first'), 'a');
    wal.write(state(4, 'second'), 'b');
    expect(readInFlight(runDir, upTo(3)).map(({ place, experiment }) => [place, experiment.proposal.title])).toEqual([
      ['b', 'second'],
      ['desk-1', 'other'],
    ]);
    wal.forget(4);
    expect(titles(runDir, upTo(3))).toEqual(['other']);
    wal.forget(5);
    expect(titles(runDir, upTo(3))).toEqual([]);
    wal.write(state(5, 'again'), 'a');
    wal.close();
    expect(titles(runDir, upTo(3))).toEqual(['again']);
    removeSettled(runDir, (id) => id === 3);
    expect(readdirSync(join(runDir, 'wal'))).toEqual(['5.jsonl']);
  });

  it('that are not there hold nothing', () => expect(readInFlight(join(makeFolder(), 'none'), none)).toEqual([]));

  it('are read as an earlier version has written them', () => {
    const runDir = makeFolder();
    const signer = createSigner(keyIn(join(runDir, 'wal.key')));
    writeFileSync(join(runDir, 'wal.jsonl'), `${signer.sign(state(1, 'one'))}\n${signer.sign(state(2, 'two'))}\n`);
    expect(readInFlight(runDir, upTo(1))).toEqual([{ experiment: state(2, 'two'), place: undefined }]);
  });

  it('lose only the line that a kill has torn, at whatever byte, and can be written on', () => {
    const runDir = makeFolder();
    mkdirSync(join(runDir, 'wal'));
    const signer = createSigner(keyIn(join(runDir, 'wal.key')));
    const whole = [state(1, 'one 😀'), state(1, 'two\n')].map((each) => signer.sign(each));
    const bytes = Buffer.from(whole.map((line) => `${line}\n`).join(''));
    const firstEnd = Buffer.byteLength(whole[0] ?? '');
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        writeFileSync(join(runDir, 'wal/1.jsonl'), bytes.subarray(0, length));
        const expected = length >= bytes.length - 1 ? ['two\n'] : length >= firstEnd ? ['one 😀'] : [];
        expect(titles(runDir)).toEqual(expected);
        const wal = new WriteAhead(runDir);
        wal.write(state(1, 'after'), 'a');
        wal.close();
        expect(titles(runDir)).toEqual(['after']);
        expect(titles(runDir, upTo(1))).toEqual([]);
      }),
    );
  });

  it('give no line in which a byte was changed, nor one of another key', () => {
    const runDir = makeFolder();
    mkdirSync(join(runDir, 'wal'));
    const file = join(runDir, 'wal/1.jsonl');
    const line = createSigner(keyIn(join(runDir, 'wal.key'))).sign(state(1, 'ours'));
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        writeFileSync(file, `${changed}\n`);
        expect(titles(runDir)).toEqual(changed.trimEnd() === line ? ['ours'] : []);
      }),
    );
    writeFileSync(file, `${createSigner(Buffer.alloc(32)).sign(state(1))}\n${line}\n${JSON.stringify(state(1, 'theirs'))}\n{"torn":`);
    expect([titles(runDir), countForeignLines(runDir)]).toEqual([['ours'], 2]);
    rmSync(join(runDir, 'wal.key'));
    expect([titles(runDir), countForeignLines(runDir)]).toEqual([[], 3]);
  });

  it('take no harm from lines that are something else', () => {
    const runDir = makeFolder();
    mkdirSync(join(runDir, 'wal'));
    const file = join(runDir, 'wal/7.jsonl');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (lines) => {
        writeFileSync(file, lines.join('\n'));
        expect(readInFlight(runDir, none)).toEqual([]);
      }),
    );
    writeFileSync(file, '');
    appendFileSync(file, 'null\n[]\n7\n');
    expect([readInFlight(runDir, none), readFileSync(file, 'utf8')]).toEqual([[], 'null\n[]\n7\n']);
  });
});
