import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailedIds } from '../../src/page/report.ts';
import { audits as anyAudits, history } from '../views/arbitrary.ts';
import { noisyRun } from '../views/noisy.ts';
import { opening, sampleDiff, syntheticRun } from '../views/synthetic.ts';
import { dataOf, detailsOf, paperOf, reportOf } from './report-of.ts';
import { sampleSwarm } from './sample-swarm.ts';

const metrics = [
  { metric: 'val_bpb', direction: 'minimize' },
  { metric: 'peak_memory_mb', direction: 'minimize' },
];
const withPareto = { ...opening, config: { ...opening.config, objective: { use: 'pareto', with: { metrics } } } };
const run = syntheticRun(60);
const page = await reportOf(run, { diffs: new Map([[9, sampleDiff]]), logs: new Map([[9, 'step 100 loss 3.1\n']]) });
const count = (text: string, part: string): number => text.split(part).length - 1;

/** Opening and closing tags must pair. */
function unbalanced(html: string): string[] {
  const stack: string[] = [];
  const wrong: string[] = [];
  const markup = html.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  for (const [whole, close, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (['meta', 'br'].includes(name) || whole.endsWith('/>')) continue;
    if (close === '') stack.push(name);
    else if (stack.pop() !== name) wrong.push(whole);
  }
  return [...wrong, ...stack];
}

describe('the report', () => {
  it('says without a script what the project is, what was gained, what to decide, and what to type', async () => {
    const paper = paperOf(
      await reportOf(run, { program: '# Direction\n\nLower the `bits per byte`\nof [a **small** model](model.md).\n\nMore.' }),
    );
    expect(paper).toMatch(/<h1 class="open">val_bpb looks \d\.\d\d% better; that is not audited\.<\/h1>/);
    expect(paper).toMatch(/<p class="project"[^>]*>Lower the bits per byte of a small model.<\/p>/);
    for (const part of ['<dt>Guards</dt>', '<dt>To decide</dt>', '<code>autoresearch review jan31</code>', '<dd>$10.62</dd>'])
      expect(paper).toContain(part);
    for (const fact of ['autoresearch/jan31', 'lab-h100-2, linux x64', 'autoresearch 0.1.0, Node 24.21.0', opening.base.slice(0, 7)])
      expect(paper).toContain(fact);
  });

  it('needs nothing from outside, and lets nothing run but its own script', () => {
    expect(page.replace(/<script type="module">[\s\S]*?<\/script>/, '')).not.toMatch(/\b(src|href)="(?!#)|@import|url\(/);
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    for (const part of [script, style]) expect(page).toContain(`'sha256-${createHash('sha256').update(part).digest('base64')}'`);
    expect(page).toContain(`content="default-src 'none';`);
    expect(page).not.toContain('unsafe-inline');
  });

  it('has the nodes of a swarm, where there is one', async () => {
    const paper = paperOf(await reportOf(run, { swarm: sampleSwarm }));
    for (const part of [
      'The experiments of this node. What the others have kept is under Nodes; all of theirs: autoresearch log --swarm',
      '3 nodes of 3 owners',
      '8 of their keeps confirmed by others',
      'a change of −0.012',
      'b2 measured keeps of a1: 3 for them, 1 against',
      'b2#21, c3#8 (against it)',
      '2 of its commits were another node’s before',
    ])
      expect(paper.replaceAll(/<!--.*?-->|<[^>]*>/g, ''), part).toContain(part);
    expect(paperOf(page)).not.toContain('>Nodes<');
    expect(paperOf(page)).not.toContain('of this node');
  });

  it('ranks the keeps, and has details of each', () => {
    const { sections } = dataOf(run);
    const keeps = run.filter(({ id, verdict }) => id > 0 && verdict === 'keep');
    expect(sections.ranked.keeps).toHaveLength(keeps.length);
    expect(sections.ranked.keeps.map(({ worth }) => worth)).toEqual(
      sections.ranked.keeps.map(({ worth }) => worth).toSorted((a, b) => b - a),
    );
    const details = detailsOf(run);
    for (const { row } of sections.ranked.keeps) expect(details[String(row.id)]?.title).toBe(row.title);
    expect(count(paperOf(page).split('What helped')[1]?.split('To decide')[0] ?? '', '<tr>')).toBe(keeps.length + 1);
  });

  const LOG = 'step 100 loss 3.1\nsample: The king said\n';

  it('tells the whole of an experiment', () => {
    const detail = detailsOf(run, { diffs: new Map([[9, sampleDiff]]), logs: new Map([[9, LOG]]) })['9'];
    expect(detail).toMatchObject({
      risks: ['May be a gain of this seed only.', 'Uses about 2 % more memory.'],
      expected: { delta: -0.002, confidence: 0.6 },
      judgements: [{ gate: 'improvement', code: 'BETTER', outcome: 'pass' }],
      trials: [{ peakMemoryMb: 45_060.2, seed: 1009 }],
      // The log of what did not crash is shown for its samples alone.
      log: '',
      samples: ['The king said'],
      diffLeft: 0,
    });
    expect(detail?.diff).toBe(sampleDiff.trimEnd());
    const crash = run.find(({ verdict }) => verdict === 'crash')?.id ?? 0;
    expect(detailsOf(run, { logs: new Map([[crash, LOG]]) })[String(crash)]).toMatchObject({ log: LOG.trimEnd(), samples: [] });
  });

  it('cuts an endless diff and an endless line, and says so', () => {
    const of = (diff: string) => detailsOf(run.slice(0, 2), { diffs: new Map([[1, diff]]) })['1'];
    expect(of(Array.from({ length: 1000 }, (_, line) => `+line ${line}`).join('\n'))?.diffLeft).toBe(600);
    expect(of(`+${'x'.repeat(100_000)}`)?.diff).toMatch(/x{1999} … 98001 more characters$/);
  });

  it('escapes whatever models and programs wrote', async () => {
    const attack = '</script><script>alert(1)</script><img src=x onerror=alert(2)><!--"\'&\u202e\u0000';
    const hostile = run.slice(0, 12).map((experiment) => ({
      ...experiment,
      proposal: { ...experiment.proposal, title: attack, hypothesis: attack, risks: [attack], agent: attack, params: { [attack]: attack } },
      reason: { code: attack, text: attack },
      judgements: [{ gate: attack, outcome: 'pass' as const, code: attack, reason: attack, evidence: { [attack]: attack } }],
    }));
    const html = await reportOf(hostile, { diffs: new Map([[3, `+${attack}`]]), logs: new Map([[3, attack]]), program: attack });
    // eslint-disable-next-line no-control-regex
    expect(html).not.toMatch(/<img|<script>alert|\u202e|\u0000|\\u202e|\\u0000/);
    expect(count(html, '<script')).toBe(3);
    expect(unbalanced(html)).toEqual([]);
  });

  it('is well formed for any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, anyAudits, fc.string({ unit: 'binary' }), async (experiments, audits, diff) => {
        const diffs = new Map(experiments.map(({ id }) => [id, diff]));
        const html = await reportOf(experiments, { opening: withPareto, audits, diffs });
        expect(unbalanced(html)).toEqual([]);
        expect(paperOf(html)).not.toMatch(/="[^"]*(NaN|undefined)/);
        for (const id of ['data', 'details']) {
          const json = new RegExp(`id="${id}">(.*?)</script>`, 's').exec(html)?.[1] ?? '';
          expect(typeof JSON.parse(json)).toBe('object');
        }
      }),
      { numRuns: 40 },
    );
  });

  it('works for a run that only has its baseline, and for one that has nothing', async () => {
    expect(paperOf(await reportOf(run.slice(0, 1)))).toContain('The baseline is measured, and no experiment is done yet');
    expect(unbalanced(await reportOf([]))).toEqual([]);
  });

  it('stays small at ten thousand experiments: a short row each, details of what people read', async () => {
    const long = syntheticRun(10_000);
    const read = long.filter(({ verdict }) => verdict === 'keep' || verdict === 'review');
    expect(detailedIds(long).size).toBe(read.length + 300);
    const html = await reportOf(long, { diffs: new Map(long.map(({ id }) => [id, sampleDiff])) });
    expect(html.length).toBeLessThan(6_000_000);
    expect(dataOf(long).rows).toHaveLength(10_000);
  });
});

