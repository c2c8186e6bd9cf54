import { DEFAULT_PRIOR, PROFILES, type KeepRule, type Prior, type Profile } from '../../../src/stats.ts';

export interface RuleOptions {
  readonly profile: Profile;
  readonly maxRuns?: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly minP?: number;
  readonly minGain?: number;
}

/** The profile's rule with whatever the config says otherwise; throws where the two do not go together. */
export function ruleOf({ profile, maxRuns, lo, hi, minP, minGain }: RuleOptions, path: string): KeepRule {
  const preset = PROFILES[profile];
  const rule = {
    maxTrials: maxRuns ?? preset.maxTrials,
    lo: lo ?? preset.lo,
    hi: hi ?? preset.hi,
    minP: minP ?? preset.minP,
    minGain: minGain ?? preset.minGain,
  };
  if (rule.lo > rule.hi) throw new Error(`${path}: lo ${rule.lo} is above hi ${rule.hi}, so no candidate would get another trial`);
  return rule;
}

/** The prior in units of sigma; throws where it cannot be one. */
export function priorOf(given: { readonly w?: readonly number[]; readonly mu?: readonly number[] } | undefined, path: string): Prior {
  const [none, smallHarm, largeHarm, gain] = given?.w ?? DEFAULT_PRIOR.w;
  const [small, large, size] = given?.mu ?? DEFAULT_PRIOR.mu;
  if (none === undefined || smallHarm === undefined || largeHarm === undefined || gain === undefined)
    throw new Error(`${path}: prior.w has four weights`);
  if (small === undefined || large === undefined || size === undefined) throw new Error(`${path}: prior.mu has three sizes`);
  if (gain === 0 || none + smallHarm + largeHarm === 0) throw new Error(`${path}: prior.w must leave both a gain and no gain possible`);
  return { w: [none, smallHarm, largeHarm, gain], mu: [small, large, size] };
}
