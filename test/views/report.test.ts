import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../src/experiment.ts';
import { detailedIds, renderReport } from '../../src/views/report/index.ts';
import { history } from './arbitrary.ts';
import { opening, sampleDiff, syntheticRun } from './synthetic.ts';

const generatedAt = '2026-02-01T07:00:00.000Z';
const report = (
  experiments: readonly SettledExperiment[],
  diffs = new Map<number, string>(),
  logTail = new Map<number, string>(),
): string => renderReport({ opening, experiments, diffs, logTail, generatedAt });
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
    expect(head).toMatch(/<strong>\d\.\d\d% better<\/strong> than the baseline after 59 experiments; lower is better\./);
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
    const ranked = page.slice(page.indexOf('id="ranked"'), page.indexOf('id="experiments"'));
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
      fc.property(history, fc.string({ unit: 'binary' }), (experiments, diff) => {
        const text = report(experiments, new Map(experiments.map(({ id }) => [id, diff])));
        expect(unbalanced(text)).toEqual([]);
        expect(text).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
        const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it('works for a run that only has its baseline, and for one that has nothing', () => {
    expect(report(run.slice(0, 1))).toContain('Nothing better than the baseline yet');
    expect(report([])).toContain('No experiments yet');
    expect(unbalanced(report([]))).toEqual([]);
  });

  it('stays usable at ten thousand experiments', () => {
    const long = syntheticRun(10_000);
    const ids = detailedIds(long);
    const keeps = long.filter(({ verdict }) => verdict === 'keep');
    expect(ids.size).toBe(keeps.length + 300);
    const text = report(long, new Map(long.slice(-400).map(({ id }) => [id, sampleDiff])));
    expect(count(text, '<details class="experiment')).toBe(ids.size);
    expect(count(text, '<tr id="e')).toBe(10_000 - ids.size);
    expect(text.length).toBeLessThan(6_000_000);
    expect(count(text, '<circle')).toBeLessThan(10);
  });
});
