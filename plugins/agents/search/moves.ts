import type { Scalar } from '../../../src/plugin.ts';
import type { Memory, Past } from './memory.ts';
import type { Curves, Model } from './model.ts';
import type { Ordered, Parameter, Values } from './parameter.ts';
import type { Random } from './random.ts';
import { fromUnit, toUnit } from './space.ts';

/** What a move may look at. */
export interface Situation {
  readonly parameters: readonly Parameter[];
  /** The incumbent's values. */
  readonly present: Values;
  readonly parent: string;
  readonly memory: Memory;
  readonly random: Random;
  /** Fitted when first asked for. */
  readonly model: () => Model;
}

export type MoveKind = 'first look' | 'follow-up' | 'local step' | 'recombination' | 'random draw' | 'systematic search';

/** A proposal in the making: new values for some parameters, and the experiments it builds on. */
export interface Move {
  readonly kind: MoveKind;
  readonly values: Values;
  readonly basedOn: readonly Past[];
}

const FIRST_LOOK = 0.3;
const MOST_AT_ONCE = 3;

/** Goes on in the direction of the experiment that was just kept, as far again. */
export function followUp({ memory, present, parent }: Situation): Move | null {
  const { latest } = memory;
  if (latest?.verdict !== 'keep' || latest.candidate !== parent) return null;
  const values: Record<string, Scalar> = {};
  for (const { parameter, from, to } of latest.changes) {
    if (parameter.kind === 'ordered') values[parameter.key] = fromUnit(parameter, 2 * toUnit(parameter, to) - toUnit(parameter, from));
  }
  return moveOf('follow-up', values, present, [latest]);
}

/** Tries a parameter nobody has tried, alone and boldly, towards where its range has more room. */
export function firstLook({ parameters, memory, present, random }: Situation): Move | null {
  const untried = parameters.filter(({ key }) => !memory.hasTried(key));
  const ranked = untried.map((parameter) => ({ parameter, weight: roomOf(parameter, present) + 0.2 * random.next() }));
  const next = ranked.sort((a, b) => b.weight - a.weight)[0]?.parameter;
  if (next === undefined) return null;
  if (next.kind === 'categorical') return moveOf('first look', { [next.key]: drawValue(next, present, random) }, present, []);
  const unit = toUnit(next, present[next.key] ?? next.low);
  const direction = unit < 0.5 ? 1 : -1;
  return moveOf('first look', { [next.key]: fromUnit(next, unit + direction * FIRST_LOOK) }, present, []);
}

/** Moves the one to three most promising parameters, within their step sizes. */
export function localStep({ parameters, memory, present, random, model }: Situation): Move | null {
  const { mean, draw } = model();
  const curves = draw(random);
  const steps = parameters
    .map((parameter) => ({ parameter, ...bestStep(curves, parameter, present[parameter.key], memory.step(parameter.key)) }))
    .filter(({ cost }) => cost < 0)
    .sort((a, b) => a.cost - b.cost)
    // The first one may be a guess; others are added only if the evidence supports them.
    .filter(({ parameter, value }, index) => index === 0 || mean.cost(parameter, present[parameter.key] ?? value, value) < 0)
    .slice(0, 1 + Math.floor(random.next() * MOST_AT_ONCE));
  const basedOn = steps.flatMap(({ parameter }) => memory.notes(parameter.key));
  return moveOf('local step', Object.fromEntries(steps.map(({ parameter, value }) => [parameter.key, value])), present, basedOn);
}

/** Combines two changes that each were nearly kept alone. */
export function recombination({ memory, present, random }: Situation): Move | null {
  const [first, ...others] = [...memory.nearMisses].sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0) || a.id - b.id);
  if (first === undefined) return null;
  const keys = new Set(first.changes.map(({ parameter }) => parameter.key));
  const partners = others.filter(
    ({ changes }) => changes.every(({ parameter }) => !keys.has(parameter.key)) && changes.length + keys.size <= MOST_AT_ONCE + 1,
  );
  const [partner, ...more] = partners;
  if (partner === undefined) return null;
  const second = random.pick([partner, ...more.slice(0, 3)]);
  const changes = [...first.changes, ...second.changes];
  return moveOf('recombination', Object.fromEntries(changes.map(({ parameter, to }) => [parameter.key, to])), present, [first, second]);
}

/** Draws new values for one to three parameters from their whole range. */
export function randomDraw({ parameters, present, random }: Situation): Move | null {
  const values: Record<string, Scalar> = {};
  const [first, ...rest] = parameters;
  if (first === undefined) return null;
  for (let count = 1 + Math.floor(random.next() * MOST_AT_ONCE); count > 0; count -= 1) {
    const parameter = random.pick([first, ...rest]);
    values[parameter.key] = drawValue(parameter, present, random);
  }
  return moveOf('random draw', values, present, []);
}

/** The move with what really changes; null when nothing does. */
export function moveOf(kind: MoveKind, values: Values, present: Values, basedOn: readonly Past[]): Move | null {
  const changed = Object.entries(values).filter(([key, value]) => present[key] !== value);
  return changed.length === 0 ? null : { kind, values: Object.fromEntries(changed), basedOn };
}

function bestStep(curves: Curves, parameter: Parameter, from: Scalar | undefined, reach: number): { value: Scalar; cost: number } {
  const present = from ?? (parameter.kind === 'ordered' ? parameter.low : '');
  const choices = parameter.kind === 'categorical' ? parameter.values : placesAround(parameter, Number(present), reach);
  let best = { value: present, cost: 0 };
  for (const value of choices) {
    const cost = curves.cost(parameter, present, value);
    if (cost < best.cost) best = { value, cost };
  }
  return best;
}

function placesAround(parameter: Ordered, present: number, reach: number): readonly number[] {
  const unit = toUnit(parameter, present);
  const places = [-1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1].map((share) => fromUnit(parameter, unit + share * reach));
  const neighbours = parameter.isInteger ? [present - 1, present + 1] : [];
  return [...places, ...neighbours].filter((value) => value >= parameter.low && value <= parameter.high);
}

function drawValue(parameter: Parameter, present: Values, random: Random): Scalar {
  if (parameter.kind === 'ordered') return fromUnit(parameter, random.next());
  const others = parameter.values.filter((value) => value !== present[parameter.key]);
  return others[Math.floor(random.next() * others.length)] ?? '';
}

function roomOf(parameter: Parameter, present: Values): number {
  return parameter.kind === 'categorical' ? 0.25 : Math.abs(toUnit(parameter, present[parameter.key] ?? parameter.low) - 0.5);
}
