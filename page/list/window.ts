/** Which rows of a long list are in sight. */
export interface Window {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

const BEYOND = 8;

export function windowOf(top: number, height: number, rowHeight: number, count: number): Window {
  const first = Math.floor(top / rowHeight) - BEYOND;
  const end = Math.ceil((top + height) / rowHeight) + BEYOND;
  const last = Math.min(count, Math.max(0, end));
  return { first: Math.min(Math.max(0, first), last), end: last };
}

/** How far to scroll so that a row is seen whole; the same place where it is. */
export function scrollTo(index: number, top: number, height: number, rowHeight: number): number {
  const start = index * rowHeight;
  if (start < top) return start;
  return start + rowHeight > top + height ? start + rowHeight - height : top;
}
