import { childOf, isNull, textAt, type Located } from './located.ts';
import type { Path } from './path.ts';

/**
 * Puts one layer over another: maps merge, lists and scalars replace, null removes. Every value keeps its origin.
 * Where the upper layer names another plugin (`use`), the lower layer's options for the old one are dropped with it.
 */
export function merge(base: Located, over: Located): Located {
  if (base.type !== 'map' || over.type !== 'map') return over;
  const entries = new Map(base.entries);
  const use = textAt(over, ['use']);
  if (use !== undefined && use !== textAt(base, ['use'])) entries.delete('with');
  for (const [key, value] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below === undefined ? value : merge(below, value));
  }
  return { type: 'map', entries: new Map([...entries].filter(([, value]) => !isNull(value))), origin: over.origin };
}

/** Sets one value, making the maps on the way; null when a step cannot be taken, such as a key of a list. */
export function setAt(node: Located | undefined, path: Path, value: Located): Located | null {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (node?.type === 'list') return setItem(node.items, step, rest, value, node.origin);
  if (node?.type === 'leaf' && !isNull(node)) return null;
  if (typeof step === 'number' && node !== undefined) return null;
  const inner = setAt(node && childOf(node, step), rest, value);
  if (inner === null) return null;
  const entries = new Map(node?.type === 'map' ? node.entries : []);
  entries.set(String(step), inner);
  return { type: 'map', entries, origin: node?.type === 'map' ? node.origin : value.origin };
}

function setItem(items: readonly Located[], step: string | number, rest: Path, value: Located, origin: Located['origin']): Located | null {
  if (typeof step !== 'number' || step > items.length) return null;
  const inner = setAt(items[step], rest, value);
  if (inner === null) return null;
  const copy = [...items];
  copy[step] = inner;
  return { type: 'list', items: copy, origin };
}
