/** What must hold where seeds, far-off trials, drift or a short night are in the way; with room for the standard error. */
import type { Check, Find } from './checks.ts';
import { BALANCED, FRESH, GUARDED, NAIVE, PROGRESS, SHARED } from './names.ts';
import type { Cell } from './tally.ts';

const ERRORS = 2;
const AUDITED = `${BALANCED}${GUARDED}`;

export function hardChecks(find: Find): readonly Check[] {
  const clean = find('real', AUDITED);
  return [
    ...['shared seed', 'fixed seed', 'fresh seed'].map((world) => {
      const [shared, fresh] = [find(world, `${BALANCED}${SHARED}`), find(world, `${BALANCED}${FRESH}`)];
      return share(
        `${world}: gain of the measured seed rule against the better of both`,
        find(world, BALANCED),
        shared.gain.mean > fresh.gain.mean ? shared : fresh,
        0.95,
      );
    }),
    // A trial in ten that is too good still costs more than the 30 % that are wanted: see the documentation for what was tried.
    share('too good: gain against that without such trials', find('too good', AUDITED), clean, 0.6),
    share('too bad: gain against that without such trials', find('too bad', AUDITED), clean, 0.7),
    ...['too good', 'too bad'].map((world) => small(`${world}: claim minus truth, sigma`, find(world, AUDITED).bias, 0.3)),
    small('drift: claim minus truth, sigma', find('drift', AUDITED).bias, 0.3),
    small('drift, null: claim minus truth, sigma', find('drift, null', AUDITED).bias, 0.3),
    atMost('drift, null: keeps per 100 trials', find('drift, null', AUDITED).keeps, 4.6),
    between('real: estimates whose interval holds the effect, %', find('real', AUDITED).covered, [0.94, 0.97]),
    between('real: the same of the first ten experiments, %', find('real', AUDITED).coveredEarly, [0.925, 0.97]),
    between('real: audits whose interval holds the gain, %', find('real', AUDITED).coveredByAudits, [0.93, 0.97]),
    ...['10 trials', '20 trials'].flatMap((world) =>
      [BALANCED, PROGRESS].map((policy) =>
        share(`${world}, ${policy}: gain against naive greedy`, find(world, policy), find(world, NAIVE), 0.95),
      ),
    ),
  ];
}

/** The ratio of two gains, with room for its standard error. */
function share(what: string, cell: Cell, other: Cell, least: number): Check {
  const ratio = cell.gain.mean / other.gain.mean;
  const error = Math.abs(ratio) * Math.hypot(cell.gain.error / cell.gain.mean, other.gain.error / other.gain.mean);
  return { what, found: `${percent(ratio)} (+- ${percent(error)}), at least ${percent(least)}`, holds: ratio + ERRORS * error >= least };
}

function small(what: string, { mean, error }: Cell['bias'], most: number): Check {
  const found = `${mean.toFixed(2)} (+- ${error.toFixed(2)}), at most ${most} either way`;
  return { what, found, holds: Math.abs(mean) - ERRORS * error <= most };
}

function atMost(what: string, found: number, most: number): Check {
  return { what, found: `${found.toFixed(2)}, at most ${most}`, holds: found <= most };
}

function between(what: string, found: number | null, [least, most]: readonly [number, number]): Check {
  const value = found ?? Number.NaN;
  return { what, found: `${(100 * value).toFixed(1)}, from ${100 * least} to ${100 * most}`, holds: value >= least && value <= most };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
