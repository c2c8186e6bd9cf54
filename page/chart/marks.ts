/**
 * The dots of the chart, thinned while they are added: of those that were not kept, a few for each of some hundred stretches of
 * the run, and every keep and every parked one. So a chart of a hundred thousand experiments costs what one of a thousand does.
 */
import type { PageRow } from '../../src/page/model.ts';
import { kindOf } from '../data/list-view.ts';

type Scored = PageRow & { readonly score: number };

/** The rows of one kind and one stretch that stand for all of them. */
interface Stretch {
  low: PageRow;
  high: PageRow;
  first: PageRow;
  last: PageRow;
}

const MOST_STRETCHES = 600;
const isThinned = (row: PageRow): boolean => ['discard', 'crash', 'control'].includes(kindOf(row));

export class Marks {
  readonly #from: number;
  #width: number;
  #lastId = 0;
  readonly #whole = new Map<number, PageRow>();
  #stretches = new Map<string, Stretch>();

  /** Of a part of the run: from this experiment on, with stretches of that many. */
  constructor(from = 0, width = 1) {
    this.#from = from;
    this.#width = width;
  }

  add(row: PageRow): void {
    this.#lastId = Math.max(this.#lastId, row.id);
    if (!isThinned(row)) {
      this.#whole.set(row.id, row);
      return;
    }
    while ((row.id - this.#from) / this.#width > MOST_STRETCHES) this.#widen();
    this.#put(row);
  }

  /** Replaces a row that changed: a person decided on it, or an audit took it back. */
  replace(row: PageRow, before: PageRow): void {
    if (!isThinned(before)) this.#whole.delete(row.id);
    this.add(row);
  }

  /** The rows to draw, in no order. */
  rows(): PageRow[] {
    const thinned = [...this.#stretches.values()].flatMap(({ low, high, first, last }) => [...new Set([low, high, first, last])]);
    return [...thinned, ...this.#whole.values()];
  }

  /** The same of those within these experiments. */
  static between(rowOf: (id: number) => PageRow | undefined, from: number, to: number): Marks {
    const marks = new Marks(from, Math.max(1, Math.ceil((to - from) / MOST_STRETCHES)));
    for (let id = from; id <= to; id++) {
      const row = rowOf(id);
      if (row !== undefined) marks.add(row);
    }
    return marks;
  }

  #put(row: PageRow): void {
    const key = `${kindOf(row)}${Math.floor((row.id - this.#from) / this.#width)}`;
    const stretch = this.#stretches.get(key);
    if (stretch === undefined) {
      this.#stretches.set(key, { low: row, high: row, first: row, last: row });
      return;
    }
    if (isScored(row)) {
      if (!isScored(stretch.low) || row.score < stretch.low.score) stretch.low = row;
      if (!isScored(stretch.high) || row.score > stretch.high.score) stretch.high = row;
    }
    if (row.id < stretch.first.id) stretch.first = row;
    if (row.id > stretch.last.id) stretch.last = row;
  }

  #widen(): void {
    this.#width *= 2;
    const rows = [...this.#stretches.values()].flatMap(({ low, high, first, last }) => [...new Set([low, high, first, last])]);
    this.#stretches = new Map();
    for (const row of rows) this.#put(row);
  }
}

function isScored(row: PageRow): row is Scored {
  return row.score !== undefined;
}
