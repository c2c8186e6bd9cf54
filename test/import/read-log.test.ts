import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AutoresearchErrors, formatError, type AutoresearchError } from '../../src/errors.ts';
import { readLog, type ReadOptions } from '../../src/import/read-log.ts';
import { logOf, ROWS } from './results.ts';

const read = (text: string, options: ReadOptions = {}) => readLog(Buffer.from(text), 'log', options);

function problemsOf(text: string | Uint8Array, options: ReadOptions = {}): string[] {
  try {
    readLog(typeof text === 'string' ? Buffer.from(text) : text, 'log', options);
  } catch (error) {
    const errors = error instanceof AutoresearchErrors ? error.errors : [error as AutoresearchError];
    return errors.map((one) => formatError(one));
  }
  return [];
}

const short = (text: string, options: ReadOptions = {}) =>
  read(text, options).rows.map(({ commit, value, status, description }) => [commit, value, status, description]);

describe('the log of the original', () => {
  it('is read whatever its line ends are, with a mark at its start, blank lines, and letters of any alphabet', () => {
    const expected = read(logOf(ROWS));
    expect([expected.metric, expected.direction.direction, expected.rows.length]).toEqual(['val_bpb', 'minimize', ROWS.length]);
    expect(expected.rows[3]).toMatchObject({
      line: 5,
      commit: 'abc0030',
      value: null,
      metrics: { memory_gb: 0 },
      status: 'crash',
      description: '深さを倍にする (OOM)',
    });
    expect(read(logOf(ROWS, '\r\n'))).toEqual(expected);
    expect(read(`\uFEFF${logOf(ROWS)}\n\n`)).toEqual(expected);
  });
});

/* One night, written in every manner: whatever the marks, names and words, the same experiments are read. */
interface Entry {
  readonly value: number | null;
  readonly status: 'keep' | 'discard' | 'crash';
  readonly text: string;
}
const words = fc.array(fc.constantFrom('double', 'the', 'batch', 'LR', '0.04', 'GeLU', '→', '深さ', 'x=3', '(OOM)', '50%'), {
  minLength: 2,
  maxLength: 5,
});
const text = words.map((list) => `try ${list.join(' ')}`);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    value: fc.integer({ min: 1000, max: 99_999 }).map((n) => n / 10_000),
    status: fc.constantFrom('keep' as const, 'discard' as const),
    text,
  }),
  fc.record({ value: fc.constant(null), status: fc.constant('crash' as const), text }),
);
const night = fc
  .tuple(fc.integer({ min: 1000, max: 99_999 }), fc.array(entry, { minLength: 1, maxLength: 12 }))
  .map(([first, rest]): Entry[] => [{ value: first / 10_000, status: 'keep', text: 'baseline of the night' }, ...rest]);

const STATUS = {
  keep: ['keep', 'KEEP', 'kept', 'keep*', 'keep (reworked)', 'accepted', 'improved', '✓', '✅ keep', '**keep**', 'true', '保留'],
  discard: [
    'discard',
    'discarded',
    'rejected',
    'reverted',
    'discard: no gain',
    'rolled back',
    'no-op',
    'checks_failed',
    '✗',
    '❌',
    'false',
    '回滚',
  ],
  crash: ['crash', 'CRASH', 'crash_oom', 'error', 'timeout', 'OOM', 'crashed (NaN)', 'killed'],
} as const;
const MISSING = ['', '-', 'N/A', 'nan', 'None', '0.000000', 'OOM'];

const manner = fc.record({
  mark: fc.constantFrom('\t', ',', ';', '|', '  '),
  id: fc.constantFrom('commit', 'Commit Hash', 'sha', 'iteration', 'exp', '#'),
  score: fc.constantFrom('val_bpb', 'val_loss', 'Score', 'metric', 'tok_per_sec', 'primary_f05'),
  status: fc.constantFrom('status', 'Decision', 'verdict', 'outcome', 'kept'),
  description: fc.constantFrom('description', 'Notes', 'idea', 'change', 'summary'),
  memory: fc.constantFrom(null, 'memory_gb', 'peak_vram_mb'),
  extra: fc.constantFrom(null, 'num_steps', 'seed'),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
  words: fc.record({
    keep: fc.constantFrom(...STATUS.keep),
    discard: fc.constantFrom(...STATUS.discard),
    crash: fc.constantFrom(...STATUS.crash),
  }),
  missing: fc.constantFrom(...MISSING),
  unit: fc.constantFrom('', '%', ' s'),
  comment: fc.constantFrom('', '# environment: 8 cores\n', '# metric_direction: lower_is_better\n'),
  end: fc.constantFrom('\n', '\r\n'),
  quoted: fc.boolean(),
  mark16: fc.constantFrom('', '\uFEFF'),
});
type Manner = typeof manner extends fc.Arbitrary<infer M> ? M : never;

