import { describe, expect, it } from 'vitest';
import { problemsOf, resume, run, verdicts } from '../../helpers/project.ts';
import { auditsOf, level, makeNoisyProject, seenBy } from '../noisy-project.ts';

const auditEnd = { use: 'audit' };
const auditEach = { use: 'audit', with: { everyKeeps: 1, runs: 2 } };
const plain = { use: 'min-delta' };
const guard = { use: 'guardrail', with: { metric: 'errors', test: 'ni-mean', worse: 'higher', margin: 0.05, minItems: 50 } };

describe('an audit at the end', () => {
  it('says that no gain is shown where there is none, whatever the scores seemed to show', async () => {
    const repo = makeNoisyProject(
      { sigma: 0.05 },
      Array.from({ length: 8 }, (_, index) => level(1, `idea ${index}`)),
      { gates: [plain, auditEnd] },
    );
    const { end, experiments } = await run(repo.dir);
    expect(end.outcome).toBe('stopped');
    expect(experiments.some(({ id, verdict }) => id > 0 && verdict === 'keep')).toBe(true);
    const [audit, ...more] = await auditsOf(repo);
    expect(more).toEqual([]);
    expect(audit?.raw).toBeLessThan(-0.03);
    expect(audit?.text).toMatch(/^no gain shown: loss [−+]?\d\.\d+ \(95 % −\d\.\d+ to \+\d\.\d+\)$/);
    expect(audit).toMatchObject({
      occasion: 'end',
      anchor: { id: 0 },
      rolledBack: false,
      failures: [],
      trials: { final: { length: 3 }, anchor: { length: 3 } },
    });
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('shows the gain that there is, with fresh seeds in turns, and on held-out data only', async () => {
    const repo = makeNoisyProject({ sigma: 0.01 }, [level(0.9), level(0.8), level(0.95)], { gates: [plain, auditEnd] });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED', '#3 discard NOT_BETTER']);
    const [audit] = await auditsOf(repo);
    expect(audit?.text).toMatch(/^gain shown: loss −0\.[12]/);
    expect(audit?.claim.low).toBeLessThan(-0.2);
    expect(audit?.claim.high).toBeGreaterThan(-0.2);
    const seen = seenBy(repo);
    expect(seen.slice(0, -6).every(({ split, holdout, seed }) => split === 'loop' && !holdout && seed < 100)).toBe(true);
    expect(seen.slice(-6).every(({ split, holdout, seed }) => split === 'holdout' && holdout && seed > 1000)).toBe(true);
    expect(seen.slice(-6).map(({ experiment }) => experiment)).toEqual([2, 0, 0, 2, 2, 0]);
  });

  it('is not repeated by a session that adds nothing, and follows what a later one adds', async () => {
    const repo = makeNoisyProject({ sigma: 0.01 }, [level(0.9), level(0.8)], { gates: [plain, auditEnd], budget: { experiments: 1 } });
    await run(repo.dir);
    expect((await auditsOf(repo)).map(({ final }) => final.id)).toEqual([1]);
    await resume(repo.dir);
    expect((await auditsOf(repo)).map(({ final }) => final.id)).toEqual([1]);
    await resume(repo.dir, { budget: { experiments: 2 } });
    const audits = await auditsOf(repo);
    expect(audits.map(({ final, anchor }) => [final.id, anchor.id])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    const seeds = audits.flatMap(({ trials }) => trials.final.map(({ seed }) => seed));
    expect(new Set(seeds).size).toBe(6);
    expect(audits[1]?.claim.df).toBe(8);
  });

  it('that cannot be done says so, and neither fails the run nor confirms anything', async () => {
    const repo = makeNoisyProject({ sigma: 0.01, onHoldout: 'exit' }, [level(0.9)], { gates: [plain, auditEnd] });
    const { end } = await run(repo.dir);
    expect(end.outcome).toBe('stopped');
    const [audit] = await auditsOf(repo);
    expect(audit).toMatchObject({ rolledBack: false, claim: { shown: 'none', df: 0 } });
    expect(audit?.text).toContain('could not be done: TRIAL_FAILED');
    expect(
      seenBy(repo)
        .filter(({ split }) => split === 'holdout')
        .map(({ seed }) => seed),
    ).toHaveLength(2);
    await resume(repo.dir);
    expect(await auditsOf(repo)).toHaveLength(2);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('has trials that no gate can stop, while it stops those of the loop', async () => {
    const repo = makeNoisyProject({ sigma: 0.01, onHoldout: 'nan' }, [level(0.9), level(0.5, 'diverges')], {
      gates: [plain, { use: 'pruner' }, auditEnd],
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments).slice(1)).toEqual(['#1 keep IMPROVED', '#2 discard DIVERGED']);
    expect(experiments[2]?.trials[0]).toMatchObject({ exit: 'stopped' });
    expect((await auditsOf(repo))[0]?.text).toMatch(/^gain shown/);
  });
});

it('held-out data below a linked folder is refused: the link would take the place of the file itself', async () => {
  const repo = makeNoisyProject({}, [level(0.9)], { gates: [plain, auditEnd], workspace: { link: ['state'], holdout: ['state/.keep'] } });
  repo.write('state/.keep', 'mine\n');
  await expect(run(repo.dir)).rejects.toThrow();
  expect(repo.read('state/.keep')).toBe('mine\n');
});

describe('a guard that fails on fresh items', () => {
  const steps = [level(0.9), level(0.8, 'bad=0.2'), level(0.85), level(0.7)];

  it('takes the run back to the last commit that an audit confirmed', async () => {
    const repo = makeNoisyProject({}, steps, { gates: [guard, plain, auditEach] });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 keep IMPROVED',
      '#2 keep IMPROVED',
      '#3 keep IMPROVED',
      '#4 keep IMPROVED',
    ]);
    const audits = await auditsOf(repo);
    expect(audits.map(({ final, anchor, rolledBack, back }) => [final.id, anchor.id, rolledBack, back?.id])).toEqual([
      [1, 0, false, undefined],
      [2, 0, true, 1],
      [3, 0, false, undefined],
      [4, 0, false, undefined],
    ]);
    expect(audits[1]?.text).toMatch(/^gain shown: .*; failed on fresh trials: guardrail GUARDRAIL: errors 0\.2 worse.*; back to #1$/);
    expect(experiments[3]).toMatchObject({ parent: experiments[1]?.candidate, incumbent: { id: 1 } });
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[4]?.candidate);
    expect(repo.git('log', '--format=%H', 'autoresearch/night')).not.toContain(experiments[2]?.candidate);
    expect(audits[3]?.raw).toBeCloseTo(-0.3, 10);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('at the very end leaves the branch there', async () => {
    const repo = makeNoisyProject({}, steps.slice(0, 2), { gates: [guard, plain, auditEach] });
    const { experiments } = await run(repo.dir);
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[1]?.candidate);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const resumed = await resume(repo.dir);
    expect(resumed.end.reason.code).toBe('NOTHING_LEFT');
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[1]?.candidate);
  });

  it('only says so where the config asks for no more, and confirms nothing', async () => {
    const report = { use: 'audit', with: { everyKeeps: 1, runs: 2, onFail: 'report' } };
    const repo = makeNoisyProject({}, [...steps.slice(0, 2), level(0.7, 'bad=0.3')], { gates: [guard, plain, report] });
    const { experiments } = await run(repo.dir);
    expect((await auditsOf(repo)).map(({ rolledBack, failures }) => [rolledBack, failures.length])).toEqual([
      [false, 0],
      [false, 1],
      [false, 1],
    ]);
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[3]?.candidate);
  });

  it('keeps items out of the records that lists read, and beside them in the ledger', async () => {
    const repo = makeNoisyProject({}, steps.slice(0, 1), { gates: [guard, plain, auditEach] });
    await run(repo.dir);
    const [audit] = await auditsOf(repo);
    expect(audit?.trials.final[0]).not.toHaveProperty('items');
    const commit = repo.git('log', '--format=%H', '--grep=Autoresearch-Session: audit', 'refs/autoresearch/night/ledger').trim();
    const items = JSON.parse(repo.git('show', `${commit}:items.json`)) as { errors: unknown[] }[];
    expect(items.map(({ errors }) => errors.length)).toEqual([100, 100, 100, 100]);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

describe('a branch that cannot be moved when a run goes back', () => {
  const steps = [level(0.9), level(0.8, 'bad=0.2'), { ...level(0.85), title: 'free' }, level(0.7)];

  it('because it is checked out, stays, and follows later', async () => {
    const repo = makeNoisyProject({}, steps, { gates: [guard, plain, auditEach], budget: { experiments: 2 } });
    await run(repo.dir, { overrides: [{ path: 'budget.experiments', value: 1 }] });
    repo.git('checkout', '-q', 'autoresearch/night');
    const { messages, experiments } = await resume(repo.dir, { budget: { experiments: 2 } });
    expect(messages.join('\n')).toContain('is checked out');
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[1]?.candidate);
    repo.git('checkout', '-q', 'main');
    const later = await resume(repo.dir, { budget: { experiments: 3 } });
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(later.experiments[3]?.candidate);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('because a kill came first, is mended on resume', async () => {
    const repo = makeNoisyProject({}, steps, { gates: [guard, plain, auditEach], budget: { experiments: 2 } });
    const { experiments } = await run(repo.dir);
    // As it is when the audit is in the ledger and the branch has not been moved yet.
    repo.git('update-ref', 'refs/heads/autoresearch/night', experiments[2]?.candidate ?? '');
    expect(await problemsOf(repo.dir)).not.toEqual([]);
    await resume(repo.dir);
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(experiments[1]?.candidate);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('because a person has put commits of their own on it, stays for good', async () => {
    const repo = makeNoisyProject({}, steps, { gates: [guard, plain, auditEach], budget: { experiments: 1 } });
    await run(repo.dir);
    repo.git('checkout', '-q', 'autoresearch/night');
    repo.write('notes.txt', 'mine\n');
    const own = repo.commit('mine');
    repo.git('checkout', '-q', 'main');
    const { messages } = await resume(repo.dir, { budget: { experiments: 4 } });
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(own);
    expect(messages.join('\n')).toContain('commits that are not of this run');
  });
});
