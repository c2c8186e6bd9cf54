import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunState } from '../../src/model/run-state.ts';
import { foldLedger } from '../../src/engine/session/run-state-from.ts';
import type { SettledExperiment, Verdict } from '../../src/experiment.ts';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import { summarize } from '../../src/model/summarize.ts';
import type { RunView } from '../../src/plugin.ts';
import { makeExperiment } from '../../src/testing.ts';
import { makeProject, run, set, stepsAgent } from '../helpers/project.ts';

const facts = { name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {} } as const;
const fresh = () => new RunState(facts);
const figures = ({ history, counts, sinceKeep, crashesInARow, seconds, usd }: RunView) => ({
  history,
  counts,
  sinceKeep,
  crashesInARow,
  seconds,
  usd,
});

const settled = fc
  .array(
    fc.record({
      verdict: fc.constantFrom<Verdict>('keep', 'discard', 'crash', 'review'),
      seconds: fc.nat(1000),
      usd: fc.option(fc.nat(5)),
    }),
    { maxLength: 30 },
  )
  .map((list) =>
    list.map(({ verdict, seconds, usd }, id): SettledExperiment => {
      const isBaseline = !list.slice(0, id).some((earlier) => earlier.verdict === 'keep');
      const kind = isBaseline ? 'baseline' : 'change';
      const base = makeExperiment({ id, kind, verdict, seconds, reason: { code: 'X', text: 'x' } });
      return usd === null ? base : { ...base, proposal: { ...base.proposal, usage: { usd } } };
    }),
  );

describe('the state of a run', () => {
  it('is what folding the summaries gives, also after they were written and read', () => {
    fc.assert(
      fc.property(settled, (experiments) => {
        const [live, folded] = [fresh(), fresh()];
        for (const experiment of experiments) {
          live.settle(experiment);
          folded.fold(JSON.parse(JSON.stringify(summarize(experiment))) as ReturnType<typeof summarize>);
        }
        expect(figures(folded.view)).toEqual(figures(live.view));
      }),
    );
  });

  it('counts: every attempt once, which is what comes after the baseline, the rows at the end', () => {
    fc.assert(
      fc.property(settled, (experiments) => {
        const state = fresh();
        for (const experiment of experiments) state.settle(experiment);
        const verdicts = experiments.map(({ verdict }) => verdict);
        const baseline = verdicts.indexOf('keep');
        const count = Object.values(state.view.counts).reduce((sum, each) => sum + each, 0);
        expect(count).toBe(baseline < 0 ? 0 : experiments.length - 1 - baseline);
        expect(state.nextId).toBe(experiments.length);
        expect(state.incumbent?.id).toBe(experiments.findLast(({ verdict }) => verdict === 'keep')?.id);
        expect(state.baseline?.id).toBe(experiments.find(({ verdict }) => verdict === 'keep')?.id);
        expect(state.view.sinceKeep).toBe(
          verdicts.slice(verdicts.lastIndexOf('keep') + 1).filter((verdict) => verdict !== 'review').length,
        );
        expect(state.view.crashesInARow).toBe(experiments.length - 1 - verdicts.findLastIndex((verdict) => verdict !== 'crash'));
        expect(state.view.seconds).toBe(experiments.reduce((sum, { seconds }) => sum + seconds, 0));
      }),
    );
  });

  it('is what the ledger of a real run gives', async () => {
    const seen: { view?: ReturnType<typeof figures> } = {};
    const repo = makeProject({ agent: stepsAgent([set(0.5), set('x'), set(0.7), { ...set(0.2), usage: { usd: 1.5 } }, set('x')]) });
    await run(repo.dir, {
      onAssembled: ({ hooks }) => hooks.done.tapPromise('test', async (view) => void (seen.view = figures(view))),
    });
    const { git } = await openRepository(repo.dir);
    const state = fresh();
    await foldLedger(state, git, await readRun(git, 'night'));
    expect(figures(state.view)).toEqual(seen.view);
    expect([state.view.counts, state.view.usd, state.incumbent?.id, state.baseline?.id]).toEqual([
      { keep: 2, discard: 1, crash: 2, review: 0 },
      1.5,
      4,
      0,
    ]);
  });
});
