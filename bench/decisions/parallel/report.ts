/** What nights with several slots came to, and what must hold of them. */
import type { Check } from '../checks.ts';
import { OFFERED, PARALLEL } from './policies.ts';
import type { ParallelTally } from './simulate.ts';

/** The gain of the rule that won a simulation without agents' time: posterior against the tip, with slot effects. In sigma. */
const FIGURES: Readonly<Record<number, number>> = { 1: 7.5, 2: 14.4, 4: 25.9, 8: 43.7, 16: 66 };
const LEAST = 0.95;
const HONEST = 0.3;
const MORE_KEEPS = 0.5;
/** Room for chance, in standard errors. */
const ERRORS = 2;

export interface Played {
  readonly policy: string;
  readonly world: string;
  readonly survive: number;
  readonly slots: number;
  readonly tally: ParallelTally;
}

interface Mean {
  readonly mean: number;
  readonly error: number;
}

export function gainOf({ nights, gain, gain2 }: ParallelTally): Mean {
  return meanOf(nights, gain, gain2);
}

export function biasOf({ nights, bias, bias2 }: ParallelTally): Mean {
  return meanOf(nights, bias, bias2);
}

/** Keeps of 100 changes that were decided, with the standard error of that share. */
export function keepsOf({ keeps, tried }: ParallelTally): Mean {
  const share = keeps / tried;
  return { mean: 100 * share, error: 100 * Math.sqrt((share * (1 - share)) / tried) };
}

function meanOf(n: number, sum: number, squares: number): Mean {
  return { mean: sum / n, error: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / n) };
}

/** The lines that can fail, for the rule that the engine follows. */
export function checksOfParallel(played: readonly Played[]): Check[] {
  const own = played.filter(({ policy, survive }) => policy === OFFERED && survive === 1);
  const real = own.filter(({ world }) => world === 'real');
  const idle = own.filter(({ world }) => world === 'null');
  const serial = idle.find(({ slots }) => slots === 1);
  return [
    ...real.flatMap(({ slots, tally }): Check[] => {
      const figure = FIGURES[slots];
      if (figure === undefined) return [];
      const { mean, error } = gainOf(tally);
      const found = `${show(mean)} (+- ${show(error)}), at least ${LEAST} x ${figure}`;
      return [{ what: `${slots} slots: true gain, sigma`, found, holds: mean + ERRORS * error >= LEAST * figure }];
    }),
    ...real.map(({ slots, tally }): Check => {
      const { mean, error } = biasOf(tally);
      const found = `${mean.toFixed(2)} (+- ${error.toFixed(2)}), at most ${HONEST} either way`;
      return { what: `${slots} slots: claim minus truth after the audit, sigma`, found, holds: Math.abs(mean) - ERRORS * error <= HONEST };
    }),
    ...idle.flatMap(({ slots, tally }): Check[] => {
      if (serial === undefined || slots === 1) return [];
      const [one, many] = [keepsOf(serial.tally), keepsOf(tally)];
      const found = `${many.mean.toFixed(2)}, at most ${one.mean.toFixed(2)} + ${MORE_KEEPS}`;
      const room = ERRORS * Math.hypot(one.error, many.error);
      return [
        { what: `${slots} slots: keeps per 100 where no idea has an effect`, found, holds: many.mean - room <= one.mean + MORE_KEEPS },
      ];
    }),
  ];
}

/** A table of one world: a line for each policy, a column for each number of slots. */
export function parallelTable(played: readonly Played[], slots: readonly number[], of: (tally: ParallelTally) => string): string {
  const rows = PARALLEL.flatMap(({ name }) => {
    const cells = slots.map((count) => played.find((each) => each.policy === name && each.slots === count));
    return cells.some((cell) => cell !== undefined) ? [[name, ...cells.map((cell) => (cell === undefined ? '-' : of(cell.tally)))]] : [];
  });
  const lines = [['', ...slots.map((count) => `k=${count}`)], ...rows];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0))) ?? [];
  return lines
    .map((row) => row.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  '))
    .join('\n');
}

export function withError({ mean, error }: Mean): string {
  return `${show(mean)} +- ${show(error)}`;
}

function show(value: number): string {
  return value.toFixed(1);
}