const idOf = (index: number, { id }: Manner) => (/commit|sha/i.test(id) ? (0xabc0001 + index * 17).toString(16) : String(index));

function write(entries: readonly Entry[], how: Manner): string {
  const columns: [string, (entry: Entry, index: number) => string][] = [
    [how.id, (_, index) => idOf(index, how)],
    [how.score, ({ value }) => (value === null ? how.missing : `${value}${how.unit}`)],
    ...(how.memory === null
      ? []
      : [
          [how.memory, ({ value }: Entry) => (value === null ? '0.0' : how.memory === 'memory_gb' ? '44.0' : '45056')] as [
            string,
            () => string,
          ],
        ]),
    ...(how.extra === null ? [] : [[how.extra, (_: Entry, index: number) => String(900 + index)] as [string, () => string]]),
    [how.status, ({ status }) => how.words[status]],
    [how.description, ({ text: words }) => words],
  ];
  const sorted = [...columns].sort((a, b) => (how.order[columns.indexOf(a) % 5] ?? 0) - (how.order[columns.indexOf(b) % 5] ?? 0));
  const cell = (raw: string) => (how.quoted && how.mark !== '|' && how.mark !== '  ' ? `"${raw.replaceAll('"', '""')}"` : raw);
  const filled = (raw: string) => (how.mark === '  ' && raw === '' ? '-' : raw);
  const line = (cells: readonly string[]) =>
    how.mark === '|' ? `| ${cells.join(' | ')} |` : cells.map((raw) => cell(filled(raw))).join(how.mark);
  const rule = how.mark === '|' ? [`|${sorted.map(() => '---').join('|')}|`] : [];
  const rows = entries.map((one, index) => line(sorted.map(([, of]) => of(one, index))));
  return (
    how.mark16 +
    [how.comment.trim(), line(sorted.map(([name]) => name)), ...rule, ...rows, '']
      .filter((row, index) => index > 0 || row !== '')
      .join(how.end)
  );
}

describe('a table in any manner', () => {
  it('gives the same experiments', () => {
    fc.assert(
      fc.property(night, manner, (entries, how) => {
        // A word for a column that means the same as the word for a verdict would be a riddle for people, too.
        fc.pre(!(how.unit === ' s' && how.mark === '  '));
        const log = read(write(entries, how), { direction: 'minimize' });
        expect(log.rows.map(({ commit, value, status, description }) => ({ commit, value, status, text: description }))).toEqual(
          entries.map((one, index) => ({ commit: idOf(index, how), ...one })),
        );
        if (how.memory !== null) expect(log.rows[0]?.metrics['memory_gb']).toBe(44);
        if (how.extra !== null) expect(log.rows[0]?.metrics[how.extra]).toBe(900);
      }),
      { numRuns: 600 },
    );
  });
});

