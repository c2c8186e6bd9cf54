/** Which parameters were tried with which values, and how much their values alone explain. */
import type { Scalar } from '../experiment.ts';
import { oneLine } from '../ledger/message.ts';
import { thin } from '../views/sparkline.ts';
import type { Row } from '../views/types.ts';
import type { Knob } from './knobs.ts';
import type { ParameterPath } from './model.ts';

const MOST_POINTS = 2000;
const MOST_GROUPS = 5;
/** With fewer measured experiments a share says nothing. */
const LEAST_MEASURED = 8;

type Point = ParameterPath['points'][number];

/**
 * Parameters by their names, the most important first: those that an agent named, and of other changes the constants in their
 * diffs, by experiment.
 */
export function parametersOf(rows: readonly Row[], knobs: ReadonlyMap<number, readonly Knob[]> = new Map()): ParameterPath[] {
  const byPath = new Map<string, Points>();
  for (const { params, kind, id, score, verdict } of rows) {
    if (kind === 'control') continue;
    const turned: readonly Omit<Knob, 'before'>[] =
      params === undefined ? (knobs.get(id) ?? []) : Object.entries(params).map(([name, value]) => ({ path: '', name, value }));
    for (const { path, name, value } of turned) {
      const key = `${path}\0${name}`;
      const found = byPath.get(key) ?? { path, name, points: [] };
      byPath.set(key, found);
      found.points.push([id, typeof value === 'string' ? oneLine(value, 60) : value, score, verdict === 'keep']);
    }
  }
  return named([...byPath.values()])
    .map(({ name, points }) => ({ name: oneLine(name, 60), importance: importanceOf(points), points: thin(points, MOST_POINTS) }))
    .toSorted((a, b) => (b.importance ?? -1) - (a.importance ?? -1) || a.name.localeCompare(b.name));
}

interface Points {
  readonly path: string;
  readonly name: string;
  readonly points: Point[];
}

/** Each name once: a name without a file is the one of the only file that has it; names in several files say in which. */
function named(all: readonly Points[]): Points[] {
  return [...Map.groupBy(all, ({ name }) => name)].flatMap(([name, list]) => {
    const files = list.filter(({ path }) => path !== '');
    if (files.length > 1) return list.map((one) => ({ ...one, name: one.path === '' ? name : `${name} (${one.path})` }));
    return [{ path: '', name, points: list.flatMap(({ points }) => points).toSorted(([a], [b]) => a - b) }];
  });
}

/**
 * The share of the variance of the scores that lies between groups of values, corrected for the number of groups (epsilon squared):
 * 0 for a parameter without any effect, whatever the number of experiments. Interactions of parameters are not seen.
 */
export function importanceOf(points: readonly Point[]): number | null {
  const measured = points.flatMap(([, value, score]) => (score === null ? [] : [{ value, score }]));
  const groups = groupsOf(measured);
  const within = groups.length - 1;
  if (measured.length < LEAST_MEASURED || within < 1 || measured.length <= groups.length) return null;
  const mean = meanOf(measured.map(({ score }) => score));
  const total = sumOf(measured.map(({ score }) => (score - mean) ** 2));
  if (total === 0) return 0;
  const between = sumOf(groups.map((scores) => scores.length * (meanOf(scores) - mean) ** 2));
  const error = (total - between) / (measured.length - groups.length);
  return Math.min(1, Math.max(0, (between - within * error) / total));
}

/** Numbers in groups of about equal size, equal ones together; other values by themselves. */
function groupsOf(measured: readonly { readonly value: Scalar; readonly score: number }[]): number[][] {
  const byValue = Map.groupBy(measured, ({ value }) => value);
  const isNumeric = measured.every(({ value }) => typeof value === 'number');
  if (!isNumeric || byValue.size <= MOST_GROUPS) return [...byValue.values()].map((list) => list.map(({ score }) => score));
  const sorted = [...byValue].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, list]) => list.map(({ score }) => score));
  const size = measured.length / MOST_GROUPS;
  const groups: number[][] = [];
  for (const scores of sorted) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= size) groups.push([...scores]);
    else last.push(...scores);
  }
  return groups;
}

const sumOf = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
const meanOf = (list: readonly number[]): number => sumOf(list) / list.length;
