/** A curve in one line of text. */
const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** At most `columns` blocks from the lowest to the highest value, at equal steps of the curve; empty for an empty curve. */
export function sparkline(values: readonly number[], columns = 32): string {
  const cells = thin(values, columns);
  const low = Math.min(...cells);
  const span = Math.max(...cells) - low;
  return cells.map((value) => BLOCKS[span > 0 ? Math.min(7, Math.floor((8 * (value - low)) / span)) : 3]).join('');
}

/** Every so many of a list, its ends always among them. */
export function thin<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, at) => list[Math.round((at * (list.length - 1)) / (most - 1))]).flatMap((value) =>
    value === undefined ? [] : [value],
  );
}
