/**
 * The product's own statistics, for gate plugins: `import { posterior } from 'autoresearch/stats'`.
 * Pure functions; lower is better everywhere, and an effect below 0 is a gain.
 */
export { audit, type Audit, type AuditInput, type Claim } from './stats/audit.ts';
export { believe, hasDrifted, update, type Belief } from './stats/belief.ts';
export {
  bootstrapDifference,
  bootstrapQuantileRatio,
  type Bootstrap,
  type BootstrapOptions,
  type QuantileRatioOptions,
} from './stats/bootstrap.ts';
export { decide, PROFILES, type KeepRule, type Profile } from './stats/decide.ts';
export { mean, median, quantile, robustDeviation, standardDeviation } from './stats/descriptive.ts';
export { deteriorationPValue, failsMostly, falseAlarmRate, rateBound } from './stats/deterioration.ts';
export {
  effectiveFraction,
  limitOf,
  logFinished,
  logMiss,
  logReference,
  logEnd,
  logSpared,
  look,
  luckOf,
  tau,
  watch,
  type EarlyStop,
  type EarlyStopOptions,
  type Look,
  type LookResult,
} from './stats/early-stop.ts';
export { effectCdf, effectInterval, normalInterval, type Interval } from './stats/effect-interval.ts';
export { eValue, type EValue } from './stats/evalue.ts';
export {
  countChanges,
  nonInferiorBinary,
  nonInferiorMean,
  nonInferiorQuantile,
  requiredItems,
  type NonInferiority,
  type PairedCounts,
} from './stats/non-inferiority.ts';
export { erfc, normalCdf, normalHazard, normalLogCdf, normalPdf, normalQuantile } from './stats/normal.ts';
export { disagree, isDoubtful, outlying } from './stats/outliers.ts';
export { logEvidence, logSumExp, posterior, type Posterior } from './stats/posterior.ts';
export {
  DEFAULT_PRIOR,
  learn,
  learnedPrior,
  NOTHING_LEARNED,
  scalePrior,
  type Components,
  type Learned,
  type Prior,
} from './stats/prior.ts';
export { createGenerator, type Generator } from './stats/random.ts';
export { sampleBeta, sampleGamma } from './stats/sample.ts';
export { isShared, seedContrast, seedExplains, seedSpread, type Seeded, type SeedSpread } from './stats/seeds.ts';
export { effectQuantiles, type WeightedPosterior } from './stats/effect-quantiles.ts';
export { mixParts, sigmaNodes, type Part, type SigmaNode } from './stats/sigma-doubt.ts';
export { sigmaFromEffects } from './stats/sigma-from-effects.ts';
export { levelIn, moveSlot, replaceLevel, updateLevels, widen, withOffsetsOf, type Shown, type SlotLevels } from './stats/slot-levels.ts';
export { addClass, addSlot, contrastsOf, slotScale, startLevels, type SlotMean } from './stats/slot-start.ts';
export { sprt, type Sprt, type SprtOptions } from './stats/sprt.ts';
export { survival, type MovedChange, type Survival } from './stats/survival.ts';
export { studentCdf, studentQuantile } from './stats/student.ts';
export { estimateSigma, NO_REPEATS, pool, poolRobust, type PooledVariance, type SigmaOptions } from './stats/variance.ts';
