import type { TransferCondition } from '../config/types.ts';
import type { Direction, Trial } from '../experiment.ts';
import type { TransferFinding } from '../ledger/analysis-records.ts';
import { ReasonError } from '../plugin.ts';
import { intervals, type Interval } from '../model/ablation.ts';
import type { Measurer } from '../engine/measure/measurer.ts';
import { armsOf, measureRound, withoutItems } from './in-turns.ts';

/** Above the seeds of the loop, of audits, ablations and promotions; each condition has its own. */
const FIRST_SEED = 4_000_000;
const SEEDS_EACH = 1000;

export interface TransferInput {
  readonly condition: TransferCondition;
  /** Its place among all conditions that were ever measured in this run. */
  readonly number: number;
  readonly measurer: Pick<Measurer, 'measure' | 'score'>;
  readonly direction: Direction;
  readonly final: string;
  readonly anchor: string;
  /** Trials of each side. */
  readonly trials: number;
  readonly onTrial: () => void;
}

/** Is the run's gain there under another condition too? Both commits, pair by pair in turns on equal seeds. */
export async function measureTransfer(input: TransferInput): Promise<TransferFinding> {
  const { condition, number, measurer, direction, final, anchor } = input;
  const trials: Trial[] = [];
  const onTrial = (trial: Trial) => {
    trials.push(trial);
    input.onTrial();
  };
  const measured = () => withoutItems([final, anchor].flatMap((commit) => trials.filter((trial) => trial.commit === commit)));
  const found = { name: condition.name, env: condition.env, ...(condition.timeout !== undefined && { timeout: condition.timeout }) };
  const firstSeed = FIRST_SEED + number * SEEDS_EACH;
  try {
    for (let round = 0; round < input.trials; round++) await measureRound(measurer, [final, anchor], { firstSeed, round }, onTrial);
    // The loop's noise does not apply to another condition, so only the condition's own repeats are used.
    const change = intervals(await armsOf(measurer, [final, anchor], trials), direction, null)(final, anchor);
    return { ...found, change, shown: shownBy(change), trials: measured() };
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    return { ...found, change: null, shown: 'failed', failure: { code: error.code, text: error.message }, trials: measured() };
  }
}

function shownBy({ low, high }: Interval): 'gain' | 'loss' | 'none' {
  if (low > 0) return 'gain';
  return high < 0 ? 'loss' : 'none';
}

/** The result in one sentence. */
export function summarizeTransfer(findings: readonly TransferFinding[]): string {
  const count = (shown: TransferFinding['shown']) => findings.filter((finding) => finding.shown === shown).length;
  const parts = [
    `the gain is shown under ${count('gain')} of ${findings.length} conditions`,
    count('loss') > 0 && `a loss under ${count('loss')}`,
    count('failed') > 0 && `${count('failed')} could not be measured`,
  ];
  return parts.filter(Boolean).join(', ');
}
