import { plural } from './format.ts';
import type { Row } from './types.ts';

/** Attempts at trials that were lost with their machine. */
export function countLost(rows: readonly Row[]): number {
  return rows.reduce((sum, { lost = 0 }) => sum + lost, 0);
}

/** `3 trials lost to machines, measured again`; null where none was. */
export function lostText(rows: readonly Row[]): string | null {
  const lost = countLost(rows);
  if (lost === 0) return null;
  const without = rows.filter(({ reason }) => reason.code === 'TRIAL_LOST').length;
  const end = without === 0 ? 'measured again' : `measured again but for ${plural(without, 'experiment')} (TRIAL_LOST)`;
  return `${plural(lost, 'trial')} lost to machines, ${end}`;
}
