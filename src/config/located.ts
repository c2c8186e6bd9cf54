/** Config values that know where they were written. */
import type { Scalar } from '../experiment.ts';
import type { Path } from './path.ts';

/** A text that config values come from: a file, or a flag of the command line. */
export interface Source {
  /** The absolute path; null for what is not a file. */
  readonly file: string | null;
  /** What to call it where there is no file, such as `--set`. */
  readonly name: string;
  readonly text: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a value was written; `key` is absent for list items and for the top. */
export interface Origin {
  readonly source: Source;
  readonly path: Path;
  readonly key?: Position;
  readonly value?: Position;
}

export type Located =
  | { readonly type: 'map'; readonly entries: ReadonlyMap<string, Located>; readonly origin: Origin }
  | { readonly type: 'list'; readonly items: readonly Located[]; readonly origin: Origin }
  | { readonly type: 'leaf'; readonly value: Scalar | null; readonly origin: Origin };

/** The plain value. */
export function toPlain(node: Located): unknown {
  if (node.type === 'leaf') return node.value;
  if (node.type === 'list') return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, child]) => [key, toPlain(child)]));
}

/** The same without the keys that are set to nothing: null inside a map means "not set". */
export function withoutNulls(node: Located): Located {
  if (node.type === 'leaf') return node;
  if (node.type === 'list') return { ...node, items: node.items.map(withoutNulls) };
  const set = [...node.entries].filter(([, child]) => !isNull(child));
  return { ...node, entries: new Map(set.map(([key, child]) => [key, withoutNulls(child)])) };
}

/** Gives a plain JSON value one origin for all of it. */
export function locate(value: unknown, source: Source, path: Path = []): Located {
  const origin: Origin = { source, path };
  if (Array.isArray(value)) return { type: 'list', items: value.map((item, index) => locate(item, source, [...path, index])), origin };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, locate(inner, source, [...path, key])] as const);
    return { type: 'map', entries: new Map(entries), origin };
  }
  const leaf = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { type: 'leaf', value: leaf, origin };
}

/** The child at a key or index. */
export function childOf(node: Located, step: string | number): Located | undefined {
  if (node.type === 'map') return node.entries.get(String(step));
  return node.type === 'list' ? node.items[Number(step)] : undefined;
}

/** The node at a path; undefined if the config does not have it. */
export function find(node: Located, path: Path): Located | undefined {
  return path.reduce<Located | undefined>((at, step) => at && childOf(at, step), node);
}

/** The node at a path, else the deepest one above it that exists. */
export function nearest(node: Located, path: Path): Located {
  let at = node;
  for (const step of path) {
    const child = childOf(at, step);
    if (child === undefined) return at;
    at = child;
  }
  return at;
}

/** A path as the user wrote it: a single agent is kept in a list, and shown without its number. */
export function writtenPath(node: Located, path: Path): Path {
  const { origin } = nearest(node, path);
  const known = path.findIndex((_, index) => find(node, path.slice(0, index + 1)) === undefined);
  return known < 0 ? origin.path : [...origin.path, ...path.slice(known)];
}

/** The text at a path, where there is one. */
export function textAt(node: Located, path: Path): string | undefined {
  const at = find(node, path);
  return at?.type === 'leaf' && typeof at.value === 'string' ? at.value : undefined;
}

export function isNull(node: Located): boolean {
  return node.type === 'leaf' && node.value === null;
}
