import { describe, expect, it } from 'vitest';
import { recomputeRun } from '../../../src/analysis/recompute-run.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { readRun, readWithItems } from '../../../src/ledger/read.ts';
import { makeProject, problemsOf, resume, RUN, run, set, verdicts, type Step } from '../../helpers/project.ts';
import type { TestRepo } from '../../helpers/repo.ts';

/** Each trial is slower than the one before, whatever it runs: by more than any change gains. */
const TRAINER = `
n=$(cat state/count 2>/dev/null || echo 0); echo $((n + 1)) > state/count
value=$(cat value.txt)
echo "$AUTORESEARCH_EXPERIMENT $AUTORESEARCH_SEED $value" >> state/seen
test "$value" = "$(cat state/fails 2>/dev/null)" && exit 7
awk "BEGIN { print \\"loss: \\" ($value + $n * $(cat drift.txt)) }"
echo '{"id":"a","value":'$value'}' > items.jsonl
`;

function makeDrifting(steps: readonly Step[], parts: Readonly<Record<string, unknown>> = {}, drift = 0.2): TestRepo {
  const repo = makeProject(
    {
      agent: { use: './lab.mjs#steps', with: { steps } },
      trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s', trials: 2, interleave: true },
      workspace: { link: ['state'], writable: ['state'], outputs: ['items.jsonl'] },
      metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } }, parts: { use: 'items', with: { file: 'items.jsonl' } } },
      ...parts,
    },
    { 'train.sh': TRAINER, 'drift.txt': `${drift}\n`, '.gitignore': 'state\nitems.jsonl\n' },
  );
  repo.write('state/.keep', '');
  return repo;
}

const seen = (repo: TestRepo) => repo.read('state/seen').trim().split('\n');
const steps = [set(0.9), set(0.95), set(0.8)];
const alone = { trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s', trials: 2 } };

describe('trainer.interleave', () => {
  it('tells a gain from a machine that slows down, which trials one after another cannot', async () => {
    const apart = await run(makeDrifting(steps, alone).dir);
    expect(verdicts(apart.experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 discard NOT_BETTER',
      '#2 discard NOT_BETTER',
      '#3 discard NOT_BETTER',
    ]);
    const repo = makeDrifting(steps);
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard NOT_BETTER', '#3 keep IMPROVED']);
    const deltas = [-0.1, 0.05, -0.1];
    for (const [index, delta] of deltas.entries()) expect(experiments[index + 1]?.delta).toBeCloseTo(delta, 9);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect((await recomputeRun(repo.dir, RUN)).problems).toEqual([]);
  });

  it('runs both in turns, each on its own files and each pair on one seed, and the baseline alone', async () => {
    const repo = makeDrifting(steps);
    const { experiments } = await run(repo.dir);
    const byExperiment = Map.groupBy(seen(repo), (line) => line[0]);
    expect([...byExperiment.values()].map((lines) => lines.map((line) => line.slice(2)))).toEqual([
      ['1 1', '2 1'],
      ['1 1', '1 0.9', '2 0.9', '2 1'],
      ['1 0.95', '1 0.9', '2 0.9', '2 0.95'],
      ['1 0.9', '1 0.8', '2 0.8', '2 0.9'],
    ]);
    const [baseline, first, second] = experiments;
    expect(baseline?.beside).toBeUndefined();
    expect(first?.beside?.map(({ commit, seed, index }) => [commit, seed, index])).toEqual([
      [baseline?.candidate, 1, 0],
      [baseline?.candidate, 2, 1],
    ]);
    expect(second?.beside?.map(({ commit }) => commit)).toEqual([first?.candidate, first?.candidate]);
    expect(second?.incumbent).toEqual({ id: 1, score: second?.score?.beside?.value });
    // The order turns round, so that drift adds to one difference what it takes from the other.
    expect(first?.score?.beside?.spread).toBeCloseTo(0.2 * Math.SQRT2, 9);
  });

  it('keeps the items of the trials beside, by trial', async () => {
    const repo = makeDrifting(steps);
    await run(repo.dir);
    const { git } = await openRepository(repo.dir);
    const experiment = await readWithItems(git, (await readRun(git, RUN)).commits.get(2) ?? '');
    const values = (trials: typeof experiment extends null ? never : NonNullable<typeof experiment>['trials']) =>
      trials.map(({ items }) => items?.['parts']?.[0]?.value);
    expect(values(experiment?.trials ?? [])).toEqual([0.95, 0.95]);
    expect(values(experiment?.beside ?? [])).toEqual([0.9, 0.9]);
  });

  it('goes on with the pairs it has after a stop between two of them', async () => {
    const repo = makeDrifting(steps);
    const stop = new AbortController();
    let trials = 0;
    await run(repo.dir, {
      signal: stop.signal,
      onAssembled: ({ hooks }) =>
        hooks.train.tapPromise({ name: 'stop', stage: -1 }, async () => void (++trials === 5 && stop.abort()) as never),
    });
    const { experiments } = await resume(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard NOT_BETTER', '#3 keep IMPROVED']);
    expect(experiments[1]?.trials).toHaveLength(2);
    expect(experiments[1]?.beside).toHaveLength(2);
    expect(seen(repo).filter((line) => line.startsWith('1 1 '))).toHaveLength(2);
    expect((await recomputeRun(repo.dir, RUN)).problems).toEqual([]);
  });

  it('cannot judge a candidate whose incumbent fails beside it, and says so', async () => {
    // The steps of this agent run in the engine's own process, which sees linked folders without a sandbox only.
    const repo = makeDrifting(
      [set(0.9), { bash: 'echo 0.9 > state/fails; echo 0.8 > value.txt' }, { bash: 'rm state/fails; echo 0.7 > value.txt' }],
      { sandbox: 'off' },
    );
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 crash INCUMBENT_FAILED', '#3 keep IMPROVED']);
    expect(experiments[2]?.reason.text).toBe(
      "the incumbent's trial beside it has failed: TRIAL_FAILED: the trainer ended with exit code 7",
    );
    expect(experiments[3]?.delta).toBeCloseTo(-0.2, 9);
  });

  it('needs no controls with a gate that judges against noise, which sees the difference and not the drift', async () => {
    const level = Array.from({ length: 8 }, (_, index) => set(index % 4 === 3 ? 0.5 - index / 100 : 1 + index / 100));
    const parts = { gates: [{ use: 'posterior' }], noise: { controlEvery: undefined, baselines: 4, sigma: 0.02 } };
    const repo = makeDrifting(level, parts, 0.01);
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments).filter((verdict) => verdict.includes('CONTROL') || verdict.includes('DRIFT'))).toEqual([]);
    expect(experiments.filter(({ verdict }) => verdict === 'keep').map(({ id }) => id)).toEqual([0, 4, 8]);
    expect(experiments[4]?.judgements[0]?.estimate?.effect).toBeCloseTo(-0.53, 1);
    expect((await recomputeRun(repo.dir, RUN)).problems).toEqual([]);
  });
});
