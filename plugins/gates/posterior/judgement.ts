import type { Belief, Estimate, GateResult, Json, RunView, ScoredExperiment } from '../../../src/plugin.ts';
import { normalInterval, type Belief as Level, type KeepRule } from '../../../src/stats.ts';
import { after, type Filter, type Finding } from './filter.ts';
import type { Scale } from './scale.ts';

const METHOD = 'eb-mixture-filter/1';
/** With the doubt of sigma, and of how fast the machine drifts. */
const METHOD_DOUBT = 'eb-mixture-filter/2';
/** The same with quantiles of the mixture for an interval. */
const METHOD_QUANTILES = 'eb-mixture-filter/3';
/** The same, where one large effect does not make the noise seem larger. */
const METHOD_REPEATS = 'eb-mixture-filter/4';
/** Without noise there is nothing to estimate: a difference is the effect. */
const METHOD_EXACT = 'exact/1';

export interface Case {
  readonly experiment: ScoredExperiment;
  readonly run: RunView;
  readonly filter: Pick<Filter, 'sigma'>;
  readonly finding: Finding;
  readonly decision: 'keep' | 'discard' | 'more';
  /** Is it a gain on the commit it was made on, while the incumbent has become better than it? */
  readonly isLate: boolean;
  readonly rule: KeepRule;
  readonly scale: Scale;
  /** Options that the numbers depend on, for the record. */
  readonly options: { readonly profile: string; readonly transform: string };
}

/** The decision in words, with the estimate, the resulting belief, and every number that went into it. */
export function judgementOf(subject: Case): GateResult {
  const { decision, finding, scale, isLate } = subject;
  const { outcome, code } = isLate ? LATE : { keep: PASS, discard: FAIL, more: MORE }[decision];
  const estimate = estimateOf(subject);
  const followed = decision === 'more' ? finding.before : after(finding, decision === 'keep');
  const belief: Belief = {
    mean: scale.scoreOf(followed.m),
    sd: scale.deviationOf(Math.sqrt(followed.v), followed.m),
    ...(finding.drift !== undefined && { drift: finding.drift }),
    ...(finding.slots && { slots: levelsOf(finding.slots.after(decision === 'keep'), scale) }),
  };
  const note = noteOf(subject);
  const judged = { outcome, code, reason: reasonOf(subject, estimate), evidence: evidenceOf(subject), belief, ...(note && { note }) };
  // Where nothing is known of the noise, an interval without width would be a lie.
  const isBlind = finding.interval !== undefined && subject.filter.sigma === undefined;
  return isBlind ? judged : { ...judged, estimate };
}

const PASS = { outcome: 'pass', code: 'LIKELY_GAIN' } as const;
const FAIL = { outcome: 'fail', code: 'UNLIKELY_GAIN' } as const;
const LATE = { outcome: 'fail', code: 'GAINED_ON_ITS_BASIS' } as const;
const MORE = { outcome: 'more', code: 'UNDECIDED' } as const;

