import type { Judgement, Trial } from '../experiment.ts';
import type { PromotionAudit } from '../ledger/review-records.ts';
import { ReasonError } from '../plugin.ts';
import { claimText } from '../views/claim.ts';
import { decimalsFor } from '../views/format.ts';
import { intervals } from '../model/ablation.ts';
import type { Lab } from '../engine/measure/lab.ts';
import type { RunState } from '../model/run-state.ts';

/** Above the seeds of ablations; each promotion of a run has its own. */
const FIRST_SEED = 3_000_000;
const SEEDS_EACH = 1000;

export interface PromotionAuditInput {
  readonly lab: Pick<Lab, 'measure' | 'score' | 'guard'>;
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
  const sides: { promoted: Trial[]; onto: Trial[] } = { promoted: [], onto: [] };
  let judgements: readonly Judgement[] = [];
  try {
    for (let pair = 0; pair < 2 * input.trials; pair++) {
      const isDecided = !judgements.some(({ outcome }) => outcome === 'more');
      if (pair >= input.trials && isDecided) break;
      await measurePair(input, pair, sides);
      if (pair + 1 >= input.trials) judgements = await input.lab.guard(sides.promoted, sides.onto);
    }
    return await findingOf(input, sides, judgements);
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    const text = `the audit could not be done: ${error.code}: ${error.message}`;
    return { trials: bare(sides), change: null, shown: 'none', failures: [text], text };
  }
}

async function measurePair(
  { lab, promoted, onto, earlier, onTrial }: PromotionAuditInput,
  pair: number,
  sides: { promoted: Trial[]; onto: Trial[] },
): Promise<void> {
  const seed = FIRST_SEED + earlier * SEEDS_EACH + pair;
  // In turns, so that a machine that slows down slows down both.
  const order = pair % 2 === 0 ? (['promoted', 'onto'] as const) : (['onto', 'promoted'] as const);
  for (const side of order) {
    sides[side].push(await lab.measure(side === 'promoted' ? promoted : onto, seed));
    onTrial(sides.promoted.length + sides.onto.length);
  }
}

async function findingOf(
  { lab, state, promoted, onto }: PromotionAuditInput,
  sides: PromotionAudit['trials'],
  judgements: readonly Judgement[],
): Promise<PromotionAudit> {
  const scoresOf = (trials: readonly Trial[]) => Promise.all(trials.map(async (trial) => (await lab.score([trial])).value));
  const arms = [
    { commit: promoted, scores: await scoresOf(sides.promoted) },
    { commit: onto, scores: await scoresOf(sides.onto) },
  ];
  const change = intervals(arms, state.objective.direction, state.noise)(promoted, onto);
  const isKnown = Number.isFinite(change.low);
  const shown = !isKnown ? 'none' : change.low > 0 ? 'gain' : change.high < 0 ? 'loss' : 'none';
  const failures = judgements
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'more')
    .map(({ gate, code, reason }) => `${gate} ${code}: ${reason}`);
  const decimals = decimalsFor([{ score: arms[1]?.scores[0] ?? null, delta: change.value }]);
  const words = claimText({ ...change, shown }, decimals);
  const text = [words, ...(failures.length > 0 ? [`failed on fresh trials: ${failures.join('; ')}`] : [])].join('; ');
  return { trials: bare(sides), change: isKnown ? change : null, shown, failures, text };
}

/** There can be many thousand items; the record of a promotion leaves them out. */
function bare({ promoted, onto }: PromotionAudit['trials']): PromotionAudit['trials'] {
  const without = (trials: readonly Trial[]) => trials.map(({ items: _items, ...trial }) => trial);
  return { promoted: without(promoted), onto: without(onto) };
}
