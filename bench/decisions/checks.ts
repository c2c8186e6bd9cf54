import { hardChecks } from './hard-checks.ts';
import { GUARDED, NAIVE, SETTLED } from './names.ts';
import type { Cell } from './tally.ts';

/** The cell of a policy in a world. */
export type Find = (world: string, policy: string) => Cell;

export interface Check {
  readonly what: string;
  readonly found: string;
  readonly holds: boolean;
}

interface Limits {
  /** Of the lead over naive greedy, as a share of its gain. */
  readonly balanced: number;
  readonly progress: number;
  /** Of the keeps that are no gain. */
  readonly idle: number;
  /** Of the keeps in 100 trials where no idea does anything. */
  readonly keeps: number;
}

/** A claim that is further off than this, in sigma, is not honest. */
const HONEST = 0.1;

/** What the documentation says of the policies, held against what was simulated. */
export function checksOf(find: Find): readonly Check[] {
  return [
    ...group(find, { suffix: `${GUARDED}${SETTLED}`, limits: { balanced: 0, progress: 0.17, idle: 0.27, keeps: 2.2 } }),
    ...group(find, { suffix: GUARDED, limits: { balanced: -0.02, progress: 0.1, idle: 0.3, keeps: 2.6 } }),
    ...hardChecks(find),
  ];
}

function group(find: Find, { suffix, limits }: { readonly suffix: string; readonly limits: Limits }): Check[] {
  const [balanced, progress] = [`posterior balanced${suffix}`, `posterior progress${suffix}`];
  const real = find('real', balanced);
  return [
    atLeast(`${balanced}: true gain against naive greedy`, leadOf(find, balanced), limits.balanced),
    atLeast(`${progress}: true gain against naive greedy`, leadOf(find, progress), limits.progress),
    ...[balanced, progress].map((policy) =>
      atMost(`${policy}: claim minus truth, sigma`, Math.abs(find('real', policy).bias.mean), HONEST, 2),
    ),
    atMost(`${balanced}: keeps that are no gain, %`, 100 * (real.idleShare ?? 0), 100 * limits.idle, 1),
    atMost(`${balanced}: keeps per 100 trials where nothing has an effect`, find('null', balanced).keeps, limits.keeps, 2),
  ];
}

interface Lead {
  readonly share: number;
  readonly error: number;
}

function leadOf(find: Find, policy: string): Lead {
  const naive = find('real', NAIVE).gain.mean;
  const { mean, error } = find('real', policy).lead;
  return { share: mean / naive, error: error / naive };
}

function atLeast(what: string, { share, error }: Lead, least: number): Check {
  return { what, found: `${percent(share)} (+- ${(100 * error).toFixed(1)}), at least ${percent(least)}`, holds: share >= least };
}

function atMost(what: string, found: number, most: number, digits: number): Check {
  return { what, found: `${found.toFixed(digits)}, at most ${most}`, holds: found <= most };
}

export function percent(share: number): string {
  return `${share < 0 ? '-' : '+'}${(100 * Math.abs(share)).toFixed(1)} %`;
}
