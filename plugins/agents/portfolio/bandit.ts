import { sampleBeta, sampleGamma, type Generator } from '../../../src/stats.ts';
import { NOTHING, sum, type Evidence } from './evidence.ts';

/** The weight of the mean of all members in a member's chance of a keep, in experiments. */
const PRIOR_ASKED = 2;
/** The weight of the mean of all members in a member's gain, in keeps. */
const PRIOR_KEEPS = 2;

/** The cost of an experiment. */
export type Cost = (use: { readonly seconds: number; readonly usd: number }) => number;

/**
 * Thompson sampling: draws the value of each agent from what is known about it, and puts the best draw first. The value is
 * the chance of a keep times the gain of a keep, divided by the cost of an experiment.
 * @returns indexes of `members`
 */
export function drawOrder(members: readonly Evidence[], cost: Cost, random: Generator): number[] {
  const all = members.reduce(sum, NOTHING);
  const worth = members.map((member) => draw(member, all, cost, random));
  return [...members.keys()].toSorted((a, b) => (worth[b] ?? 0) - (worth[a] ?? 0));
}

function draw(member: Evidence, all: Evidence, cost: Cost, random: Generator): number {
  const rate = (all.keeps + 1) / (all.asked + 2);
  const chance = sampleBeta(PRIOR_ASKED * rate + member.keeps, PRIOR_ASKED * (1 - rate) + member.asked - member.keeps, random);
  // Gains are assumed to follow an exponential distribution, whose mean has an inverse gamma distribution.
  const usual = all.gained > 0 && all.keeps > 0 ? all.gained / all.keeps : 1;
  const gain = (PRIOR_KEEPS * usual + member.gained) / sampleGamma(PRIOR_KEEPS + 1 + member.keeps, random);
  return (chance * gain) / Math.max(Number.MIN_VALUE, cost({ seconds: mean('seconds', member, all), usd: mean('usd', member, all) }));
}

/** An agent that was not asked yet is assumed to be average. */
function mean(of: 'seconds' | 'usd', member: Evidence, all: Evidence): number {
  const usual = all.asked > 0 ? all[of] / all.asked : 0;
  return (usual + member[of]) / (1 + member.asked);
}
