import { pad, truncate, widthOf } from './text.ts';
import type { Paint } from './paint.ts';

export interface Column<T> {
  readonly header: string;
  readonly cell: (row: T) => string;
  readonly align?: 'left' | 'right';
  readonly style?: (row: T) => Parameters<Paint>[0] | undefined;
  /** The one column that is cut to make the table fit. */
  readonly flexible?: boolean;
  /** Where room is short, columns go in this order, 1 first; without it a column stays. */
  readonly dropOrder?: number;
}

const GAP = '  ';
const FLEXIBLE_MINIMUM = 24;

/** Aligned lines, the header first. Widths are those of the widest cell; without `width` nothing is cut. */
export function renderTable<T>(rows: readonly T[], columns: readonly Column<T>[], paint: Paint, width = Infinity): string[] {
  const cells = columns.map((column) => rows.map((row) => column.cell(row)));
  const natural = columns.map((column, i) =>
    (cells[i] ?? []).reduce((most, text) => Math.max(most, widthOf(text)), widthOf(column.header)),
  );
  const { shown, widths } = fit(columns, natural, width);
  const line = (texts: (i: number) => string, style: (i: number) => Parameters<Paint>[0] | undefined): string =>
    shown
      .map((i) => {
        const cell = truncate(texts(i), widths[i] ?? 0);
        const last = i === shown.at(-1) && columns[i]?.align !== 'right';
        const text = last ? cell : pad(cell, widths[i] ?? 0, columns[i]?.align);
        const chosen = style(i);
        return chosen === undefined || text === '' ? text : paint(chosen, text);
      })
      .join(GAP);
  const header = line(
    (i) => columns[i]?.header ?? '',
    () => 'dim',
  );
  const body = rows.map((row, at) =>
    line(
      (i) => cells[i]?.[at] ?? '',
      (i) => columns[i]?.style?.(row),
    ),
  );
  return [header, ...body];
}

/** Drops columns until the flexible one has room to be read, then cuts that one. */
function fit<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): { shown: number[]; widths: number[] } {
  const flexible = columns.findIndex((column) => column.flexible);
  const wanted = Math.min(natural[flexible] ?? 0, FLEXIBLE_MINIMUM);
  const order = columns.map((column, i) => ({ i, order: column.dropOrder ?? Infinity })).filter((entry) => entry.order !== Infinity);
  const dropped = order.sort((a, b) => a.order - b.order).map((entry) => entry.i);
  let shown = columns.map((_, i) => i);
  const room = (): number => width - shown.filter((i) => i !== flexible).reduce((sum, i) => sum + (natural[i] ?? 0) + GAP.length, 0);
  while (room() < wanted && dropped.length > 0) {
    const next = dropped.shift();
    shown = shown.filter((i) => i !== next);
  }
  const widths = natural.map((size, i) => (i === flexible ? Math.max(1, Math.min(size, room())) : size));
  return { shown, widths };
}
