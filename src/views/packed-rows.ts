/** Short rows as a table without its repetitions: some 90 bytes each, for pages and models. Pure, and for browsers too. */
import type { ShortRow } from './short-row.ts';

/** What every row has comes first, what most lack last: nulls at the end of a row are left out. */
const COLUMNS = [
  'id',
  'verdict',
  'code',
  'title',
  'agent',
  'seconds',
  'at',
  'candidate',
  'cost',
  'tokens',
  'score',
  'delta',
  'low',
  'high',
  'pGain',
  'slot',
  'kind',
] as const satisfies readonly (keyof ShortRow)[];
const MOST_TITLE = 40;
/** Texts that many rows share: a cell has the place in `words`. */
const SHARED: ReadonlySet<string> = new Set(['kind', 'verdict', 'code', 'agent', 'slot'] satisfies (keyof ShortRow)[]);

type Cell = string | number | null;

export interface PackedRows {
  readonly columns: readonly string[];
  /** Seconds since 1970 that the first `at` counts from; each later one counts from the row before. */
  readonly start: number;
  /** The texts of the columns verdict, code, agent, kind and slot: their cells are places in this list. A kind of null is a change. */
  readonly words: readonly string[];
  /** A cell for each column, null where there is nothing; nulls at the end are left out. */
  readonly rows: readonly (readonly Cell[])[];
}

export function packRows(rows: readonly ShortRow[]): PackedRows {
  const places = new Map<string, number>();
  const placeOf = (word: string) => {
    const place = places.get(word) ?? places.size;
    places.set(word, place);
    return place;
  };
  const start = rows[0]?.at ?? 0;
  const packed = rows.map((row, index) => {
    const cells = COLUMNS.map((column): Cell => {
      const value = row[column];
      // Nearly all are changes.
      if (value === undefined || (column === 'kind' && value === 'change')) return null;
      if (column === 'at') return row.at - (rows[index - 1]?.at ?? start);
      if (column === 'title') return cut(row.title);
      return SHARED.has(column) ? placeOf(String(value)) : value;
    });
    while (cells.at(-1) === null) cells.pop();
    return cells;
  });
  return { columns: COLUMNS, start, words: [...places.keys()], rows: packed };
}

export function unpackRows({ columns, start, words, rows }: PackedRows): ShortRow[] {
  let at = start;
  return rows.map((cells) => {
    const entries = columns.flatMap((column, index): [string, unknown][] => {
      const cell = cells[index] ?? null;
      if (cell === null) return column === 'kind' ? [[column, 'change']] : [];
      if (column === 'at') return [[column, (at += Number(cell))]];
      return [[column, SHARED.has(column) ? words[Number(cell)] : cell]];
    });
    return Object.fromEntries(entries) as unknown as ShortRow;
  });
}

function cut(title: string): string {
  return title.length <= MOST_TITLE ? title : `${title.slice(0, MOST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** One JSON document, with a line for each row. */
export function renderPacked({ rows, ...head }: PackedRows & Readonly<Record<string, unknown>>): string {
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"rows":[\n${lines}\n]}\n`;
}
