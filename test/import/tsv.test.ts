import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AutoresearchErrors, formatError, type AutoresearchError } from '../../src/errors.ts';
import { parseLog } from '../../src/import/tsv.ts';
import { HEADER, logOf, ROWS } from './results.ts';

const parse = (text: string) => parseLog(Buffer.from(text), 'results.tsv');

function problemsOf(text: string | Uint8Array): string[] {
  try {
    parseLog(typeof text === 'string' ? Buffer.from(text) : text, 'results.tsv');
  } catch (error) {
    const errors = error instanceof AutoresearchErrors ? error.errors : [error as AutoresearchError];
    return errors.map((one) => formatError(one).split('\n')[0] ?? '');
  }
  return [];
}

describe('a log', () => {
  it('is read whatever its line ends are, with a mark at its start, blank lines, and letters of any alphabet', () => {
    const expected = parse(logOf(ROWS));
    expect(expected.metric).toBe('val_bpb');
    expect(expected.rows).toHaveLength(ROWS.length);
    expect(expected.rows[3]).toEqual({
      line: 5,
      commit: 'abc0030',
      value: null,
      memoryGb: 0,
      status: 'crash',
      description: '深さを倍にする (OOM)',
    });
    expect(parse(logOf(ROWS, '\r\n'))).toEqual(expected);
    expect(parse(`\uFEFF${logOf(ROWS)}\n\n`)).toEqual(expected);
  });

  it('may have another metric', () => {
    expect(parse(logOf(ROWS).replace('val_bpb', 'accuracy')).metric).toBe('accuracy');
  });

  it('comes back as it was written', () => {
    const word = fc.stringMatching(/^[^\t\r\n\p{Cc}\s][^\t\r\n\p{Cc}]{0,30}[^\t\r\n\p{Cc}\s]$/u);
    const row = fc.record({
      value: fc.double({ min: 0.001, max: 9, noNaN: true }),
      status: fc.constantFrom('keep', 'discard'),
      description: word,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const first = { value: 1, status: 'keep', description: 'baseline' };
        const written = [first, ...rows];
        const text = logOf(written.map(({ value, status, description }) => `abcdef1\t${value}\t1.5\t${status}\t${description}`));
        expect(parse(text).rows.map(({ value, status, description }) => ({ value, status, description }))).toEqual(
          written.map((one) => ({ ...one, description: one.description.trim() })),
        );
      }),
    );
  });
});

describe('a bad log', () => {
  it('is answered with everything that is wrong, each with its line', () => {
    const text = logOf([
      ROWS[0] ?? '',
      'abc1230 0.9 44.0 keep with blanks',
      'xyz\t0.99\t44.0\tkeep\tno commit',
      'abc1230\tnan\t44.0\tkeep\tno number',
      'abc1230\t0.99\t-1\tkept\ttwo faults',
      'abc1230\t0.99\t44.0\tkeep\t',
      'abc1230\t0.99\t44.0\tkeep\ta\ttab',
      'abc1230\t0.99\t0.0\tcrash\ta value',
      'abc1230\t0.000000\t0.0\tdiscard\tno value',
    ]);
    expect(problemsOf(text)).toEqual([
      'results.tsv:3 IMPORT_INVALID 1 column instead of 5: "abc1230 0.9 44.0 keep with blanks"',
      'results.tsv:4 IMPORT_INVALID "xyz" is not the id of a commit',
      'results.tsv:5 IMPORT_INVALID the value "nan" is not a number',
      'results.tsv:6 IMPORT_INVALID the memory "-1" is not a number of 0 or more',
      'results.tsv:6 IMPORT_INVALID the status "kept" is not keep, discard or crash',
      'results.tsv:7 IMPORT_INVALID the description is empty',
      'results.tsv:8 IMPORT_INVALID 6 columns instead of 5: "abc1230⇥0.99⇥44.0⇥keep⇥a⇥tab"',
      'results.tsv:9 IMPORT_INVALID a crash has no value, and here it is 0.99',
      'results.tsv:10 IMPORT_INVALID 0 and 0 stand for a crash, and the status is "discard"',
    ]);
  });

  it.each([
    ['', 'results.tsv:1 IMPORT_INVALID the first line is empty'],
    [ROWS.join('\n'), 'results.tsv:1 IMPORT_INVALID the first line is not a header: "abc0000⇥0.997900⇥44.0⇥keep⇥baseline"'],
    [HEADER, 'results.tsv:1 IMPORT_INVALID there is no row below the header, and the baseline is needed'],
    [logOf(ROWS.slice(2)), 'results.tsv:2 IMPORT_INVALID the first row is the baseline, and its status is discard'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('of other bytes than UTF-8 says so', () => {
    expect(problemsOf(Uint8Array.from([0x63, 0xff, 0x09]))).toEqual(['results.tsv IMPORT_INVALID the file is not UTF-8 text']);
  });
});
