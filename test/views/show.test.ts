import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderExperiment } from '../../src/views/show.ts';
import { settledExperiment } from './arbitrary.ts';
import { noisyRun } from './noisy.ts';
import { opening, sampleDiff, syntheticRun } from './synthetic.ts';

const { objective } = opening;
const run = syntheticRun(60);
const find = (verdict: string) => run.findLast((experiment) => experiment.verdict === verdict) ?? fail(verdict);

function fail(verdict: string): never {
  throw new Error(`no ${verdict} in the run`);
}

describe('show', () => {
  it('tells the whole of a kept experiment', () => {
    const kept = find('keep');
    const text = renderExperiment(kept, objective, { width: 80, diff: sampleDiff });
    for (const part of [
      `#${kept.id} keep ${kept.proposal.title}`,
      kept.reason.text,
      kept.proposal.hypothesis.slice(0, 30),
      'May be a gain of this seed only.',
      'a change of -0.002, 60% sure',
      `against #${kept.incumbent?.id} at ${kept.incumbent?.score.toFixed(4)}`,
      'pass   improvement BETTER',
      '"minDelta":0',
      '45060 MiB',
      'modified  train.py',
      '+        dict(params=model.embedding.parameters(), lr=0.8),',
      `${kept.candidate?.slice(0, 7)} on ${kept.parent.slice(0, 7)}`,
    ]) {
      expect(text).toContain(part);
    }
  });

  it('says how a crashed trial ended and that there is no score', () => {
    const text = renderExperiment(find('crash'), objective);
    expect(text).toContain('failed (code 1)');
    expect(text).toContain('no score');
    expect(text).not.toContain('Judgements');
  });

  it('names the gate that asks for a human', () => {
    expect(renderExperiment(find('review'), objective)).toMatch(/review +approval NEEDS_APPROVAL\n +The change touches the tokenizer\./);
  });

  it('shows what is believed, what it rests on, and the curves', () => {
    const kept = noisyRun(12).experiments[3] ?? fail('keep');
    const text = renderExperiment(kept, objective, { width: 80, isRolledBack: true });
    expect(text).toContain('#3 keep (rolled back) ');
    expect(text).toMatch(/estimate +a change of -0\.0101 ± 0\.0017, P\(gain\) 0\.93, from 2 trials \(posterior\/1\)/);
    expect(text).toMatch(/believed +incumbent at \d\.\d{4} ± 0\.0006 after this/);
    expect(text).toMatch(/\n +prior: \{"weights":\[0\.2,0\.35,0\.25,0\.2\]/);
    expect(text).toMatch(/Curves\n +0 {2}train_bpb {2}█▆▄▂▁▁▁ {2}\d\.\d+ → \d\.\d+ at 100% of the budget\n +1 /);
    expect(renderExperiment(find('keep'), objective)).not.toMatch(/estimate|believed|Curves/);
  });

  it('calls a control what it is', () => {
    expect(renderExperiment(noisyRun(12).experiments[10] ?? fail('control'), objective)).toMatch(/^#10 control control\nno drift/);
  });

  it('colours only when asked', () => {
    const plain = renderExperiment(find('keep'), objective, { diff: sampleDiff });
    const coloured = renderExperiment(find('keep'), objective, { diff: sampleDiff, colour: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('prints any experiment without sending codes to the terminal', () => {
    fc.assert(
      fc.property(settledExperiment, fc.string({ unit: 'binary' }), (experiment, diff) => {
        expect(renderExperiment(experiment, objective, { width: 80, diff })).not.toMatch(/(?!\n|\t)\p{Cc}/u);
      }),
    );
  });
});
