import { sealedData } from './config/splits.ts';
import type { Config } from './config/types.ts';

/** How far a run's number can be trusted, from the least to the most; docs/security.md says what a cheat can do at each. */
export const TRUST_LEVELS = {
  printed: 'printed by the candidate',
  files: 'read from files of the candidate',
  apart: 'evaluated apart',
  sealed: 'evaluated apart, with sealed answers',
} as const;
export type TrustLevel = keyof typeof TRUST_LEVELS;

export interface Trust {
  readonly level: TrustLevel;
  /** For people: what would raise the level of trust; null if it is the highest. */
  readonly advice: string | null;
}

type TrustConfig = Pick<Config, 'trainer' | 'metrics' | 'objective' | 'data' | 'workspace'>;

/** Metrics that take their number from what the trial prints. */
const PRINTED = new Set(['regex']);

/** `layer` is what keeps candidates in: bwrap or nothing. */
export function trustOf(config: TrustConfig, layer: 'bwrap' | 'none'): Trust {
  const { evaluate } = config.trainer;
  if (evaluate === undefined) {
    const level = objectiveMetrics(config).some((name) => PRINTED.has(config.metrics[name]?.use ?? '')) ? 'printed' : 'files';
    return { level, advice: 'trainer.evaluate measures where no candidate has been (docs/evaluate.md)' };
  }
  if (evaluate.data.length === 0 && sealedData(config).length === 0) {
    return { level: 'apart', advice: 'answers listed under trainer.evaluate.data are kept from candidates and agents' };
  }
  if (layer === 'none') return { level: 'apart', advice: 'without bwrap nothing keeps candidates and agents from the answers' };
  return { level: 'sealed', advice: null };
}

/** Those the objective names; all of them where it names none. */
function objectiveMetrics({ objective, metrics }: TrustConfig): string[] {
  const known = new Set(Object.keys(metrics));
  const named = Object.entries(objective.with ?? {})
    .flatMap(([key, value]) => (key === 'metric' || key === 'metrics' || Array.isArray(value) ? namesIn(value) : []))
    .filter((name) => known.has(name));
  return named.length > 0 ? named : [...known];
}

function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) =>
      typeof item === 'object' && item !== null && 'metric' in item ? namesIn(item.metric) : namesIn(item),
    );
  }
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