describe('the report of a run that knows its noise', () => {
  const { experiments, audits, undone, drift } = noisyRun();
  const data = dataOf(experiments, { opening: withPareto, audits });

  it('leads with the audited claim, and says plainly when none is shown', async () => {
    expect(data.head.brief).toMatchObject({
      tone: 'good',
      result: expect.stringMatching(/^val_bpb is 10\.\d% better, as audited/) as string,
    });
    expect(data.head.claim).toMatch(/audited gain 0\.\d{4} \(95% 0\.\d{4} to 0\.\d{4}\)/);
    expect(data.head.notes.join()).toContain('gains are added up keep by keep');
    expect(data.head.stats).toContainEqual(['rolled back', '3']);
    const [first] = audits;
    if (first === undefined) throw new Error('the run has no audit');
    const claim = { value: -0.001, low: -0.004, high: 0.002, df: 4, shown: 'none' as const };
    const weak = paperOf(await reportOf(experiments, { audits: [{ ...first, audit: { ...first.audit, claim } }] }));
    expect(weak).toContain('<h1 class="bad">No gain shown');
  });

  it('has what the chart draws: noise, rollbacks, drift, and the levels of audits', () => {
    expect(data.head.sigma).toBeCloseTo(0.0012, 4);
    expect(data.head.course.some(({ isRollback }) => isRollback)).toBe(true);
    expect(data.head.levels).toHaveLength(3);
    expect(data.rows.filter(({ undone: isUndone }) => isUndone).map(({ id }) => id)).toEqual(undone);
    expect(data.rows.filter((row) => row.drift).map(({ id }) => id)).toEqual([drift]);
    expect(data.rows.filter(({ kind }) => kind === 'control')).toHaveLength(5);
  });

  it('ranks by estimates with their intervals and leaves out what was rolled back', () => {
    const { keeps, rolledBack } = data.sections.ranked;
    expect(rolledBack).toEqual(undone);
    expect(keeps.map(({ row }) => row.id).filter((id) => undone.includes(id))).toEqual([]);
    expect(keeps.every(({ low, high }) => low !== null && high !== null)).toBe(true);
  });

  it('tells each audit whole', () => {
    const facts = data.sections.audits.flatMap(({ facts: list }) => list.map(([name, text]) => `${name}: ${text}`)).join('\n');
    for (const fact of ['after #7', 'recall fell by 2 pp', 'rolled back to #7', '3 trials against 3 trials', 'at the end of a session'])
      expect(facts).toContain(fact);
  });

  it('shows the best compromises where the objective looks for them', () => {
    const { front = [], others = [] } = data.sections.compromises ?? {};
    const memory = front.map(({ values }) => values[1] ?? 0);
    expect(front.length).toBeGreaterThan(2);
    expect(memory).toEqual(memory.toSorted((a, b) => b - a));
    expect(others.length).toBeGreaterThan(front.length);
    expect(dataOf(experiments).sections.compromises).toBeNull();
  });

  it('has the estimate, the curves and those of the incumbent in the details', () => {
    const details = detailsOf(experiments, { audits });
    expect(details['3']?.estimate).toMatch(/a change of -0\.\d{4} ± 0\.0017, P\(gain\) 0\.93, from 2 trials \(posterior\/1\)/);
    expect(details['3']?.curves[0]).toMatchObject({ metric: 'train_bpb', trial: 0 });
    expect(details['3']?.incumbent?.curves.length).toBeGreaterThan(0);
  });
});
