import { problemOfPattern } from '../../../src/agent.ts';
import type { Scalar } from '../../../src/plugin.ts';

/** One parameter as the config describes it. */
export interface ParameterOptions {
  readonly file: string;
  readonly name: string;
  readonly pattern?: string;
  readonly type: 'float' | 'int' | 'bool' | 'choice';
  readonly range?: readonly number[];
  readonly values?: readonly unknown[];
  readonly scale: 'linear' | 'log';
}

interface Place {
  /** The name, with its file where another parameter has the same name. */
  readonly key: string;
  readonly file: string;
  readonly name: string;
  /** A regular expression with one group, if the name alone does not identify the position. */
  readonly pattern?: string;
}

/** A number between two bounds. */
export interface Ordered extends Place {
  readonly kind: 'ordered';
  readonly isInteger: boolean;
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
}

/** One of a few values without an order. */
export interface Categorical extends Place {
  readonly kind: 'categorical';
  readonly values: readonly Scalar[];
}

export type Parameter = Ordered | Categorical;

/** A value for each parameter, by key. */
export type Values = Readonly<Record<string, Scalar>>;

/** The parameters of the options, which `problemsOf` has found sound. */
export function toParameters(options: readonly ParameterOptions[]): readonly Parameter[] {
  return options.map((option) => {
    const { file, name, pattern, type, range: [low = 0, high = 1] = [], values = [], scale } = option;
    const isShared = options.some((other) => other !== option && other.name === name);
    const place = { key: isShared ? `${file}:${name}` : name, file, name, ...(pattern !== undefined && { pattern }) };
    if (type === 'bool') return { ...place, kind: 'categorical', values: [false, true] };
    if (type === 'choice') return { ...place, kind: 'categorical', values: values.filter(isScalar) };
    return { ...place, kind: 'ordered', isInteger: type === 'int', low, high, isLog: scale === 'log' };
  });
}

/** What is wrong with the options; empty when they can be used. */
export function problemsOf(options: readonly ParameterOptions[]): readonly string[] {
  const problems: string[] = [];
  options.forEach((option, index) => {
    const isRepeated = options.slice(0, index).some(({ file, name }) => file === option.file && name === option.name);
    const found = isRepeated
      ? 'it is listed twice'
      : option.type === 'bool' || option.type === 'choice'
        ? problemOfChoice(option)
        : problemOfRange(option);
    const pattern = option.pattern === undefined ? null : problemOfPattern(option.pattern);
    if (pattern !== null) problems.push(`${option.file}: ${option.name}: ${pattern}`);
    if (found !== null) problems.push(`${option.file}: ${option.name}: ${found}`);
  });
  return problems;
}

/** What is wrong with the value a parameter has now; null when its type fits. It may lie outside the range. */
export function problemOfValue(parameter: Parameter, value: Scalar): string | null {
  const shown = JSON.stringify(value);
  if (parameter.kind === 'ordered') {
    if (typeof value !== 'number') return `its value ${shown} is not a number`;
    return parameter.isInteger && !Number.isInteger(value) ? `its value ${shown} is not a whole number` : null;
  }
  const types = new Set(parameter.values.map((known) => typeof known));
  return types.has(typeof value) ? null : `its value ${shown} is not a ${[...types].join(' or ')}`;
}

function problemOfRange({ type, range, values, scale }: ParameterOptions): string | null {
  if (values !== undefined) return `values go with type choice; a parameter of type ${type} has a range`;
  const [low, high] = range ?? [];
  if (low === undefined || high === undefined) return `type ${type} needs a range: [lowest, highest]`;
  if (!(low < high)) return `its range [${low}, ${high}] is empty; write the lower bound first`;
  if (type === 'int' && !(Number.isInteger(low) && Number.isInteger(high)))
    return `the bounds of an int are whole numbers, not [${low}, ${high}]`;
  if (scale === 'log' && low <= 0) return `a log scale needs bounds above 0, not ${low}`;
  return null;
}

function problemOfChoice({ type, range, values, scale }: ParameterOptions): string | null {
  if (range !== undefined || scale === 'log') return `range and scale go with numbers, not with type ${type}`;
  if (type === 'bool') return values === undefined ? null : 'type bool has no values: it is true or false';
  if (values === undefined) return 'type choice needs values';
  if (!values.every(isScalar)) return 'values are strings, numbers or booleans';
  return new Set(values).size < 2 ? 'values must have at least two different ones' : null;
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