describe('logs of forks', () => {
  it('with a comment on top, a counter, a dash for a commit, the change and a guard', () => {
    const log = read(
      '# metric_direction: higher_is_better\niteration\tcommit\tmetric\tdelta\tguard\tstatus\tdescription\n0\ta1b2c3d\t85.2\t0.0\tpass\tbaseline\tas it was\n1\t-\t84\t-1.2\t-\tdiscard\t"tau" down\n2\tb2c3d4e\t88.3\t+3.1\tpass\tkeep (reworked)\tmore tests\n3\t-\t0\t0\t-\thook-blocked\tcommit refused\n4\t-\t-\t-\t-\tpivot\tthink again\n',
    );
    expect([log.metric, log.direction]).toEqual(['metric', { direction: 'maximize', because: 'as the log says' }]);
    expect(log.rows.map(({ commit, value, status }) => [commit, value, status])).toEqual([
      ['a1b2c3d', 85.2, 'keep'],
      ['-', 84, 'discard'],
      ['b2c3d4e', 88.3, 'keep'],
      ['-', 0, 'discard'],
    ]);
    expect(log.rows[1]?.metrics).toEqual({ iteration: 1, delta: -1.2 });
    expect(log.notes.join()).toContain('1 line is no experiment: 7');
  });

  it('in Markdown, between prose', () => {
    const page =
      '# Night\n\nWhat we tried:\n\n| machine | GPU |\n|---|---|\n| a | H100 |\n\n| Run | `val_loss` | Result | What |\n|:--|--:|---|---|\n| 1 | **0.42** | baseline | start |\n| 2 | 0.40 | ✅ kept | a \\| b |\n| 3 | n/a | 💥 crash | too big |\n\nDone.\n';
    expect(short(page)).toEqual([
      ['1', 0.42, 'keep', 'start'],
      ['2', 0.4, 'keep', 'a | b'],
      ['3', null, 'crash', 'too big'],
    ]);
  });

  it('without a header: in the manner of the original, else with the numbers of the columns', () => {
    expect(short('a1b2c3d\t0.99\t44.0\tkeep\tbaseline\nb2c3d4e\t0.98\t44.0\tdiscard\ta bit\n')).toEqual([
      ['a1b2c3d', 0.99, 'keep', 'baseline'],
      ['b2c3d4e', 0.98, 'discard', 'a bit'],
    ]);
    const wide =
      'HEAD\tsmall\t397.0\t17.0\t3.30\tkeep\tfirst version of it\nHEAD\tsmall\t397.0\t17.0\t2.79\tdiscard\tslower: "why?" nobody knows\n';
    expect(problemsOf(wide)).toEqual([
      expect.stringMatching(
        /^log:1 IMPORT_INVALID there is no header, and the first row does not tell which column is the score: 1: "HEAD", 2: "small", 3: "397\.0".*\n.*--map score=/s,
      ),
    ]);
    expect(short(wide, { map: ['score=5'] })).toEqual([
      ['HEAD', 3.3, 'keep', 'first version of it'],
      ['HEAD', 2.79, 'discard', 'slower: "why?" nobody knows'],
    ]);
  });

  it('in JSON Lines that begin with what is measured, and began anew', () => {
    const log = [
      '{"type":"config","name":"x","metricName":"parse_us","metricUnit":"µs","bestDirection":"lower"}',
      '{"run":1,"commit":"c09e722","metric":3818,"metrics":{"allocations":24881},"status":"keep","description":"baseline","timestamp":1773348490227}',
      '{"type":"hook","event":"before","ok":true}',
      '{"run":2,"commit":"c09e722","metric":0,"metrics":{"allocations":0},"status":"crash","description":"too early","timestamp":1773348738557,"segment":0}',
      '{"type":"config","metricName":"render_ms","bestDirection":"higher"}',
      '{"run":3,"commit":"b7ae55f","metric":5,"metrics":{"allocations":7},"status":"keep","description":"start anew","asi":{"hypothesis":"h"}}',
      '{"run":4,"commit":"b7ae55f","metric":6,"metrics":{"allocations":7},"status":"checks_failed","description":"tests broke"}',
      '{"run":5,"comm',
    ].join('\n');
    const last = read(log);
    expect([last.metric, last.direction.direction, last.notes.at(-1)]).toEqual([
      'render_ms',
      'maximize',
      'the log began anew: this is part 2 of 2 (--segment for the others)',
    ]);
    expect(last.rows.map(({ value, status, metrics }) => [value, status, metrics['allocations']])).toEqual([
      [5, 'keep', 7],
      [6, 'discard', 7],
    ]);
    const first = read(log, { segment: 1 });
    expect([first.metric, first.direction.direction]).toEqual(['parse_us', 'minimize']);
    expect(first.rows.map(({ line, value, status, at }) => [line, value, status, at])).toEqual([
      [2, 3818, 'keep', '2026-03-12T20:48:10.227Z'],
      [4, null, 'crash', '2026-03-12T20:52:18.557Z'],
    ]);
    expect(problemsOf(log, { segment: 3 })[0]).toContain('--segment 3');
  });

  it('in JSON: a list, a list inside, and events whose result comes later', () => {
    const runs = [
      { id: 'e1', result: { score: 0.5, seconds: 3 }, decision: 'keep', title: 'start', rationale: 'to begin' },
      { id: 'e2', result: { score: 0.6, seconds: 4 }, decision: 'rejected', title: 'other' },
    ];
    const expected = [
      ['e1', 0.5, 'keep', 'start'],
      ['e2', 0.6, 'discard', 'other'],
    ];
    expect(short(JSON.stringify(runs))).toEqual(expected);
    expect(short(JSON.stringify({ name: 'n', experiments: runs }, null, 2))).toEqual(expected);
    expect(read(JSON.stringify(runs)).rows[0]?.hypothesis).toBe('to begin');
    const events = [
      '{"id":"0","kind":"init","config":{"metric":"startup_us","direction":"lower"}}',
      '{"id":"a","kind":"run","idea":"first","commit_before":"8b3a0a2"}',
      '{"id":"x","kind":"result","run_id":"a","metric_value":8441.0,"kept":true,"commit_after":"9c3a0a2"}',
      '{"id":"b","kind":"run","idea":"second","commit_before":"9c3a0a2"}',
      '{"id":"y","kind":"result","run_id":"b","metric_value":9000.0,"kept":false,"commit_after":"9c3a0a2"}',
    ];
    expect(short(events.join('\n'))).toEqual([
      ['9c3a0a2', 8441, 'keep', 'first'],
      ['9c3a0a2', 9000, 'discard', 'second'],
    ]);
  });

  it('without a status: what was better than all before it counts as kept, and this is said', () => {
    const log = read(
      'val_bpb\tartifact_bytes\tmemory_mb\tnotes\n1.36\t12265862\t1024\tas it was\n1.37\t1\t1024\tworse\n1.35\t1\t1024\tbetter\n',
    );
    expect(log.rows.map(({ status }) => status)).toEqual(['keep', 'discard', 'keep']);
    expect(log.notes.join()).toContain('no column says what was kept');
  });

  it('with a first row that failed, a keep without a number, and a discard that never ran', () => {
    const log =
      'commit\tval_bpb\tmemory_gb\tstatus\tdescription\nunknown\t\t\tfailed\tno data\na1b2c3d\t0.9\t44.0\tdiscard\tfirst with a score\nb2c3d4e\t-\t-\tkeep\tlost its number\nc3d4e5f\t0.000000\t0.0\tdiscard\tstopped\nd4e5f60\t0.8\t44.0\tkeep\tbetter\n';
    expect(short(log).map(([, value, status]) => [value, status])).toEqual([
      [null, 'crash'],
      [0.9, 'keep'],
      [null, 'discard'],
      [null, 'discard'],
      [0.8, 'keep'],
    ]);
  });

  it('with tabs that a shell wrote as a backslash and a t, and with verdicts that were confirmed', () => {
    const log =
      'commit\tval_bpb\tmemory_gb\tstatus\tdescription\na1b2c3d\t0.99\t1\tkeep\tstart\nb2c3d4e\\t0.98\\t-\\tconfirmed-keep\\tHEAD_DIM 64\nc3d4e5f\\t0.97\\t-\\tmarginal-discard\\tn_kv=2 (GQA)\n';
    expect(short(log).slice(1)).toEqual([
      ['b2c3d4e', 0.98, 'keep', 'HEAD_DIM 64'],
      ['c3d4e5f', 0.97, 'discard', 'n_kv=2 (GQA)'],
    ]);
    expect(
      read(
        'test\tmax_moves\twin_rate\tresult\tdescription\n1\t400\t0.4\tkeep\tx y\n2\t400\t0.5\tkeep\tx y\n3\t400\t0.3\tmarginal-keep\tx y\n',
      ).metric,
    ).toBe('win_rate');
    // A score that counts up by itself is still one where it is called so.
    expect(
      read('run\tmetric\tstatus\tdescription\nc9\t4\tkeep\tx y\nc8\t5\tkeep\tx y\nc7\t6\tkeep\tx y\n').rows.map(({ value }) => value),
    ).toEqual([4, 5, 6]);
    expect(read('commit\texploitability\titerations\twall_secs\tstatus\tdescription\na\t0.5\t9\t8\tkeep\tx y\n').metric).toBe(
      'exploitability',
    );
  });

  it('with commas in numbers and descriptions', () => {
    expect(short('id,combined_us,status,description\n1,"3,818",keep,a start\n2,"3,500",keep,"lists, of things"\n')).toEqual([
      ['1', 3818, 'keep', 'a start'],
      ['2', 3500, 'keep', 'lists, of things'],
    ]);
    expect(short('id,score,status,description\n1,0.5,keep,a start\n2,0.4,keep,lists, of things\n')[1]?.[3]).toBe('lists, of things');
    expect(short('id;val_loss;status;text;notes\n1;0,997;keep;a;start\n2;0,99512;keep;b;next\n').map(([, value]) => value)).toEqual([
      0.997, 0.99512,
    ]);
  });
});

