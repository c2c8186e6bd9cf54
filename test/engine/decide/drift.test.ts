import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../../src/experiment.ts';
import { recomputeRun } from '../../../src/analysis/recompute-run.ts';
import { problemsOf, resume, RUN, run, verdicts, type Step } from '../../helpers/project.ts';
import { auditsOf, level, makeNoisyProject } from '../noisy-project.ts';

const plain = { use: 'min-delta' };
const guard = { use: 'guardrail', with: { metric: 'errors', test: 'ni-mean', worse: 'higher', margin: 0.05, minItems: 50 } };
const noise = { baselines: 3, sigma: 0.01, controlEvery: 3, driftZ: 4 };
const never: Step = { exhausted: 'a control was expected here' };
const codes = (experiments: readonly SettledExperiment[]) => verdicts(experiments).map((verdict) => verdict.replace(/^#\d+ /, ''));

describe('a machine that drifts', () => {
  /** Experiment 1 and every fourth after it are controls; the level is up by 0.5 from the eighth trial on. */
  const world = { sigma: 0.01, shift: { by: 0.5, trials: 7 } };
  const steps = [never, level(0.9), level(0.95), level(1.2), never, level(0.8), level(0.85), level(0.7), never, level(0.75)];

  it('raises an alarm; the run goes on from the new figure, and a gain is a gain again', async () => {
    const repo = makeNoisyProject(world, steps, { gates: [plain], noise });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 discard CONTROL',
      '#2 keep IMPROVED',
      '#3 discard NOT_BETTER',
      '#4 discard NOT_BETTER',
      '#5 discard DRIFT',
      '#6 keep IMPROVED',
      '#7 discard NOT_BETTER',
      '#8 keep IMPROVED',
      '#9 discard CONTROL',
      '#10 discard NOT_BETTER',
    ]);
    const [alarm, after] = [experiments[5], experiments[6]];
    expect(alarm?.trials).toHaveLength(3);
    expect(alarm?.score?.value).toBeCloseTo(1.4, 1);
    expect(alarm?.reason.text).toMatch(
      /^the machine or the data has changed: 1\.\d+ against 0\.\d+, and 0\.\d+ is allowed; the run goes on from the new figure$/,
    );
    expect(after).toMatchObject({ incumbent: { id: 2, score: alarm?.score?.value }, parent: experiments[2]?.candidate });
    expect(after?.delta).toBeCloseTo(-0.1, 1);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('is remembered by a resumed run', async () => {
    const repo = makeNoisyProject(world, steps, { gates: [plain], noise, budget: { experiments: 4 } });
    const before = await run(repo.dir);
    expect(codes(before.experiments).slice(-2)).toEqual(['discard DRIFT', 'keep IMPROVED']);
    const { experiments } = await resume(repo.dir, { budget: { experiments: 6 } });
    expect(codes(experiments).slice(5)).toEqual(['discard DRIFT', 'keep IMPROVED', 'discard NOT_BETTER', 'keep IMPROVED']);
  });

  it('right before the resume leaves the new figure to compare with', async () => {
    const repo = makeNoisyProject(world, steps, { gates: [plain], noise });
    const stop = new AbortController();
    await run(repo.dir, {
      signal: stop.signal,
      onAssembled: ({ hooks }) => hooks.settled.tapPromise('stop', async ({ reason }) => void (reason.code === 'DRIFT' && stop.abort())),
    });
    const { experiments } = await resume(repo.dir);
    expect(experiments[6]).toMatchObject({ reason: { code: 'IMPROVED' }, incumbent: { id: 2, score: experiments[5]?.score?.value } });
    expect(codes(experiments).filter((code) => code.endsWith('DRIFT'))).toHaveLength(1);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('does not spoil the claim: an audit measures both sides after it, and the scores add up across it', async () => {
    const repo = makeNoisyProject(world, steps, { gates: [plain, { use: 'audit' }], noise });
    await run(repo.dir);
    const [audit] = await auditsOf(repo);
    expect(audit?.claim.shown).toBe('gain');
    expect(audit?.claim.value).toBeCloseTo(-0.3, 1);
    expect(audit?.raw).toBeCloseTo(-0.3, 1);
  });
});

describe('a rollback over a drift', () => {
  it('measures what it went back to at once, because its figure is of before', async () => {
    const steps = [never, level(0.9), level(0.85), never, level(0.7, 'bad=0.3'), never, level(0.88), level(0.8)];
    const audit = { use: 'audit', with: { everyKeeps: 3, runs: 2 } };
    const repo = makeNoisyProject({ sigma: 0.001, shift: { by: 0.5, trials: 6 } }, steps, {
      gates: [guard, plain, audit],
      noise: { ...noise, sigma: 0.001, controlEvery: 2 },
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 discard CONTROL',
      '#2 keep IMPROVED',
      '#3 keep IMPROVED',
      '#4 discard DRIFT',
      '#5 keep IMPROVED',
      '#6 discard DRIFT',
      '#7 keep IMPROVED',
      '#8 keep IMPROVED',
      '#9 discard CONTROL',
    ]);
    const [rolledBack] = await auditsOf(repo);
    expect(rolledBack).toMatchObject({ rolledBack: true, final: { id: 5 }, back: { id: 0 } });
    // Experiment 6 is the baseline again, and later ones are compared with its new score.
    expect(experiments[6]).toMatchObject({ candidate: experiments[0]?.candidate });
    expect(experiments[7]).toMatchObject({ parent: experiments[0]?.candidate, incumbent: { id: 0, score: experiments[6]?.score?.value } });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

describe('a run that is stopped again and again', () => {
  /** Everything together: noise, a drift, a pruner, guards, audits with a rollback, controls. */
  const parts = {
    gates: [
      { use: 'pruner', with: { shadowRuns: 2, spare: 0.5 } },
      plain,
      guard,
      { use: 'guardrail', with: { metric: 'errors', test: 'no-new-failures' } },
      { use: 'audit', with: { everyKeeps: 2, runs: 2 } },
    ],
    noise: { ...noise, controlEvery: 4 },
  };
  const world = { sigma: 0.01, shift: { by: 0.5, experiment: 9 } };
  const steps = Array.from({ length: 18 }, (_, index) =>
    index % 5 === 3 ? level(1.5, `hopeless ${index}`) : level(1 - 0.02 * index, index === 11 ? 'bad=0.3' : `idea ${index}`),
  );
  const told = (experiments: readonly SettledExperiment[]) =>
    experiments.map(({ id, verdict, reason, score, delta, incumbent, judgements }) => ({
      id,
      verdict,
      reason,
      score,
      delta,
      incumbent,
      judgements,
    }));

  it('decides as one that never was', async () => {
    const whole = makeNoisyProject(world, steps, parts);
    const expected = await run(whole.dir);
    const wholeAudits = await auditsOf(whole);
    const all = codes(expected.experiments).join(' ');
    for (const code of ['DRIFT', 'CONTROL', 'HOPELESS', 'IMPROVED']) expect(all).toContain(code);
    expect(wholeAudits.some(({ rolledBack }) => rolledBack)).toBe(true);
    expect(wholeAudits.some(({ rolledBack }) => !rolledBack)).toBe(true);

    const broken = makeNoisyProject(world, steps, parts);
    let last: Awaited<ReturnType<typeof run>> | null = null;
    let sessions = 0;
    for (let every = 7; last === null || last.end.outcome === 'interrupted'; every = every === 7 ? 4 : 7) {
      const stop = new AbortController();
      let trials = 0;
      const options: Parameters<typeof run>[1] = {
        signal: stop.signal,
        onAssembled: ({ hooks }) =>
          hooks.train.tapPromise({ name: 'stop', stage: -1 }, async () => void (++trials === every && stop.abort()) as never),
      };
      last = sessions++ === 0 ? await run(broken.dir, options) : await resume(broken.dir, options);
    }
    expect(sessions).toBeGreaterThan(5);
    expect(last.end).toEqual(expected.end);
    expect(told(last.experiments)).toEqual(told(expected.experiments));
    const claims = (audits: typeof wholeAudits) =>
      audits.map(({ occasion, final, anchor, back, claim, raw, failures, text }) => ({
        occasion,
        final: final.id,
        anchor: anchor.id,
        back: back?.id,
        claim,
        raw,
        failures,
        text,
      }));
    expect(claims(await auditsOf(broken))).toEqual(claims(wholeAudits));
    expect(await problemsOf(broken.dir)).toEqual([]);
    expect((await recomputeRun(broken.dir, RUN)).problems).toEqual([]);
  });
});
