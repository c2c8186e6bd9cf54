import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettledExperiment } from '../../../src/experiment.ts';
import { makeFolder } from '../../helpers/repo.ts';
import { makeProject, problemsOf, resume, run, stepsAgent, verdicts, type Step } from '../../helpers/project.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { leftovers } from '../../helpers/processes.ts';

/** A trial that waits until `count` trials are at work at once, for a minute or so at most, and says how many it met. */
function meeting(folder: string, count: number, unless = 'false'): Record<string, unknown> {
  const script = `
    mine=${folder}/$AUTORESEARCH_EXPERIMENT.$AUTORESEARCH_TRIAL; touch $mine
    for i in $(seq 1000); do [ $(ls ${folder} | wc -l) -ge ${count} ] && break; ${unless} && break; sleep 0.05; done
    echo "met: $(ls ${folder} | wc -l)"; echo "loss: $(cat value.txt)"`;
  return { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '5m' };
}

const LOSS = { use: 'regex', with: { pattern: '^loss: (.+)$' } };
const BASELINE = '[ "$AUTORESEARCH_EXPERIMENT" = 0 ]';
const value = (id: number): Step => ({ bash: `echo 0.${9 - id}$ID > value.txt`, title: `try ${id}` });
const slotsOf = (experiments: readonly SettledExperiment[]) => new Set(experiments.flatMap(({ trials }) => trials.map(({ slot }) => slot)));

describe('a run with several slots', () => {
  it('has a trial at work in each of them, and decides one at a time', async () => {
    const folder = makeFolder();
    const repo = makeProject({
      slots: { count: 3 },
      agent: stepsAgent([1, 2, 3, 4, 5, 6].map(value)),
      trainer: meeting(folder, 4, BASELINE),
      budget: { experiments: 6 },
      workspace: { writable: [folder] },
    });
    const { experiments, end } = await run(repo.dir);
    expect(end.reason.code).toBe('BUDGET_EXPERIMENTS');
    expect(experiments.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...slotsOf(experiments)].toSorted()).toEqual(['slot-1', 'slot-2', 'slot-3']);
    // The first three were made on the baseline, and each was compared with what was the incumbent when it was decided.
    expect(experiments.filter(({ id }) => id > 0 && id < 4).every(({ basis }) => basis.incumbent === 0)).toBe(true);
    const best = Math.min(...experiments.map(({ score }) => score?.value ?? Infinity));
    const last = experiments.findLast(({ verdict }) => verdict === 'keep');
    expect(last?.score?.value).toBe(best);
    expect(repo.git('show', 'autoresearch/night:value.txt').trim()).toBe(String(best));
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(await leftovers(repo.dir)).toEqual([]);
    expect(repo.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it.each([2, 4])('with noise and %i slots ends in a record that can be computed again, audits included', async (count) => {
    // The score of a trial is the value with a noise that follows from seed and experiment.
    const noisy =
      'echo "loss: $(awk -v v=$(cat value.txt) -v s=$((AUTORESEARCH_SEED * 7919 + AUTORESEARCH_EXPERIMENT * 104729)) \'BEGIN { srand(s); print v + (rand() - 0.5) / 20 }\')"';
    const repo = makeProject({
      slots: { count },
      agent: stepsAgent([1, 2, 3, 4, 5, 6, 7, 8].map(value)),
      trainer: { use: 'command', with: { run: ['bash', '-c', noisy] }, timeout: '60s' },
      gates: [{ use: 'posterior' }, { use: 'audit' }],
      noise: { baselines: 3 },
      budget: { experiments: 8 },
    });
    const { experiments } = await run(repo.dir);
    expect(experiments.length).toBeGreaterThan(8);
    expect(experiments.some(({ id, verdict }) => id > 0 && verdict === 'keep')).toBe(true);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const { code, stdout, stderr } = await runCli(['verify', '--recompute'], { cwd: repo.dir });
    expect(code, stdout + stderr).toBe(0);
  });

  it('measures no more than its budget, whatever is in flight', async () => {
    const repo = makeProject({ slots: { count: 4 }, agent: stepsAgent([1, 2, 3, 4, 5, 6].map(value)), budget: { experiments: 3 } });
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  it('goes on after Ctrl-C with all that was in flight, and asks nobody again', async () => {
    const [folder, calls] = [makeFolder(), join(makeFolder(), 'calls')];
    const repo = makeProject({
      slots: ['a', 'b'],
      agent: stepsAgent([1, 2, 3].map(value), { calls }),
      trainer: meeting(folder, 99, `${BASELINE} || [ -e ${folder}/go ]`),
      budget: { experiments: 2 },
      workspace: { writable: [folder] },
    });
    const stop = new AbortController();
    const timer = setInterval(() => existsSync(join(folder, '2.0')) && existsSync(join(folder, '1.0')) && stop.abort(), 20);
    const first = await run(repo.dir, { signal: stop.signal });
    clearInterval(timer);
    expect([first.end.outcome, verdicts(first.experiments)]).toEqual(['interrupted', ['#0 keep BASELINE']]);
    expect(readdirSync(join(repo.dir, '.autoresearch/night/wal')).toSorted()).toEqual(['1.jsonl', '2.jsonl']);
    repo.git('gc', '-q', '--prune=now');
    writeFileSync(join(folder, 'go'), '');
    const { experiments } = await resume(repo.dir);
    expect(experiments.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(readFileSync(calls, 'utf8').trim().split('\n').toSorted()).toEqual(['1', '2']);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(readdirSync(join(repo.dir, '.autoresearch/night/wal'))).toEqual([]);
  });
});

it('measures the baseline in all slots at once, where a gate judges against noise', async () => {
  const folder = makeFolder();
  const repo = makeProject({
    slots: { count: 3 },
    agent: stepsAgent([]),
    // Each of the first trials waits until all three slots are at work.
    trainer: meeting(folder, 3),
    metrics: { loss: LOSS, met: { use: 'regex', with: { pattern: '^met: (.+)$' } } },
    gates: [{ use: 'posterior' }],
    noise: { baselines: 2 },
    workspace: { writable: [folder] },
  });
  const { experiments } = await run(repo.dir);
  expect(experiments[0]).toMatchObject({ kind: 'baseline', verdict: 'keep', trials: [{ slot: 'slot-1' }, { slot: 'slot-1' }] });
  const others = experiments.slice(1);
  expect(others.map(({ kind, reason, basis }) => [kind, reason.code, basis.incumbent])).toEqual(
    Array.from({ length: 2 }, () => ['control', 'SLOT_MEASURED', 0]),
  );
  expect([...slotsOf(experiments)].toSorted()).toEqual(['slot-1', 'slot-2', 'slot-3']);
  for (const { trials } of experiments) expect(trials[0]?.metrics['met']).toBeGreaterThanOrEqual(3);
  expect(await problemsOf(repo.dir)).toEqual([]);
});

it('ends when the baseline fails, whatever is measured beside it', async () => {
  const script = '[ $AUTORESEARCH_SLOT != slot-1 ] || exit 3; sleep 30; echo "loss: 1"';
  const repo = makeProject({
    slots: { count: 2 },
    trainer: { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '60s' },
    gates: [{ use: 'posterior' }],
  });
  const { end } = await run(repo.dir);
  expect([end.outcome, end.reason.code]).toEqual(['failed', 'BASELINE_FAILED']);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(await leftovers(repo.dir)).toEqual([]);
});
