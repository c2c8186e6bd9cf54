import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../src/experiment.ts';
import { detailedIds, renderReport } from '../../src/views/report/index.ts';
import { summarize } from '../../src/ledger/records.ts';
import { noiseOf } from '../../src/views/noise.ts';
import { audits as anyAudits, history } from './arbitrary.ts';
import { noisyRun } from './noisy.ts';
import { opening, sampleDiff, syntheticRun } from './synthetic.ts';

const generatedAt = '2026-02-01T07:00:00.000Z';
const report = (
  experiments: readonly SettledExperiment[],
  diffs = new Map<number, string>(),
  logTail = new Map<number, string>(),
): string => renderReport({ opening, experiments, diffs, logTail, generatedAt });
const metrics = [
  { metric: 'val_bpb', direction: 'minimize' },
  { metric: 'peak_memory_mb', direction: 'minimize' },
];
const withPareto = { ...opening, config: { ...opening.config, objective: { use: 'pareto', with: { metrics } } } };
const run = syntheticRun(60);
const page = report(run, new Map([[9, sampleDiff]]), new Map([[9, 'step 100 loss 3.1\n']]));
const count = (text: string, part: string): number => text.split(part).length - 1;

/** Opening and closing tags must pair; void elements and self-closed SVG need no end. */
function unbalanced(text: string): string[] {
  const stack: string[] = [];
  const wrong: string[] = [];
  const markup = text.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  for (const [whole, close, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (['meta', 'br'].includes(name) || whole.endsWith('/>')) continue;
    if (close === '') stack.push(name);
    else if (stack.pop() !== name) wrong.push(whole);
  }
  return [...wrong, ...stack];
}

describe('report', () => {
  it('says in the header what came of the run', () => {
    const head = page.slice(0, page.indexOf('</header>'));
    const keeps = run.filter(({ verdict }) => verdict === 'keep').length - 1;
    expect(head).toContain('0.9979</span> <span class="arrow">→</span> 0.96');
    expect(head).toMatch(/<h1 class="open">val_bpb looks \d\.\d\d% better; that is not audited\.<\/h1>/);
    expect(head).toMatch(/59 experiments; lower is better\./);
    expect(count(head.slice(head.indexOf('<header>')), '%')).toBe(1);
    expect(head).toMatch(new RegExp(`<dt>kept</dt>\\s*<dd>${keeps}</dd>`));
    expect(head).toMatch(/<dt>cost<\/dt>\s*<dd>\$10\.62<\/dd>/);
  });

  it('names where and on what it ran', () => {
    for (const fact of [
      'autoresearch/jan31',
      'lab-h100-2, linux x64',
      'autoresearch 0.1.0, Node 24.21.0',
      opening.base.slice(0, 7),
      'claude-code',
    ])
      expect(page).toContain(fact);
  });

  it('needs nothing from outside, and lets nothing run but its own script', () => {
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page).not.toMatch(/https?:|@import|url\(/);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('ranks the keeps and links each to its details', () => {
    const ranked = page.slice(page.indexOf('id="ranked"'), page.indexOf('</section>', page.indexOf('id="ranked"')));
    const links = [...ranked.matchAll(/href="#(e\d+)"/g)].map((match) => match[1]);
    expect(links).toHaveLength(run.filter(({ verdict }) => verdict === 'keep').length - 1);
    for (const id of links) expect(count(page, `id="${id}"`)).toBe(1);
  });

  it('draws every experiment in the chart, each verdict in its own shape', () => {
    const marks = JSON.parse(/id="marks">(.*?)<\/script>/.exec(page)?.[1] ?? '[]') as [number, number, number][];
    expect(marks.map(([id]) => id)).toEqual(run.map(({ id }) => id));
    expect(marks.every(([, x, y]) => x >= 0 && x <= 1000 && y >= 0 && y <= 1000)).toBe(true);
    const points = (name: string): number => count(new RegExp(`class="${name}" d="([^"]*)"`).exec(page)?.[1] ?? '', 'M');
    const of = (verdict: string): number => run.filter((experiment) => experiment.verdict === verdict).length;
    expect(points('keep disc')).toBe(of('keep'));
    expect(points('review square')).toBe(of('review'));
    expect(points('crash tickmark')).toBe(of('crash'));
    expect(points('discard ring') + count(page, 'class="outlier" d="M-4')).toBe(of('discard'));
    expect(page).toContain('>baseline 0.9979</text>');
    expect(page).toMatch(/>best 0\.96\d\d · #\d+<\/text>/);
  });

  it('keeps a far-off score from flattening the rest', () => {
    const [first, second] = [run[0], run[9]];
    if (first === undefined || second === undefined) throw new Error('the run is too short');
    const far = { ...second, id: 10, verdict: 'discard' as const, score: { value: 4e6, spread: 0, n: 1 } };
    const marks = (text: string) => JSON.parse(/id="marks">(.*?)<\/script>/.exec(text)?.[1] ?? '[]') as [number, number, number][];
    const ys = marks(report([...run.slice(0, 10), far])).map(([, , y]) => y);
    expect(ys[0]).toBeLessThan(800);
    expect(Math.abs((ys[9] ?? 0) - (ys[0] ?? 0))).toBeGreaterThan(150);
    expect(ys[10]).toBe(0);
  });

  it('tells the whole of an experiment: reasons, risks, diff, trials, judgements, log', () => {
    const at = page.indexOf('id="e9"');
    const detail = page.slice(at, page.indexOf('</details>', at));
    for (const part of [
      '<h4>Hypothesis</h4>',
      'May be a gain of this seed only.',
      '60% sure; measured −0.00',
      '45060 MiB',
      'improvement:',
      'step 100 loss 3.1',
    ])
      expect(detail).toContain(part);
    expect(detail).toContain('<span class="added">+        dict(params=model.embedding.parameters(), lr=0.8),</span>');
    expect(detail).toContain('<span class="removed">-        dict(params=model.embedding.parameters(), lr=0.6),</span>');
  });

  it('cuts an endless diff and says so', () => {
    const long = report(run.slice(0, 2), new Map([[1, Array.from({ length: 1000 }, (_, line) => `+line ${line}`).join('\n')]]));
    expect(count(long, 'class="added"')).toBe(400);
    expect(report(run.slice(0, 2), new Map([[1, `+${'x'.repeat(100_000)}`]])).length).toBeLessThan(50_000);
    expect(long).toContain(`600 more lines: git show ${run[1]?.candidate?.slice(0, 7)}`);
  });

  it('escapes whatever models and programs wrote', () => {
    const attack = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';
    const hostile = run.slice(0, 12).map((experiment) => ({
      ...experiment,
      proposal: { ...experiment.proposal, title: attack, hypothesis: attack, risks: [attack], agent: attack },
      reason: { code: attack, text: attack },
      judgements: [{ gate: attack, outcome: 'pass' as const, code: attack, reason: attack, evidence: { [attack]: attack } }],
    }));
    const text = report(hostile, new Map([[3, `+${attack}`]]), new Map([[3, attack]]));
    expect(text).not.toContain('<img');
    expect(count(text, '<script')).toBe(2);
    expect(unbalanced(text)).toEqual([]);
  });

  it('is well formed for any history, with unique ids', () => {
    fc.assert(
      fc.property(history, anyAudits, fc.string({ unit: 'binary' }), (experiments, audits, diff) => {
        const diffs = new Map(experiments.map(({ id }) => [id, diff]));
        const noise = noiseOf(experiments.map(summarize), undefined);
        const text = renderReport({ opening: withPareto, experiments, audits, noise, diffs, generatedAt });
        expect(unbalanced(text)).toEqual([]);
        expect(text).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
        const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it('works for a run that only has its baseline, and for one that has nothing', () => {
    expect(report(run.slice(0, 1))).toContain('The baseline is measured, and no experiment is done yet');
    expect(report([])).toContain('No experiments yet');
    expect(unbalanced(report([]))).toEqual([]);
  });

  it('stays usable at ten thousand experiments', () => {
    const long = syntheticRun(10_000);
    const ids = detailedIds(long);
    const read = long.filter(({ verdict }) => verdict === 'keep' || verdict === 'review');
    expect(ids.size).toBe(read.length + 300);
    const text = report(long, new Map(long.slice(-400).map(({ id }) => [id, sampleDiff])));
    expect(count(text, '<details class="experiment')).toBe(ids.size);
    expect(count(text, '<tr id="e')).toBe(10_000 - ids.size);
    expect(text.length).toBeLessThan(6_000_000);
    expect(count(text, '<circle')).toBeLessThan(10);
  });
});

describe('report of a run that knows its noise', () => {
  const { experiments, audits, undone, drift } = noisyRun();
  const noise = noiseOf(experiments.map(summarize), undefined);
  const render = (found = audits): string =>
    renderReport({ opening: withPareto, experiments, audits: found, noise, diffs: new Map(), generatedAt });
  const text = render();
  const part = (from: string, to = '</section>'): string => text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)));
  const path = (name: string, of = text): string => new RegExp(`class="${name}"\\s+d="([^"]*)"`).exec(of)?.[1] ?? '';

  it('leads with the audited claim, and says plainly when none is shown', () => {
    const head = part('<header>', '</header>');
    expect(head).toMatch(/<h1 class="good">val_bpb is 10\.\d% better, as audited\.<\/h1>/);
    expect(head).toMatch(/Audited gain 0\.\d{4} \(95% 0\.\d{4} to 0\.\d{4}\); the raw scores say\s+0\.\d{4}\./);
    expect(head).toMatch(/<dt>rolled back<\/dt>\s*<dd>3<\/dd>/);
    expect(head).toContain('so gains are added up keep by keep');
    expect(head).toMatch(/noise, sigma \(df \d+\)<\/dt>\s*<dd>0\.0012</);
    expect(head).not.toContain('not audited');
    const [first] = audits;
    if (first === undefined) throw new Error('the run has no audit');
    const claim = { value: -0.001, low: -0.004, high: 0.002, df: 4, shown: 'none' as const };
    const weak = render([{ ...first, audit: { ...first.audit, claim } }]);
    expect(weak).toContain(
      '<h1 class="bad">No gain shown: the audit cannot tell val_bpb from the baseline&#39;s, up to #7; what was kept later is not audited.</h1>',
    );
    expect(weak).toContain('No gain shown: 0.0010 (95% -0.0020 to 0.0040)');
  });

  it('draws the noise, the belief, the rollback, the drift and the audits', () => {
    expect(count(path('band'), 'M')).toBeGreaterThan(20);
    expect(path('belief')).toMatch(/^M[\d. ]+H/);
    expect(count(path('undone disc'), 'M')).toBe(undone.length);
    expect(count(path('control dot'), 'M')).toBe(5);
    expect(text).toContain('<line class="drift"');
    expect(count(part('<div class="plot">', '</figure>'), 'class="audit-mark')).toBe(3 + 1);
    expect(text).toContain('class="audit-mark taken-back"');
    // The line goes back up where the audit took the keeps back.
    const back = experiments.find(({ id }) => id === audits[1]?.audit.back?.id);
    const marks = JSON.parse(/id="marks">(.*?)<\/script>/.exec(text)?.[1] ?? '[]') as [number, number, number][];
    const levels = [...path('best').matchAll(/[MV](?:[\d.]+ )?([\d.]+)/g)].map((match) => Number(match[1]));
    const y = marks.find(([id]) => id === back?.id)?.[2];
    expect(levels.filter((level) => level === y)).toHaveLength(2);
    expect(drift).toBe(40);
  });

  it('draws nothing of that for a run without it', () => {
    expect(page.slice(page.indexOf('<body>'))).not.toMatch(
      /class="(band|belief|undone|drift|audit|interval|curve)|id="(audits|pareto)"|P\(gain\)/,
    );
    expect(page).toContain('Each kept change by what it brought over the incumbent of its time.');
  });

  it('ranks by estimates with their intervals and leaves out what was rolled back', () => {
    const ranked = part('id="ranked"');
    expect(ranked).toContain('shrunken towards none, with its 95% interval');
    expect(count(ranked, 'class="interval"')).toBe(
      experiments.filter(({ verdict, id }) => verdict === 'keep' && id > 0 && !undone.includes(id)).length,
    );
    expect(ranked).toMatch(/0\.0\d+ ± 0\.0017/);
    expect(ranked).toContain(`not ranked: <a href="#e${undone[0]}">`);
  });

  it('tells each audit whole', () => {
    const section = part('id="audits"');
    expect(count(section, '<article')).toBe(3);
    for (const fact of [
      'after #7',
      'recall fell by 2 pp',
      'rolled back to #7',
      '3 trials against 3 trials',
      'at the end of a session',
      'the run goes on from it',
    ])
      expect(section).toContain(fact);
  });

  it('shows the best compromises where the objective looks for them', () => {
    const section = part('id="pareto"');
    const front = [...section.matchAll(/<tr>\s*<td><a href="#e(\d+)"/g)].map((match) => Number(match[1]));
    expect(front.length).toBeGreaterThan(2);
    expect(count(path('keep disc', section), 'M')).toBe(front.length);
    const of = (id: number) => experiments[id]?.metrics['peak_memory_mb'] ?? 0;
    expect(front.map(of)).toEqual(front.map(of).toSorted((a, b) => b - a));
    expect(renderReport({ opening, experiments, diffs: new Map(), generatedAt })).not.toContain('id="pareto"');
  });

  it('has the estimate and the learning curve in the details', () => {
    const detail = part('id="e3"', '</details>');
    expect(detail).toMatch(/A change of −0\.\d{4} ± 0\.0017, P\(gain\) 0\.93, from 2 trials \(posterior\/1\)/);
    expect(detail).toMatch(/train_bpb over the budget[\s\S]*<path d="M100 0L/);
    expect(part('id="e10"', '</details>')).toContain('no drift');
    expect(text).toMatch(/<details class="experiment undone">/);
  });
});
