/** The experiments that the list shows, in its order. Kept up to date row by row: a hundred thousand are never sorted again. */
import type { PageRow } from '../../src/page/model.ts';
import { KINDS, type MarkKind, type Sort } from './address.ts';

export interface ListQuery {
  readonly search: string;
  /** Empty for all. */
  readonly kinds: readonly MarkKind[];
  readonly sort: Sort;
  readonly isUp: boolean;
}

export type RowOf = (id: number) => PageRow | undefined;

/** What a row is to a reader: its verdict, or that it is a control, or that an audit took it back. */
export function kindOf({ kind, undone, verdict }: Pick<PageRow, 'kind' | 'undone' | 'verdict'>): MarkKind {
  if (kind === 'control') return 'control';
  return undone ? 'undone' : verdict;
}

export class ListView {
  readonly #rowOf: RowOf;
  #query: ListQuery;
  #ids: number[] = [];

  constructor(rowOf: RowOf, query: ListQuery, ids: readonly number[]) {
    this.#rowOf = rowOf;
    this.#query = query;
    this.#ids = this.#sorted(ids);
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Adds new and changed rows; `isNew` promises that none of them is in the list yet. */
  update(ids: readonly number[], isNew: boolean): void {
    const batch = this.#sorted(ids);
    if (!isNew) {
      const changed = new Set(ids);
      this.#ids = this.#ids.filter((id) => !changed.has(id));
    }
    this.#ids = merge(this.#ids, batch, (a, b) => this.#compare(a, b));
  }

  #sorted(ids: readonly number[]): number[] {
    const fits = filterOf(this.#query);
    return ids
      .filter((id) => {
        const row = this.#rowOf(id);
        return row !== undefined && fits(row);
      })
      .toSorted((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    const { sort, isUp } = this.#query;
    const newer = b - a;
    if (sort === 'id') return isUp ? -newer : newer;
    const [left, right] = [this.#rowOf(a)?.[sort], this.#rowOf(b)?.[sort]];
    // Rows without a value come last in both directions.
    if (left === undefined || right === undefined) return left === right ? newer : left === undefined ? 1 : -1;
    const order = typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right);
    return (isUp ? order : -order) || newer;
  }
}

function filterOf({ search, kinds }: ListQuery): (row: PageRow) => boolean {
  const text = search.trim().toLowerCase();
  const wanted = new Set(kinds.length === 0 ? KINDS : kinds);
  return (row) => wanted.has(kindOf(row)) && (text === '' || isFound(row, text));
}

function isFound({ id, title, agent, code }: PageRow, text: string): boolean {
  if (text.startsWith('#')) return String(id) === text.slice(1);
  return title.toLowerCase().includes(text) || agent.toLowerCase().includes(text) || code.toLowerCase().includes(text);
}

/** Merges two sorted lists. */
function merge(a: readonly number[], b: readonly number[], compare: (a: number, b: number) => number): number[] {
  const [lastA, firstA] = [a.at(-1), a[0]];
  const [lastB, firstB] = [b.at(-1), b[0]];
  if (lastA === undefined || firstA === undefined) return [...b];
  if (lastB === undefined || firstB === undefined) return [...a];
  if (compare(lastA, firstB) <= 0) return [...a, ...b];
  if (compare(lastB, firstA) <= 0) return [...b, ...a];
  const merged: number[] = [];
  let at = 0;
  for (const id of b) {
    for (let next = a[at]; next !== undefined && compare(next, id) <= 0; next = a[at]) {
      merged.push(next);
      at++;
    }
    merged.push(id);
  }
  return [...merged, ...a.slice(at)];
}