/** For the share of late gains that survive: the gain of a late one, and what is measured of one that is offered again; units of sigma. */
function noteOf({ finding, isLate, decision, experiment }: Case): Json | undefined {
  const { sigma, own, d, s2, before } = finding;
  if (sigma === 0 || decision === 'more') return undefined;
  const inSigma = (one: number, variance: number) => [round(one / sigma), round(variance / sigma ** 2)];
  if (experiment.again !== undefined) return { again: inSigma(own?.d ?? d, s2 + before.v) };
  return isLate && own ? { late: inSigma(own.E, own.V) } : undefined;
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

function levelsOf(levels: readonly (readonly [slot: string, level: Level])[], scale: Scale): NonNullable<Belief['slots']> {
  return Object.fromEntries(levels.map(([slot, { m, v }]) => [slot, { mean: scale.scoreOf(m), sd: scale.deviationOf(Math.sqrt(v), m) }]));
}

function estimateOf({ finding, scale, experiment, run }: Case): Estimate {
  const { posterior, before, sigma, interval, d, s2 } = finding;
  const [one, other] = (interval ?? normalInterval(posterior)).map((bound) => scale.changeOf(bound, before.m));
  const [low, high] = [Math.min(one ?? NaN, other ?? NaN), Math.max(one ?? NaN, other ?? NaN)];
  const effect = scale.changeOf(posterior.E, before.m);
  return {
    effect,
    low,
    high,
    pGain: posterior.pGain,
    n: experiment.score.n,
    method: sigma === 0 ? METHOD_EXACT : interval === undefined ? METHOD : methodOf(run.rules ?? 1),
    measured: { difference: scale.changeOf(d, before.m), sd: scale.deviationOf(Math.sqrt(s2 + before.v), before.m) },
  };
}

function reasonOf({ decision, finding, filter, rule, run, scale, experiment }: Case, { effect, low, high, pGain }: Estimate): string {
  const { label } = run.objective;
  if (finding.sigma === 0) {
    const why = filter.sigma === undefined ? 'nothing is known of its noise' : 'it does not vary';
    const gained = `${label} ${show(experiment.score.value)} ${decision === 'keep' ? 'is' : 'is not'} better than ${show(scale.scoreOf(finding.before.m))}`;
    return `${gained}; ${why}, so any gain counts${lateText(finding, scale, run)}`;
  }
  const chance = `a gain with probability ${show(pGain ?? 0, 2)}`;
  const size = `estimated effect on ${label} ${signed(effect)} (95 %: ${signed(low)} to ${signed(high)})`;
  if (decision === 'more') return `${chance}, which another trial may decide; ${size}`;
  const asked = rule.minP > 0 ? ` (${rule.minP} is asked)` : '';
  const least = rule.minGain > 0 ? `; at least ${show(rule.minGain * finding.sigma, 2)} is asked` : '';
  return `${chance}${asked}; ${size}${least}${lateText(finding, scale, run)}`;
}

function lateText({ own, before, d }: Finding, scale: Scale, { objective, incumbent }: RunView): string {
  if (own === undefined) return '';
  const effect = scale.changeOf(own.E, before.m + d - own.d);
  const better = incumbent === null ? '' : `; #${incumbent.id} has become the incumbent since it was proposed`;
  return `${better}; on the commit it was made on: a gain with probability ${show(own.pGain, 2)}, estimated effect on ${objective.label} ${signed(effect)}`;
}

function evidenceOf({ experiment, run, filter, finding, rule, scale, options }: Case): Record<string, Json> {
  const { value, spread, n } = experiment.score;
  const { d, s2, sigma, df, before, prior, posterior, drift, own } = finding;
  const values = experiment.trials.filter(({ state }) => state === 'measured').map(({ metrics }) => metrics[run.objective.label] ?? null);
  return {
    value,
    spread,
    n,
    trials: values,
    direction: run.objective.direction,
    ...options,
    rule: { ...rule },
    incumbent: run.incumbent?.score?.value ?? null,
    ...(experiment.score.beside && { beside: { ...experiment.score.beside } }),
    reference: scale.scoreOf(before.m),
    // From here on lower is better, and values are logarithms if `transform` is `log`.
    before: { m: before.m, v: before.v },
    sigma: { value: sigma, known: filter.sigma !== undefined, df, given: run.noise?.given ?? null },
    ...(drift !== undefined && { drift }),
    ...(experiment.score.seeds && { seeds: { ...experiment.score.seeds } }),
    prior: { w: [...prior.w], mu: [...prior.mu] },
    d,
    s2,
    posterior: { E: posterior.E, V: posterior.V, pGain: posterior.pGain, r: [...posterior.r] },
    ...(finding.slots && { slot: finding.slots.slot }),
    ...(own && { basis: { commit: experiment.parent, ...own } }),
  };
}

function show(value: number, digits = 6): string {
  return Number(value.toPrecision(digits)).toString();
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${show(value, 3)}`;
}

function methodOf(rules: number): string {
  if (rules < 3) return METHOD_DOUBT;
  return rules < 4 ? METHOD_QUANTILES : METHOD_REPEATS;
}
