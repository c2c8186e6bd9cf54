import { gain, type Direction } from '../../../src/plugin.ts';

export interface Constraint {
  readonly metric: string;
  readonly max?: number;
  readonly min?: number;
  readonly worse?: number;
  readonly direction?: Direction;
}

// A product such as 0.1 * 1.02 is not exact, and its last digit must not decide.
const ROUNDING = 1e-12;

/** What is wrong with the constraint in the config; null if nothing is. */
export function problemOf({ metric, max, min, worse, direction }: Constraint): string | null {
  if (max === undefined && min === undefined && worse === undefined)
    return `${metric} has none of max, min and worse, so it constrains nothing`;
  if (max !== undefined && min !== undefined && min > max) return `${metric} cannot be at least ${min} and at most ${max}`;
  if (worse !== undefined && direction === undefined) return `${metric} has worse, but no direction to say which way that is`;
  return null;
}

/** In words, each way in which `value` does not meet the constraint; `baseline` is null for the baseline itself. */
export function violationsOf({ metric, max, min, worse, direction }: Constraint, value: number, baseline: number | null): string[] {
  const found: string[] = [];
  if (max !== undefined && exceeds(value, max)) found.push(`${metric} ${show(value)} is above its limit ${show(max)}`);
  if (min !== undefined && exceeds(min, value)) found.push(`${metric} ${show(value)} is below its limit ${show(min)}`);
  if (worse !== undefined && direction !== undefined && baseline !== null) {
    const loss = -gain(value, baseline, direction);
    const allowed = worse * Math.abs(baseline);
    if (loss - allowed > ROUNDING * Math.max(Math.abs(value), Math.abs(baseline))) {
      found.push(
        `${metric} ${show(value)} is worse than the baseline's ${show(baseline)} by ${share(loss, baseline)}; ${percent(worse)} is allowed`,
      );
    }
  }
  return found;
}

function exceeds(value: number, limit: number): boolean {
  return value - limit > ROUNDING * Math.abs(limit);
}

// A percentage of 0 is not defined.
function share(loss: number, baseline: number): string {
  return baseline === 0 ? show(loss) : percent(loss / Math.abs(baseline));
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`;
}

function show(value: number): string {
  return Number(value.toPrecision(6)).toString();
}
