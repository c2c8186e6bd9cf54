import type { Judgement, Trial } from '../experiment.ts';
import type { PromotionAudit } from '../ledger/review-records.ts';
import { ReasonError } from '../plugin.ts';
import { claimText } from '../views/claim.ts';
import { decimalsFor } from '../views/format.ts';
import { intervals, type Arm } from '../model/ablation.ts';
import type { Measurer } from '../engine/measure/measurer.ts';
import { armsOf, measureRound, withoutItems } from './in-turns.ts';
import type { RunState } from '../model/run-state.ts';

/** Above the seeds of ablations; each promotion of a run has its own. */
const FIRST_SEED = 3_000_000;
const SEEDS_EACH = 1000;

export interface PromotionAuditInput {
  readonly measurer: Measurer;
  readonly state: Pick<RunState, 'objective' | 'noise'>;
  readonly promoted: string;
  readonly onto: string;
  /** Of each side; where a guard wants more, up to twice as many. */
  readonly trials: number;
  /** Promotions of the run before this one. */
  readonly earlier: number;
  readonly onTrial: (done: number) => void;
}

/** Measures a promoted branch against what it was put onto, pair by pair in turns, on seeds that nothing else uses. */
export async function auditPromotion(input: PromotionAuditInput): Promise<PromotionAudit> {
  const { measurer, promoted, onto } = input;
  const trials: Trial[] = [];
  const onTrial = (trial: Trial) => input.onTrial(trials.push(trial));
  const of = (commit: string) => trials.filter((trial) => trial.commit === commit);
  const sides = () => ({ promoted: withoutItems(of(promoted)), onto: withoutItems(of(onto)) });
  const firstSeed = FIRST_SEED + input.earlier * SEEDS_EACH;
  let judgements: readonly Judgement[] = [];
  try {
    for (let round = 0; round < 2 * input.trials; round++) {
      const isDecided = !judgements.some(({ outcome }) => outcome === 'more');
      if (round >= input.trials && isDecided) break;
      await measureRound(measurer, [promoted, onto], { firstSeed, round }, onTrial);
      if (round + 1 >= input.trials) judgements = await measurer.guard(of(promoted), of(onto));
    }
    return { trials: sides(), ...findingOf(input, await armsOf(measurer, [promoted, onto], trials), judgements) };
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    const text = `the audit could not be done: ${error.code}: ${error.message}`;
    return { trials: sides(), change: null, shown: 'none', failures: [text], text };
  }
}

function findingOf(
  { state, promoted, onto }: PromotionAuditInput,
  arms: readonly Arm[],
  judgements: readonly Judgement[],
): Omit<PromotionAudit, 'trials'> {
  const change = intervals(arms, state.objective.direction, state.noise)(promoted, onto);
  const isKnown = Number.isFinite(change.low);
  const shown = !isKnown ? 'none' : change.low > 0 ? 'gain' : change.high < 0 ? 'loss' : 'none';
  const failures = judgements
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'more')
    .map(({ gate, code, reason }) => `${gate} ${code}: ${reason}`);
  const decimals = decimalsFor([{ score: arms[1]?.scores[0] ?? null, delta: change.value }]);
  const words = claimText({ ...change, shown }, decimals);
  const text = [words, ...(failures.length > 0 ? [`failed on fresh trials: ${failures.join('; ')}`] : [])].join('; ');
  return { change: isKnown ? change : null, shown, failures, text };
}
