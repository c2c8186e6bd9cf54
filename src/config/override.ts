import { parse } from 'yaml';
import { AutoresearchError, messageOf } from '../errors.ts';
import type { Json } from '../experiment.ts';
import type { Diagnostics } from './diagnostics.ts';
import { locate, type Located, type Source } from './located.ts';
import { setAt } from './merge.ts';
import { formatPath, parsePath } from './path.ts';
import type { Override } from './types.ts';

/**
 * Reads one `--set path=value`; the value is YAML: a scalar, or a list or map in braces.
 * @throws AutoresearchError USAGE
 */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals)).trim();
  if (equals < 0 || parsePath(path) === null) {
    throw new AutoresearchError('USAGE', `--set ${text}: not of the form path=value`, { hint: 'For example: --set trainer.timeout=5m' });
  }
  try {
    const value: unknown = parse(text.slice(equals + 1), { logLevel: 'error' });
    return { path, value: toJson(value), flag: '--set' };
  } catch (error) {
    const reason = messageOf(error).split('\n')[0] ?? '';
    throw new AutoresearchError('USAGE', `--set ${text}: the value is not YAML: ${reason}`, {
      hint: 'Quote it for the shell and for YAML.',
    });
  }
}

/** Puts the values of the command line over the merged config. */
export function applyOverrides(root: Located, overrides: readonly Override[], diagnostics: Diagnostics): Located {
  return overrides.reduce((config, override) => {
    const source: Source = { file: null, name: override.flag ?? '--set', text: '' };
    const path = parsePath(override.path);
    const next = path && setAt(config, path, locate(override.value, source, path));
    if (path && next) return next;
    const shown = path ? formatPath(path) : override.path;
    diagnostics.add(
      'USAGE',
      { origin: { source, path: [] }, target: 'value' },
      `${shown}: the config has no such place`,
      'Name keys with dots and list items with [0].',
    );
    return config;
  }, root);
}

function toJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
}
