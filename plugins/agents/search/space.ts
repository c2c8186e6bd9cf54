import type { Scalar } from '../../../src/plugin.ts';
import type { Ordered, Parameter, Values } from './parameter.ts';

const DIGITS = 4;

/** Where a value lies between the bounds, from 0 to 1; a value outside counts as the nearer bound. */
export function toUnit(parameter: Ordered, value: Scalar): number {
  const { low, high, isLog } = parameter;
  const inside = Math.min(high, Math.max(low, Number(value)));
  return isLog ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
}

/** The value at a place between the bounds: whole for integers, else with four significant digits. */
export function fromUnit(parameter: Ordered, unit: number): number {
  const { low, high, isLog, isInteger } = parameter;
  const at = Math.min(1, Math.max(0, unit));
  const exact = isLog ? low * (high / low) ** at : low + (high - low) * at;
  const rounded = isInteger ? Math.round(exact) : Number(exact.toPrecision(DIGITS));
  return Math.min(high, Math.max(low, rounded));
}

/** Every value a parameter can take; null when there are too many to list. */
export function valuesOf(parameter: Parameter, limit: number): readonly Scalar[] | null {
  if (parameter.kind === 'categorical') return parameter.values;
  const { low, high, isInteger } = parameter;
  if (!isInteger || high - low >= limit) return null;
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

/** One text for one full assignment: equal texts mean the same experiment. */
export function vectorKey(parameters: readonly Parameter[], values: Values): string {
  return JSON.stringify(parameters.map(({ key }) => values[key] ?? null));
}
