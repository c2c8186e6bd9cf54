import { AutoresearchError } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { moveBranch } from '../git/run-refs.ts';
import { branchName } from '../ledger/ledger.ts';
import type { AblationRecord } from '../ledger/analysis-records.ts';
import type { Summary } from '../plugin.ts';
import type { Trial } from '../experiment.ts';
import { effectsOf, intervals, summarizeEffects, type Comparison, type Effect } from '../model/ablation.ts';
import type { ApartMeasurer } from '../engine/session/with-measurer.ts';
import { armsOf, measureRound, withoutItems } from './in-turns.ts';
import type { RunState } from '../model/run-state.ts';

/** Seeds that neither the loop nor audits use. */
const FIRST_SEED = 2_000_000;
const ROUNDS = 2;
const LEAN_TRIALS = 3;

interface AblateInput {
  readonly measurer: ApartMeasurer;
  readonly state: RunState;
  readonly repository: Repository;
  /** The number of trials to spend; at least two for each commit. */
  readonly budget: number | undefined;
  readonly drop: boolean;
  readonly onTrial: (done: number, of: number) => void;
}

/** Measures what each kept change contributes, by leaving it out of the final commit; if it cannot be left out alone, by the commits before and after it. */
export async function ablate(input: AblateInput): Promise<AblationRecord> {
  const { measurer, state } = input;
  const keeps = keptChain(state);
  const final = keeps.at(-1);
  if (final === undefined || final.candidate === null) {
    throw new AutoresearchError('RUN_NOT_FOUND', `run ${state.name} has kept nothing, so there is nothing to leave out`, {
      hint: `autoresearch log ${state.name}`,
    });
  }
  const comparisons = await compare(measurer, keeps, final.candidate);
  const commits = [...new Set(comparisons.flatMap(({ withIt, without }) => [withIt, without]))];
  const rounds = Math.floor((input.budget ?? commits.length * ROUNDS) / commits.length);
  if (rounds < ROUNDS) {
    throw new AutoresearchError('USAGE', `${input.budget} trials are too few for ${commits.length} commits`, {
      hint: `each must be measured twice, or its noise is unknown: --trials ${commits.length * ROUNDS}`,
    });
  }
  const trials = await measureRounds(input, commits, rounds, FIRST_SEED);
  const effects = effectsOf(comparisons, await armsOf(measurer, commits, trials), state.objective.direction, state.noise);
  const lean = input.drop ? await buildLean(input, effects, keeps, final.candidate) : null;
  return {
    v: 1,
    kind: 'ablation',
    at: new Date().toISOString(),
    final: { id: final.id, commit: final.candidate },
    effects,
    lean: lean && lean.record,
    trials: withoutItems([...trials, ...(lean?.trials ?? [])]),
    text: summarizeEffects(effects),
  };
}

/** The kept changes the incumbent is made of, oldest first; without the baseline. */
function keptChain({ history, incumbent }: RunState): Summary[] {
  const byCommit = new Map(history.filter(({ verdict }) => verdict === 'keep').map((summary) => [summary.candidate, summary]));
  const chain: Summary[] = [];
  for (let at = byCommit.get(incumbent?.candidate ?? null); at && at.parent !== at.candidate; at = byCommit.get(at.parent))
    chain.unshift(at);
  return chain;
}

async function compare({ worktree }: ApartMeasurer, keeps: readonly Summary[], final: string): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const { id, title, candidate, parent } of keeps) {
    if (candidate === null) continue;
    await worktree.restore(final);
    const without = await worktree.revert(candidate);
    const around = { withIt: candidate, without: parent, how: 'prefix' } as const;
    comparisons.push({ id, title, ...(without === null ? around : { withIt: final, without, how: 'left out' }) });
  }
  return comparisons;
}

async function measureRounds(
  { measurer, onTrial }: AblateInput,
  commits: readonly string[],
  rounds: number,
  firstSeed: number,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (let round = 0; round < rounds; round++) {
    await measureRound(measurer, commits, { firstSeed, round }, (trial) => {
      trials.push(trial);
      onTrial(trials.length, rounds * commits.length);
    });
  }
  return trials;
}

/** A branch without the changes that contribute nothing, measured against the final commit on its own seeds. */
async function buildLean(input: AblateInput, effects: readonly Effect[], keeps: readonly Summary[], final: string) {
  const { measurer, state, repository } = input;
  const { worktree } = measurer;
  await worktree.restore(final);
  const dropped: number[] = [];
  let commit = final;
  for (const { id, candidate } of keeps.toReversed()) {
    if (candidate === null || effects.find((effect) => effect.id === id)?.role === 'carries') continue;
    const without = await worktree.revert(candidate);
    if (without === null) await worktree.restore(commit);
    else {
      commit = without;
      dropped.push(id);
    }
  }
  if (commit === final) return null;
  const trials = await measureRounds(input, [final, commit], LEAN_TRIALS, FIRST_SEED + 1000);
  const change = intervals(await armsOf(measurer, [final, commit], trials), state.objective.direction, state.noise)(commit, final);
  const branch = `${branchName(state.name)}-lean`;
  await moveBranch(repository, branch, commit);
  return { record: { branch, commit, dropped: dropped.toSorted((a, b) => a - b), change }, trials };
}
