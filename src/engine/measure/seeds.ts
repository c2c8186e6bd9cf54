import type { CommittedExperiment, SeedRecord, Trial } from '../../experiment.ts';
import { isShared, seedContrast, seedExplains, seedSpread, type Seeded } from '../../stats.ts';
import { baselinesWanted } from './baselines.ts';
import type { Run } from '../engine.ts';
import type { RunState } from '../../model/run-state.ts';

/** Fewer trials of the baseline do not show what seeds do. */
const FEWEST = 3;
/** The baseline's trials: the first seed again as the third, the second again where the first two trials leave a doubt. */
const BASELINE_SEEDS = [0, 1, 0, 1, 2] as const;
/** Room for the trials of one experiment. */
const PER_EXPERIMENT = 100;
const SEEDS = 2 ** 32;
/** A candidate this many contrasts behind the incumbent says nothing of seeds: it may have diverged. */
const WRECK = 6;
/** So many candidates are tried on both seeds before each trial gets one of its own. */
const MOST_CHECKS = 3;
const ROUNDING = 1e-9;

type SeedEngine = Pick<Run, 'config' | 'needsNoise' | 'state'>;

/** The seed of a trial of the loop. */
export function loopSeed(engine: SeedEngine, experiment: CommittedExperiment, index: number): number {
  const { config } = engine;
  return (config.seed + offsetOf(engine, experiment, index)) % Math.max(SEEDS, config.seed + 1);
}

function offsetOf(engine: SeedEngine, experiment: CommittedExperiment, index: number): number {
  const { state } = engine;
  if (!isPlanned(engine)) return index;
  const rule = ruleOf(state);
  if (rule === 'fresh') return experiment.id * PER_EXPERIMENT + index;
  if (state.incumbent === null) return BASELINE_SEEDS[index] ?? index - 2;
  // The incumbent's first trial was on the first seed, and would only be repeated there.
  return (index + (experiment.kind === 'control' ? 1 : 0)) % 2;
}

/** Where trials are in pairs, both sides have one seed; where the baseline is too short to show anything, seeds count up. */
function isPlanned(engine: SeedEngine): boolean {
  const { config, needsNoise, state } = engine;
  if (state.rules < 2 || config.trainer.interleave) return false;
  if (state.seedChoice !== 'auto') return true;
  // A budget that grew since does not change what the baseline was asked.
  return state.incumbent === null ? needsNoise && baselinesWanted(engine) >= FEWEST : state.seeds !== null;
}

function ruleOf({ seeds, seedChoice }: RunState): SeedRecord['rule'] | null {
  return seedChoice === 'auto' ? (seeds?.rule ?? null) : seedChoice;
}

/** Must this candidate be tried on both seeds, to show whether they do the same to every commit? */
export function isSeedCheck({ state }: Pick<Run, 'state'>, experiment: CommittedExperiment): boolean {
  return state.incumbent !== null && state.seeds?.rule === 'check' && experiment.kind !== 'control';
}

/** What the trials of an experiment say of seeds, given the score of each; undefined where nobody asked. */
export function seedRecordOf(state: RunState, trials: readonly Trial[], scores: readonly number[]): SeedRecord | undefined {
  const seeded = trials.map(({ seed }, index): Seeded => ({ seed, score: scores[index] ?? NaN }));
  if (state.incumbent === null) return ofBaseline(state, seeded);
  const { seeds } = state;
  if (seeds === null || seeds.rule === 'fresh') return undefined;
  const contrast = seedContrast(seeded, [state.seed, state.seed + 1]);
  return seeds.rule === 'check' ? ofCheck(state, seeds, seeded, contrast) : ofShared(state, seeds, seeded, contrast);
}

function ofBaseline({ seedChoice, seed }: RunState, seeded: readonly Seeded[]): SeedRecord | undefined {
  const spread = seedSpread(seeded);
  // No seed was used twice: the question was not asked.
  if (spread.same.df === 0) return undefined;
  const explains = seedChoice === 'shared' || seedExplains(spread);
  const contrast = seedContrast(seeded, [seed, seed + 1]) ?? 0;
  const shift = explains ? shiftOf(seeded, seed, contrast) : 0;
  const common = { contrast, commits: 1, shift };
  if (seedChoice === 'shared') {
    return { ...common, rule: 'shared', independent: spread.same.df + 1, squares: spread.same.ss, df: spread.same.df };
  }
  if (!explains) {
    const [squares, df] = [spread.same.ss + spread.other.ss, spread.same.df + spread.other.df];
    return { ...common, rule: 'fresh', independent: seeded.length, squares, df };
  }
  return { ...common, rule: 'check', shift: 0, independent: 2, squares: contrast ** 2 / 2, df: 1 };
}

