/** Configs that are modules: `autoresearch.config.ts`. */
import { pathToFileURL } from 'node:url';
import { AutoresearchError, messageOf } from '../errors.ts';
import type { Diagnostics } from './diagnostics.ts';
import { locate, type Located, type Source } from './located.ts';
import { formatPath, type Path } from './path.ts';

export const MODULES = ['.ts', '.mts', '.js', '.mjs'];

/**
 * What a module exports by default, or what the function answers that it exports.
 * @throws AutoresearchError CONFIG_SYNTAX where it cannot be loaded
 */
export async function loadModule(file: string): Promise<unknown> {
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    const exported: unknown = loaded.default;
    return typeof exported === 'function' ? await (exported as () => unknown)() : exported;
  } catch (error) {
    throw new AutoresearchError('CONFIG_SYNTAX', `the module cannot be loaded: ${messageOf(error).split('\n')[0] ?? ''}`, {
      at: { file },
      hint: 'Run it by itself to see more: node autoresearch.config.ts',
      cause: error,
    });
  }
}

/** Its value with key paths for places; null, with the problems added, where it is not plain data. */
export function locateModule(file: string, value: unknown, diagnostics: Diagnostics): Located | null {
  const source: Source = { file, name: file, text: '' };
  const before = diagnostics.count;
  if (value === undefined) {
    const hint = 'export default defineConfig({ … }), with defineConfig of "autoresearch".';
    diagnostics.add('CONFIG_TYPE', { origin: { source, path: [] }, target: 'value' }, 'the module has no default export', hint);
    return null;
  }
  check(value, []);
  return diagnostics.count > before ? null : locate(withoutUndefined(value), source);

  function check(part: unknown, path: Path, above: readonly object[] = []): void {
    if (part === null || part === undefined || ['string', 'boolean'].includes(typeof part) || Number.isFinite(part)) return;
    if (typeof part === 'object' && above.includes(part)) return report(path, 'it is inside itself');
    if (Array.isArray(part)) return part.forEach((item, index) => check(item, [...path, index], [...above, part]));
    if (typeof part === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(part) as object | null)) {
      for (const [key, inner] of Object.entries(part)) check(inner, [...path, key], [...above, part]);
      return;
    }
    report(
      path,
      `it is ${typeof part === 'object' ? `a ${part.constructor.name}` : typeof part === 'number' ? String(part) : `a ${typeof part}`}`,
    );
  }

  function report(path: Path, what: string): void {
    const hint = 'A config is recorded with the run: texts, numbers, true and false, lists and plain objects.';
    diagnostics.add('CONFIG_TYPE', { origin: { source, path }, target: 'value' }, `${formatPath(path) || 'the config'}: ${what}`, hint);
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, withoutUndefined(inner)]])));
}
