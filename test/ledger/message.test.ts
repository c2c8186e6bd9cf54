import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundLog } from '../../src/ledger/ledger.ts';
import { candidateMessage, formatDelta, formatScore, ledgerMessage, oneLine, readSummary, subjectOf } from '../../src/ledger/message.ts';
import { summarize } from '../../src/model/summarize.ts';
import { makeExperiment } from '../../src/testing.ts';

const objective = { label: 'val_bpb', direction: 'minimize' } as const;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\n', '\0', '\u001b', '\u2028', '\ud83d', '😀', '\nAutoresearch-Summary: {}') }),
);
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const experiments = fc
  .record({
    title: anyText,
    code: anyText,
    text: anyText,
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    loss: fc.double({ noNaN: true, noDefaultInfinity: true }),
    id: fc.nat(),
  })
  .map(({ title, code, text, value, loss, id }) => {
    const base = makeExperiment({ id, reason: { code, text }, metrics: { loss }, delta: loss });
    return {
      ...base,
      proposal: { ...base.proposal, title, rationale: text, hypothesis: text, risks: [text] },
      score: id % 2 === 0 ? { value, spread: 0, n: 1 } : null,
    };
  });

describe('the message of a ledger entry', () => {
  it('gives back its summary, whatever a model or a plugin has said', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        expect(readSummary(ledgerMessage(experiment, 'night', objective))).toEqual(json(summarize(experiment)));
      }),
    );
  });

  it('has one line as its subject, and only its own trailers', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        const lines = ledgerMessage(experiment, 'night', objective).split('\n');
        expect(lines[1]).toBe('');
        expect(lines.slice(2, -1).map((line) => line.split(':')[0])).toEqual([
          'Autoresearch-Run',
          'Autoresearch-Experiment',
          'Autoresearch-Summary',
        ]);
        expect(lines[0]).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(lines[0]?.isWellFormed()).toBe(true);
      }),
    );
  });

  it('reads as the log of git shows it', () => {
    const keep = makeExperiment({ id: 12, score: { value: 0.97551, spread: 0, n: 1 }, delta: -0.0033 });
    expect(subjectOf(keep, objective)).toBe('#12 keep val_bpb 0.97551 (-0.0033) LR 0.1 → 0.2');
    const crash = makeExperiment({ id: 13, verdict: 'crash', score: null, delta: null, reason: { code: 'TRIAL_FAILED', text: 'exit 1' } });
    expect(subjectOf(crash, objective)).toBe('#13 crash TRIAL_FAILED LR 0.1 → 0.2');
    expect(subjectOf({ v: 1, kind: 'stopped', at: '', outcome: 'stopped', reason: { code: 'X', text: 'all\ndone' } }, objective)).toBe(
      'stopped: all done',
    );
  });

  it('of a session has no summary', () => {
    expect(
      readSummary(
        ledgerMessage(
          { v: 1, kind: 'stopped', at: '', outcome: 'stopped', reason: { code: 'X', text: '\nAutoresearch-Summary: {}' } },
          'night',
          objective,
        ),
      ),
    ).toBeNull();
  });
});

describe('the message of a candidate', () => {
  it('can be held by git, and ends in its own trailers', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        const message = candidateMessage(experiment);
        expect(message).not.toMatch(/[^\P{Cc}\n\t]/u);
        expect(message.isWellFormed()).toBe(true);
        expect(message.endsWith(`\n\nAutoresearch-Run: test\nAutoresearch-Experiment: ${experiment.id}\n`)).toBe(true);
      }),
    );
  });
});

describe('one line', () => {
  it('is one line, well formed, within its limit, and stays as it is', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const line = oneLine(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.isWellFormed()).toBe(true);
        expect(oneLine(line, limit)).toBe(line);
      }),
    );
  });

  it('shows where it was cut', () => expect(oneLine('abcdef', 4)).toBe('abc…'));
});

it('a score is shown with digits enough to see a small effect, and reads back', () => {
  expect(formatScore(0.975512345)).toBe('0.9755123');
  expect([formatDelta(0.0033), formatDelta(-0.0033), formatDelta(0)]).toEqual(['+0.0033', '-0.0033', '0']);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.abs(Number(formatScore(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-6);
    }),
  );
});

it('a bounded log is the end of the log, without control characters', () => {
  fc.assert(
    fc.property(anyText, fc.nat(200_000), (text, times) => {
      const log = boundLog(text + 'x'.repeat(times));
      expect(log.length).toBeLessThanOrEqual(64 * 1024);
      expect(log).not.toMatch(/[^\P{Cc}\n\t]/u);
      if (times >= 64 * 1024) expect(log).toBe('x'.repeat(64 * 1024));
    }),
    { numRuns: 50 },
  );
  expect(boundLog('a\u001b[31mb\r\n\tc')).toBe('a[31mb\n\tc');
});