describe('which way is better', () => {
  const log = (metric: string, values: readonly number[]) =>
    `commit\t${metric}\tstatus\tdescription\n${values.map((value, index) => `c${index}\t${value}\tkeep\tx y`).join('\n')}\n`;
  it.each([
    ['val_acc', [0.9], 'maximize', 'by its name'],
    ['p99_ms', [30], 'minimize', 'by its name'],
    ['thing', [1, 2, 3, 2.9, 4], 'maximize', 'its keeps go up'],
    ['accuracy', [5, 4, 3], 'minimize', 'its keeps go down'],
    ['thing', [1], 'minimize', 'which is a guess: --direction maximize for the other way'],
  ])('%s %j: %s, %s', (metric, values, direction, because) => {
    expect(read(log(metric, values)).direction).toEqual({ direction, because });
    expect(read(log(metric, values), { direction: 'minimize' }).direction.because).toBe('as asked');
  });
});

describe('a bad log', () => {
  it('is answered once for a wrong header, however many rows it has', () => {
    const sweep = ['kv_dtype,conc,tokens,wall_s', ...Array.from({ length: 50 }, (_, index) => `auto,${index},128,1.1`)].join('\n');
    expect(problemsOf(sweep)).toEqual([
      expect.stringMatching(
        /^log:1 IMPORT_INVALID the header does not tell which column (?:is the score|says what was tried.*): kv_dtype, conc, tokens, wall_s\n.*--map score=…/,
      ),
    ]);
  });

  it('is answered once for all words and once for all numbers that are not known', () => {
    const text = [
      'commit\tval_bpb\tstatus\tdescription',
      ...['fabulous', 'meh', 'meh'].map((word, index) => `a\t0.9.${index}\t${word}\tx y`),
    ].join('\n');
    const problems = problemsOf(text, { map: ['score=val_bpb'] });
    expect(problems).toEqual([
      expect.stringMatching(
        /^log:2 IMPORT_INVALID it is not known what these words for a status mean: "fabulous" \(line 2\), "meh" \(line 3 and 1 more\)\n.*--map 'discard=fabulous\|meh'/,
      ),
      expect.stringMatching(
        /^log:2 IMPORT_INVALID the score "val_bpb" is no number: "0\.9\.0" \(line 2\), "0\.9\.1" \(line 3\), "0\.9\.2" \(line 4\)\n/,
      ),
    ]);
    expect(short(text.replaceAll('0.9.', '0.9'), { map: ['keep=fabulous', 'discard=meh'] }).map(([, , status]) => status)).toEqual([
      'keep',
      'discard',
      'discard',
    ]);
  });

  it.each([
    ['', 'there is no row of an experiment'],
    ['commit\tval_bpb\tmemory_gb\tstatus\tdescription\n', 'there is no row of an experiment'],
    ['{"a": 1}', 'there is no row of an experiment'],
    ['Dear all,\nwe had a good night.\n', 'which column is the score'],
  ])('%j', (log, problem) => {
    expect(problemsOf(log)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['score=nothing', 'the log has no such column; the columns are commit, val_bpb'],
    ['scores=val_bpb', 'it must be one of id, score, status'],
  ])('--map %s', (map, problem) => {
    expect(problemsOf(logOf(ROWS), { map: [map] })).toEqual([expect.stringContaining(problem)]);
  });

  it('of other bytes than UTF-8 says so', () => {
    expect(problemsOf(Uint8Array.from([0x63, 0xff, 0x09]))[0]).toContain('log IMPORT_INVALID the file is not UTF-8 text');
  });

  it('never ends in anything but an answer', () => {
    const piece = fc.constantFrom(
      '\t',
      '|',
      ',',
      ';',
      '\n',
      '"',
      '{',
      '}',
      '[',
      ']',
      'status',
      'keep',
      '0.5',
      ':',
      'score',
      ' ',
      '#',
      '-',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          read(pieces.join(''));
        } catch (error) {
          expect(error instanceof AutoresearchErrors || (error as AutoresearchError).name === 'AutoresearchError').toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
