/** Throws a RangeError naming the value unless the condition holds, because statistics of wrong inputs look like real ones. */
export function ensure(holds: boolean, what: string, value: unknown): asserts holds {
  if (!holds) throw new RangeError(`${what}, got ${String(value)}`);
}

export function ensureFinite(values: readonly number[], what: string): void {
  for (const value of values) ensure(Number.isFinite(value), `${what} must be finite numbers`, value);
}

export function ensureVariance(value: number, what: string): void {
  ensure(value >= 0 && Number.isFinite(value), `${what} must be a finite number, 0 or more`, value);
}

export function ensureProbability(value: number, what: string): void {
  ensure(value > 0 && value < 1, `${what} must be between 0 and 1`, value);
}
