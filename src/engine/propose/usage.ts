import type { Usage } from '../../experiment.ts';

/** The sum of two usages; a figure that one of them lacks is taken from the other. */
export function addUsage(a: Usage, b: Usage | undefined): Usage {
  const sum: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(withoutNonsense(b ?? {}))) {
    const before = sum[key];
    sum[key] = typeof value === 'number' ? (typeof before === 'number' ? before : 0) + value : value;
  }
  return sum;
}

/** NaN or negative figures would break the limits that add them up. */
function withoutNonsense(usage: Usage): Usage {
  return Object.fromEntries(
    Object.entries(usage).filter(([, value]) =>
      typeof value === 'number' ? Number.isFinite(value) && value >= 0 : typeof value === 'string',
    ),
  );
}

export function isEmptyUsage(usage: Usage): boolean {
  return Object.keys(usage).length === 0;
}