function ofCheck(state: RunState, seeds: SeedRecord, seeded: readonly Seeded[], contrast: number | undefined): SeedRecord {
  const waiting = { ...seeds, independent: 1, squares: 0, df: 0, shift: 0, commits: seeds.commits };
  if (contrast === undefined) return waiting;
  const first = seeded.find(({ seed }) => seed === state.seed)?.score ?? NaN;
  const isWreck = Math.abs(first - levelOf(state, seeds.contrast)) > WRECK * Math.abs(seeds.contrast);
  const own = { independent: 2, squares: contrast ** 2 / 2, df: 1 };
  if (isWreck && checksOf(state) + 1 < MOST_CHECKS) return { ...waiting, ...own };
  const shared = isShared([seeds.contrast, contrast]);
  const mean = (seeds.contrast + contrast) / 2;
  if (!shared) return { ...own, rule: 'fresh', contrast: mean, commits: 2, shift: 0 };
  const squares = differenceOf(contrast, seeds.contrast) ** 2 / 4;
  return withExpected(state, {
    rule: 'shared',
    contrast: mean,
    commits: 2,
    independent: 2,
    squares,
    df: 1,
    shift: shiftOf(seeded, state.seed, mean),
  });
}

function ofShared(state: RunState, seeds: SeedRecord, seeded: readonly Seeded[], found: number | undefined): SeedRecord {
  const { contrast: before, commits } = seeds;
  const contrast = found === undefined ? before : before + (found - before) / (commits + 1);
  // The mean of the contrasts before is itself one that far off.
  const squares = found === undefined ? 0 : (differenceOf(found, before) ** 2 * commits) / (2 * (commits + 1));
  const record = { rule: 'shared', contrast, commits: commits + (found === undefined ? 0 : 1), independent: seeded.length } as const;
  return withExpected(state, { ...record, squares, df: found === undefined ? 0 : 1, shift: shiftOf(seeded, state.seed, contrast) });
}

function withExpected(state: RunState, record: SeedRecord): SeedRecord {
  return { ...record, expected: levelOf(state, record.contrast) + record.shift };
}

/** Two contrasts that are the same but for their last digits are the same. */
function differenceOf(one: number, other: number): number {
  return Math.abs(one - other) <= ROUNDING * Math.max(Math.abs(one), Math.abs(other)) ? 0 : one - other;
}

/** The incumbent's score on the first seed. */
function levelOf({ incumbent, seed }: RunState, contrast: number): number {
  const trials = (incumbent?.trials ?? []).map((trial): Seeded => ({ seed: trial.seed, score: 0 }));
  return (incumbent?.score?.value ?? NaN) - shiftOf(trials, seed, contrast);
}

/** What the seeds of some trials add to their mean: as much as the contrast for each that is on the second. */
function shiftOf(trials: readonly Seeded[], first: number, contrast: number): number {
  return trials.length === 0 ? 0 : (contrast * trials.filter(({ seed }) => seed === first + 1).length) / trials.length;
}

function checksOf({ history }: RunState): number {
  return history.filter(({ seeds, kind }) => kind === 'change' && seeds?.rule === 'check').length;
}

/** Why seeds are used as they are, for the record; empty where nobody asked. */
export function seedText(seeds: SeedRecord | undefined): string {
  if (seeds === undefined) return '';
  const contrast = Number(Math.abs(seeds.contrast).toPrecision(2));
  return {
    check: `; two seeds differ by ${contrast} and one seed agrees with itself: the next candidate shows whether that is so for every commit`,
    shared: `; the seed explains the spread, and does the same to every commit (${contrast} between two seeds): trials are compared seed by seed`,
    fresh: '; the seed does not do the same to every trial: each has a seed of its own',
  }[seeds.rule];
}
