import { expect, it } from 'vitest';
import { recomputeRun } from '../../src/analysis/recompute-run.ts';
import { makeProject, problemsOf, resume, run, RUN, set, stepsAgent, verdicts } from '../helpers/project.ts';

/** The number of the file, a little off by the seed: by -1, 0 and 1 for the three trials of the baseline. */
const NOISY = 'echo "loss: $(( $(cat value.txt) + AUTORESEARCH_SEED % 3 - 1 ))"\n';

it('a run of the posterior gate measures its noise, repeats what is undecided, lets a simplification through, and can be taken up and recomputed', async () => {
  const repo = makeProject(
    {
      seed: 2,
      scope: { edit: ['value.txt', 'notes.txt'] },
      agent: stepsAgent([set(120), set(90), set(89), set(95), { bash: 'rm notes.txt' }, set(60)]),
      gates: [{ use: 'posterior' }, { use: 'simplicity' }],
      noise: { baselines: 3, seeds: 'fresh' },
      budget: { experiments: 3 },
    },
    { 'value.txt': '100\n', 'notes.txt': 'one\ntwo\n', 'train.sh': NOISY },
  );
  const first = await run(repo.dir);
  expect(first.end.reason.code).toBe('BUDGET_EXPERIMENTS');
  expect(first.experiments[0]).toMatchObject({ score: { value: 100, spread: 1, n: 3 } });
  const { experiments } = await resume(repo.dir, { budget: { experiments: 6 } });
  expect(verdicts(experiments)).toEqual([
    '#0 keep BASELINE',
    '#1 discard UNLIKELY_GAIN',
    '#2 keep LIKELY_GAIN',
    '#3 keep LIKELY_GAIN',
    '#4 discard UNLIKELY_GAIN',
    '#5 keep SIMPLER',
    '#6 keep LIKELY_GAIN',
  ]);
  expect(experiments[3]?.trials).toHaveLength(2);
  const judgement = experiments[6]?.judgements.find(({ gate }) => gate === 'posterior');
  expect(judgement).toMatchObject({
    outcome: 'pass',
    // So large a gain is measured again before it is believed.
    estimate: { n: 2, method: 'eb-mixture-filter/4' },
    belief: { mean: expect.closeTo(60, -1) },
  });
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect((await recomputeRun(repo.dir, RUN)).problems).toEqual([]);
});
