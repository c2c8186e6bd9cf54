import { ReasonError, type AuditOccasion, type RunView, type Trial } from '../../../src/plugin.ts';

export interface Sides {
  readonly final: readonly Trial[];
  readonly anchor: readonly Trial[];
}

/** The trials; with a reason if there are fewer than asked for. */
export type Measured = Sides & { readonly problem: string | null };

/** Far above any seed of the loop, which counts up from the run's own. */
const FRESH = 2 ** 30;
const SEEDS = 2 ** 31;
const PER_AUDIT = 1000;

/** Seeds for one audit that neither the loop nor another audit uses; `retry` gives the ones that replace a failed pair's. */
export function freshSeed({ seed, audits }: Pick<RunView, 'seed' | 'audits'>, pair: number, retry = false): number {
  return (seed + FRESH + audits.length * PER_AUDIT + 2 * pair + (retry ? 1 : 0)) % SEEDS;
}

/** Measures pairs of final and anchor, in turns (F A, A F, F A …), so that a machine that slows down slows down both. */
export async function measurePairs(
  occasion: AuditOccasion,
  run: RunView,
  { from, to, sides }: { readonly from: number; readonly to: number; readonly sides: Sides },
): Promise<Measured> {
  const [final, anchor] = [[...sides.final], [...sides.anchor]];
  for (let pair = from; pair < to; pair++) {
    const first = await measurePair(occasion, pair, freshSeed(run, pair));
    // A whole pair again, because both of its trials must have the same seed.
    const measured = first instanceof ReasonError ? await measurePair(occasion, pair, freshSeed(run, pair, true)) : first;
    if (measured instanceof ReasonError) return { final, anchor, problem: `${measured.code}: ${measured.message}` };
    final.push(measured.final);
    anchor.push(measured.anchor);
  }
  return { final, anchor, problem: null };
}

async function measurePair(occasion: AuditOccasion, pair: number, seed: number): Promise<{ final: Trial; anchor: Trial } | ReasonError> {
  const { final, anchor } = occasion;
  const measure = (commit: string | null) => occasion.measure(commit ?? '', seed);
  try {
    if (pair % 2 === 0) return { final: await measure(final.candidate), anchor: await measure(anchor.candidate) };
    const second = await measure(anchor.candidate);
    return { final: await measure(final.candidate), anchor: second };
  } catch (error) {
    if (error instanceof ReasonError) return error;
    throw error;
  }
}
