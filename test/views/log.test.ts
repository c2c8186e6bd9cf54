import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import { renderLog, renderRank } from '../../src/views/log.ts';
import { renderLogTsv } from '../../src/views/log-tsv.ts';
import { widthOf } from '../../src/views/text.ts';
import { audits as anyAudits, history } from './arbitrary.ts';
import { noisyRun } from './noisy.ts';
import { opening, syntheticRun } from './synthetic.ts';
import type { Row } from '../../src/views/types.ts';

const rows = syntheticRun(30).map(summarize);
const { objective } = opening;
const lines = (text: string): string[] => text.split('\n');

describe('log', () => {
  it('has a line for each experiment, with what was decided and what it measured', () => {
    const kept = rows.find(({ verdict, id }) => verdict === 'keep' && id > 0);
    const line = lines(renderLog(rows, objective)).find((text) => text.trim().startsWith(`${kept?.id} `));
    expect(line).toContain('keep');
    expect(line).toContain(kept?.score?.toFixed(4));
    expect(line).toMatch(/-0\.\d{4} ▲/);
    expect(line).toContain(kept?.title);
    expect(line).toContain(kept?.candidate?.slice(0, 7));
    expect(lines(renderLog(rows, objective))).toHaveLength(rows.length + 4);
  });

  it('marks the same delta as worse when higher is better', () => {
    const kept = rows.filter(({ verdict, id }) => verdict === 'keep' && id > 0);
    expect(renderLog(kept, { label: 'accuracy', direction: 'maximize' })).toMatch(/-0\.\d+ ▼/);
  });

  it('fits the width: cuts titles, then leaves columns out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 200 }), (width) => {
        for (const line of lines(renderLog(rows, objective, { width })).slice(0, rows.length + 1))
          expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
    expect(renderLog(rows, objective, { width: 120 })).toContain('NOT_BETTER');
    expect(renderLog(rows, objective, { width: 80 })).not.toContain('NOT_BETTER');
  });

  it('colours only when asked, and changes nothing else', () => {
    const plain = renderLog(rows, objective);
    const coloured = renderLog(rows, objective, { colour: true });
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('prints any history, an experiment a line', () => {
    fc.assert(
      fc.property(history, anyAudits, (experiments, found) => {
        const list = experiments.map(summarize);
        const body = lines(renderLog(list, objective, { width: 80, audits: found })).slice(1, list.length + 1);
        if (list.length > 0) expect(body.map((line) => Number(/^ *(\d+) /.exec(line)?.[1]))).toEqual(list.map(({ id }) => id));
        expect(renderRank(list, objective, { width: 80, audits: found })).not.toMatch(/NaN|undefined/);
      }),
    );
    expect(renderLog([], objective)).toBe('No experiments yet.\n');
  });
});

describe('log --rank', () => {
  it('lists the keeps, the largest gain first, and sums up the run', () => {
    const text = renderRank(rows, objective);
    const gains = [...text.matchAll(/^ +\d+ +\d+ +(\d\.\d+) /gm)].map((match) => Number(match[1]));
    expect(gains.length).toBeGreaterThan(2);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(text).toMatch(/val_bpb 0\.9979 → 0\.\d{4} \(\d\.\d\d% better\), 29 experiments, \d+ kept, \d crashed/);
  });

  it('says so when nothing was kept', () => {
    expect(renderRank(rows.slice(0, 1), objective)).toContain('Nothing kept yet');
  });
});

describe('log of a run that knows its noise', () => {
  const { experiments, audits, undone, drift } = noisyRun();
  const noisy = experiments.map(summarize);
  const text = renderLog(noisy, objective, { audits });
  const lineOf = (id: number): string => lines(text)[id + 1] ?? '';

  it('shows each estimate with its interval, its probability and the count of trials', () => {
    expect(lines(text)[0]).toMatch(/delta +estimate +P\(gain\) +n +title/);
    expect(lineOf(3)).toMatch(/ keep +\d\.\d+ +-0\.\d{4} ▲ +-0\.\d{4} ± 0\.0017 +0\.93 +2 /);
    expect(lineOf(1)).toMatch(/ ± 0\.0024 +0\.04 +1 /);
    expect(text).toContain('as the gates believe it');
    expect(renderLog(rows, objective)).not.toMatch(/estimate|control|↩/);
  });

  it('sets controls and drift apart, dimmed, and marks what was rolled back', () => {
    expect(lineOf(10)).toMatch(/^10 +control /);
    expect(lineOf(drift)).toMatch(/^40 +drift /);
    expect(renderLog(noisy, objective, { audits, colour: true })).toContain('\u001b[2mcontrol');
    for (const id of undone) expect(lineOf(id)).toContain('keep ↩');
    expect(text.match(/ ↩ {2}/g)).toHaveLength(undone.length);
  });

  it('keeps to the width', () => {
    for (const width of [64, 80, 100, 140])
      for (const line of lines(renderLog(noisy, objective, { width, audits })).slice(0, noisy.length + 1))
        expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it('ranks by the estimate and says so, leaves out what was rolled back, and tells the audited claim', () => {
    const rank = renderRank(noisy, objective, { audits });
    const gains = [...rank.matchAll(/^ +\d+ +\d+ +(-?\d\.\d+) ± /gm)].map((match) => Number(match[1]));
    expect(gains.length).toBeGreaterThan(10);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(rank).toContain('ranked by the estimated gain, shrunken towards none');
    expect(rank).toContain(`not ranked: ${undone.map((id) => `#${id}`).join(', ')}`);
    expect(rank).toMatch(/audited gain 0\.\d{4} \(95% 0\.\d{4} to 0\.\d{4}\), 54 experiments, \d+ kept \(3 rolled back\)/);
    const mixed = noisy.map(({ estimate, ...row }) => (row.id === 3 || estimate === undefined ? row : { ...row, estimate }));
    expect(renderRank(mixed, objective)).toContain('by their raw gain, for want of an estimate: #3');
    expect(renderRank(rows, objective)).not.toMatch(/ranked by|raw gain/);
  });
});

describe('log --tsv', () => {
  it('gives a control a status that nobody counts', () => {
    const { experiments } = noisyRun(12);
    const status = lines(renderLogTsv(experiments.map(summarize), 'val_bpb')).map((line) => line.split('\t')[3]);
    expect([status[11], status.filter((word) => word === 'control').length]).toEqual(['control', 1]);
  });

  it('writes the five columns others read', () => {
    const [header, first, ...rest] = lines(renderLogTsv(rows, 'val_bpb'));
    expect(header).toBe('commit\tval_bpb\tmemory_gb\tstatus\tdescription');
    expect(first).toBe(`${rows[0]?.candidate?.slice(0, 7)}\t0.997900\t44.0\tkeep\tbaseline`);
    expect(rest.find((line) => line.includes('\tcrash\t'))).toMatch(/^[0-9a-f]{7}\t0\.000000\t0\.0\tcrash\t/);
  });

  it('keeps five cells a line whatever a title holds, and does not make a number of a missing score', () => {
    const odd = { ...(rows[1] as Row), title: 'a\tb\nc\u001b[31m', score: null, verdict: 'discard' as const, candidate: null };
    expect(renderLogTsv([odd], 'x\ty').split('\n')[1]).toBe('-\t\t44.0\tdiscard\ta b c [31m');
    fc.assert(
      fc.property(history, (experiments) => {
        const body = lines(renderLogTsv(experiments.map(summarize), 'score')).slice(1, -1);
        expect(body.map((line) => line.split('\t').length)).toEqual(experiments.map(() => 5));
      }),
    );
  });
});
