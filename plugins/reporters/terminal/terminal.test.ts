import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/model/summarize.ts';
import { makeRunView, testPlugin } from '../../../src/testing.ts';
import { atTerminal, hasTerminal, screenOf } from '../../../test/helpers/terminal.ts';
import { noisyRun } from '../../../test/views/noisy.ts';
import { Board } from './board.ts';
import { auditLine, claimText, gained, standingAudit } from './claims.ts';
import { ending } from './ending.ts';
import { clock, cut, decimalsFor, oneLine, span } from './format.ts';
import terminal from './index.ts';
import { footer, settledLine } from './lines.ts';

testPlugin(terminal, { options: { valid: [{}, { live: false }], invalid: [{ live: 'yes' }] } });

const driver = join(import.meta.dirname, '../../../test/views/terminal-driver.ts');
const run = promisify(execFile);

/** What a terminal of the given width is sent, byte for byte. */
const onTerminal = (columns: number, ...args: string[]) => atTerminal([process.execPath, driver, ...args], { columns });

describe('without a terminal', () => {
  it('prints a line for each event and the result at the end', async () => {
    const { stdout } = await run(process.execPath, [driver, '1']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('jan31  val_bpb, lower is better · up to 11 experiments, 1h, $5');
    expect(lines).toContain('#1 proposing');
    expect(lines.find((line) => line.startsWith('#1 training'))).toMatch(/^#1 training \S.* \(trial 1, seed 1, at most 10:00\)$/);
    expect(lines.filter((line) => /^ +#\d+ +(keep|discard|crash|review) /.test(line))).toHaveLength(12);
    expect(stdout).toMatch(/#2 {2}crash .*: The trainer exited with code 1: CUDA out of memory\./);
    expect(stdout).toMatch(/jan31 finished: all 11 experiments are done \(BUDGET_EXPERIMENTS\)/);
    expect(stdout).toMatch(/\n {2}val_bpb looks 1\.02% better; that is not audited\n {2}guards {4}none are set\n/);
    expect(stdout).toMatch(/ {2}to decide {1}whether to take over \d kept changes\n {2}next {6}autoresearch review jan31\n/);
    expect(stdout).toMatch(/val_bpb {2}0\.9979 → 0\.9877, by the scores of the run\n/);
    expect(stdout).toMatch(/ {2}1\. #9 +0\.0066 +0\.66% /);
    expect(stdout).toMatch(/autoresearch report jan31/);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a run that knows its noise', () => {
  it('shows estimates, audits and the claim, and counts no control', async () => {
    const { stdout } = await run(process.execPath, [driver, '1', 'noisy']);
    expect(stdout).toMatch(/#3 {2}keep +\d\.\d+ +-0\.\d+ {2}estimate -0\.\d+ ± 0\.0017 {2}/);
    expect(stdout).toMatch(/#10 {2}control /);
    expect(stdout).toContain('#7 auditing (trial 1, seed 91, at most 10:00)');
    expect(stdout).toMatch(
      /audit of #14 against #0: audited gain .*the raw scores say 0\.0355; guards failed: recall fell by 2 pp; rolled back to #7/,
    );
    const end = stdout.slice(stdout.indexOf('finished'));
    expect(end).toMatch(/val_bpb is 2\.6\d% better, as audited/);
    expect(end).toMatch(/guards {4}none are set; 3 kept changes taken back: recall fell by 2 pp\n/);
    expect(end).toMatch(/val_bpb {2}2\.01\d\d → 1\.95\d\d, by the scores[^]*\n {2}audited gain 0\.0525 \(95% 0\.0495 to 0\.0555\)\n/);
    expect(end).toMatch(/10 kept \(3 rolled back\), 9 discarded/);
    expect(end).not.toMatch(/#(9|12|14) /);
  });

  it('says plainly that no gain is shown, and what is not audited', () => {
    const { audits, experiments } = noisyRun(22);
    const [first] = audits;
    if (first === undefined) throw new Error('the run has no audit');
    const claim = { value: -0.001, low: -0.004, high: 0.002, df: 4, shown: 'none' as const };
    const view = makeRunView({
      baseline: experiments[0] ?? null,
      incumbent: experiments[9] ?? null,
      audits: [{ ...first.audit, claim }],
      history: experiments.map(summarize),
    });
    const text = ending(view, { outcome: 'stopped', reason: { code: 'PATIENCE', text: 'enough' } }, 4, 100);
    expect(stripVTControlCharacters(text)).toContain(
      'no gain shown: 0.0010 (95% -0.0020 to 0.0040)  up to #7, what was kept later is not audited',
    );
    const failed = {
      ...first.audit,
      claim: { ...claim, low: -Infinity, high: Infinity },
      text: 'no gain shown: the audit could not be done: out of memory',
    };
    expect(auditLine(failed, view, 4)).toBe('audit of #7 against #0: no gain shown: the audit could not be done: out of memory');
    expect(standingAudit({ ...view, audits: [...view.audits, failed] })).toBe(view.audits[0]);
    const up = { objective: { label: 'accuracy', direction: 'maximize' as const } };
    expect(claimText({ claim: { ...claim, value: -0.003, low: -0.004, high: -0.002, shown: 'loss' } }, up, 4)).toBe(
      'audited loss 0.0030 (95% 0.0020 to 0.0040)',
    );
  });

  it('adds up keep by keep over a drift', () => {
    const { audits, experiments, undone } = noisyRun(60);
    const history = experiments.map(summarize);
    const view = makeRunView({
      baseline: experiments[0] ?? null,
      incumbent: experiments[57] ?? null,
      audits: audits.map(({ audit }) => audit),
      history,
    });
    const standing = history.filter(({ id, verdict }) => id > 0 && verdict === 'keep' && !undone.includes(id));
    expect(gained(view)).toEqual({
      value: expect.closeTo(-standing.reduce((sum, { delta }) => sum + (delta ?? 0), 0), 10),
      hasDrifted: true,
    });
    expect(stripVTControlCharacters(footer(view, 4, 0, 100))).toContain('54 done');
  });
});

describe.skipIf(!hasTerminal)('in a terminal', () => {
  const outputs = new Map([80, 120].map((columns) => [columns, hasTerminal ? onTerminal(columns, '170') : Promise.resolve('')]));

  it.each([80, 120])('leaves the settled experiments on a screen of %i columns, and nothing of the live lines', async (columns) => {
    const output = (await outputs.get(columns)) ?? '';
    const screen = screenOf(output);
    expect(output).toContain('training');
    expect(output).toMatch(/━|┈/);
    expect(screen.join('\n')).not.toMatch(/training|proposing|┈/);
    expect(screen.filter((line) => /^ +#\d+ +(keep|discard|crash|review) /.test(line))).toHaveLength(12);
    expect(screen.every((line) => [...new Intl.Segmenter().segment(line)].length <= columns)).toBe(true);
    expect(screen.join('\n')).toContain('jan31 finished: all 11 experiments are done');
  });

  it('shows what others print at once, above the live lines', async () => {
    const screen = screenOf((await outputs.get(80)) ?? '');
    const at = screen.indexOf('warning: the disk is full');
    expect(screen[at - 1]).toMatch(/^ +#0 /);
    expect(screen[at + 1]).toMatch(/^ +#1 /);
  });

  it('gives the cursor back and leaves signals alone, also when interrupted', async () => {
    for (const args of [['20'], ['20', 'interrupt']]) {
      const output = await onTerminal(80, ...args);
      expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.lastIndexOf('\u001b[?25l'));
      expect(Number(/listeners (\d+)/.exec(output)?.[1])).toBeLessThanOrEqual(1);
    }
    expect(await onTerminal(80, '20', 'interrupt')).toContain('autoresearch resume jan31');
  });
});

describe('the line of a discard', () => {
  const line = (title: string, text: string, columns: number) => {
    const [, sample] = noisyRun(3).experiments;
    if (sample === undefined) throw new Error('the run has no experiment');
    const experiment = {
      ...sample,
      verdict: 'discard' as const,
      judgements: [],
      reason: { code: 'UNLIKELY_GAIN', text },
      proposal: { ...sample.proposal, title },
    };
    return stripVTControlCharacters(settledLine(experiment, 4, columns));
  };

  it('has its reason, up to the figures', () => {
    expect(line('LR up', 'a gain with probability 0.1 (0.3 is asked); estimated effect +0.1', Infinity)).toMatch(
      / {2}LR up: a gain with probability 0\.1 \(0\.3 is asked\)$/,
    );
  });

  it('keeps some of both where there is not the room for all', () => {
    for (const columns of [60, 80, 100]) {
      const text = line(
        'a title that goes on and on and on and on and on and on',
        'a reason that goes on and on and on and on as well',
        columns,
      );
      expect(text.length).toBeLessThanOrEqual(columns);
      expect(text).toMatch(/a title.*…: a reas/);
    }
    expect(line('short', 'a reason that goes on and on and on and on as well', 70)).toMatch(/ {2}short: a reason that goes on an.*…$/);
  });
});

describe('the board', () => {
  it('shows one line for each experiment under way and forgets settled ones', () => {
    const board = new Board();
    board.enter(3, 'proposing');
    expect(board.lines(80)).toEqual([expect.stringMatching(/^#3 proposing   0:\d\d$/)]);
    board.enter(3, 'checking', { title: 'tie the\u001b[2J output head' });
    board.enter(3, 'training', { trial: { index: 1, timeoutMs: 300_000 } });
    expect(board.lines(80)).toEqual([expect.stringMatching(/^#3 training trial 2 [━┈]{12} 0:\d\d of 5:00  tie the \[2J output head$/)]);
    board.enter(4, 'proposing');
    expect(board.lines(60)).toHaveLength(2);
    expect(board.lines(60).every((line) => line.length <= 60)).toBe(true);
    board.leave(3);
    board.leave(4);
    expect(board.lines(80)).toEqual([]);
    expect(board.elapsed).toBe(0);
  });
});

describe('numbers of a line', () => {
  it('writes clocks and spans', () => {
    expect([0, 59.9, 61, 3723].map(clock)).toEqual(['0:00', '0:59', '1:01', '1:02:03']);
    expect([40, 300, 7800, 28_800, 273_600].map(span)).toEqual(['40s', '5m', '2h 10m', '8h', '3d 4h']);
  });

  it('has decimals that tell typical deltas apart', () => {
    expect(decimalsFor([{ score: 0.9979, delta: null }])).toBe(4);
    expect(decimalsFor([{ score: 0.9979, delta: -0.00008 }])).toBe(6);
    expect(decimalsFor([{ score: 412.7, delta: -14.5 }])).toBe(1);
    expect(decimalsFor([])).toBe(3);
  });

  it('keeps titles to one line and to their room', () => {
    expect(oneLine('a\nb\tc')).toBe('a b c');
    expect([cut('learning rate', 9), cut('short', 9), cut('long', 0)]).toEqual(['learning…', 'short', '…']);
  });
});
