import { describe, expect, it } from 'vitest';
import { problemsOf, run, verdicts } from '../../helpers/project.ts';
import { level, makeNoisyProject, seenBy } from '../noisy-project.ts';

const gates = [{ use: 'min-delta' }];
const noise = { baselines: 3, controlEvery: 2, driftZ: 3 };
const steps = (count: number) => Array.from({ length: count }, (_, index) => level(2, `idea ${index}`));
/** Steps belong to experiments by number, and every third one is a control. */
const spaced = (list: ReturnType<typeof steps>) => ({ agent: { use: './lab.mjs#steps', with: { steps: list } } });

describe('controls', () => {
  it('run the incumbent again every so many trials, and are no attempts', async () => {
    const repo = makeNoisyProject({ sigma: 0.01 }, steps(20), { gates, noise, budget: { experiments: 5 } });
    const { experiments, end } = await run(repo.dir);
    const controls = experiments.filter(({ proposal }) => proposal.title === 'control');
    expect(controls.map(({ id, reason, verdict, parent, candidate }) => [id, reason.code, verdict, parent === candidate])).toEqual([
      [1, 'CONTROL', 'discard', true],
      [4, 'CONTROL', 'discard', true],
      [7, 'CONTROL', 'discard', true],
    ]);
    expect(end.reason.code).toBe('BUDGET_EXPERIMENTS');
    expect(experiments.filter(({ id, proposal }) => id > 0 && proposal.title !== 'control')).toHaveLength(5);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('measure the baseline three times, and use the seeds of the loop', async () => {
    const repo = makeNoisyProject({ sigma: 0.01 }, steps(2), { gates, noise });
    const { experiments } = await run(repo.dir);
    expect(experiments[0]?.score).toMatchObject({ n: 3 });
    expect(seenBy(repo).map(({ experiment, seed }) => [experiment, seed])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 1],
      [2, 1],
    ]);
  });

  it('raise no alarm over a last digit, where a metric has no noise', async () => {
    // Three times 0.1 have a mean of 0.10000000000000002.
    const repo = makeNoisyProject({}, steps(3), {
      ...spaced(steps(6)),
      gates,
      noise: { ...noise, driftZ: 0.1 },
      metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
    });
    repo.write('value.txt', '0.1 start\n');
    repo.commit('a value that does not add up');
    const { experiments } = await run(repo.dir);
    expect(experiments[0]?.score?.value).toBeCloseTo(0.1, 15);
    expect(verdicts(experiments).filter((verdict) => /CONTROL|DRIFT/.test(verdict))).toEqual([
      '#1 discard CONTROL',
      '#4 discard CONTROL',
      '#7 discard CONTROL',
    ]);
    expect(experiments[1]?.trials).toHaveLength(1);
  });

  it('are not asked for where no gate judges against noise', async () => {
    const repo = makeNoisyProject({ sigma: 0.01 }, steps(4), { gates });
    const { experiments } = await run(repo.dir);
    expect(experiments[0]?.trials).toHaveLength(1);
    expect(experiments.map(({ proposal }) => proposal.title)).not.toContain('control');
  });

  it('are not stopped by a gate that watches', async () => {
    const pruner = { use: 'pruner', with: { shadowRuns: 1, spare: 0 } };
    const repo = makeNoisyProject({ shift: { by: 5, trials: 4 } }, [], {
      ...spaced([level(1), level(1.01), level(1.02)]),
      gates: [...gates, pruner],
      noise: { ...noise, controlEvery: 1, baselines: 3, sigma: 0.001 },
    });
    const { experiments } = await run(repo.dir);
    const drift = experiments.find(({ reason }) => reason.code === 'DRIFT');
    expect(drift?.trials.map(({ exit }) => exit)).toEqual(['completed', 'completed', 'completed']);
  });
});
