import { sampleBeta, sampleGamma, type Generator } from '../../../src/stats.ts';
import { NOTHING, sum, type Evidence } from './evidence.ts';

/** So many experiments of a member count as if they had gone like those of all members together. */
const PRIOR_ASKED = 2;
/** So many keeps of a member count as if they had gained what is usual. */
const PRIOR_KEEPS = 2;

/** What an experiment uses up, of whatever there is to save. */
export type Cost = (use: { readonly seconds: number; readonly usd: number }) => number;

/**
 * Thompson sampling: draws what each agent may be worth from what is known of it, and puts the best draw first. Worth is
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
  // Gains are taken to be spread like an exponential distribution, whose mean has an inverse gamma distribution.
  const usual = all.gained > 0 && all.keeps > 0 ? all.gained / all.keeps : 1;
  const gain = (PRIOR_KEEPS * usual + member.gained) / sampleGamma(PRIOR_KEEPS + 1 + member.keeps, random);
  return (chance * gain) / Math.max(Number.MIN_VALUE, cost({ seconds: mean('seconds', member, all), usd: mean('usd', member, all) }));
}

/** Of an agent that was not asked yet, what is usual. */
function mean(of: 'seconds' | 'usd', member: Evidence, all: Evidence): number {
  const usual = all.asked > 0 ? all[of] / all.asked : 0;
  return (usual + member[of]) / (1 + member.asked);
}
