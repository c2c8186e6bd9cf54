/** All that the page knows. Components are told of changes once a frame, however many there were. */
import type { PageHead, PageRow } from '../../src/page/model.ts';
import { ListView, type ListQuery } from './list-view.ts';
import { follow, NOTHING, type Live } from './live.ts';
import { Marks } from '../chart/marks.ts';
import type { Connection, Source } from './source.ts';

export class Store {
  readonly source: Source;
  head: PageHead | null = null;
  live: Live = NOTHING;
  connection: Connection = 'open';
  /** Of all experiments, for the chart. */
  readonly marks = new Marks();
  /** Counts changes of the head, and of what is shown of rows. */
  version = 0;
  readonly #rows: (PageRow | undefined)[] = [];
  #count = 0;
  #view: ListView | null = null;
  #query: ListQuery | null = null;
  readonly #listeners = new Set<() => void>();
  #isAsked = false;
  readonly #soon: (act: () => void) => void;

  constructor(source: Source, soon: (act: () => void) => void = (act) => requestAnimationFrame(act)) {
    this.source = source;
    this.#soon = soon;
    source.listen({
      head: (head) => this.#tell(() => (this.head = head)),
      rows: (rows, isNew) => this.#tell(() => this.#take(rows, isNew)),
      event: (event) => this.#tell(() => (this.live = follow(this.live, event))),
      connection: (state) => this.#tell(() => (this.connection = state)),
    });
  }

  readonly rowOf = (id: number): PageRow | undefined => this.#rows[id];

  /** How many rows are here. */
  get count(): number {
    return this.#count;
  }

  get lastId(): number {
    return Math.max(0, this.#rows.length - 1);
  }

  /** The experiments of a list, in its order. */
  list(query: ListQuery): readonly number[] {
    if (this.#view === null || this.#query !== query) {
      this.#view = new ListView(this.rowOf, query, [...this.#rows.keys()]);
      this.#query = query;
    }
    return this.#view.ids;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take(rows: readonly PageRow[], isNew: boolean): void {
    const fresh: number[] = [];
    const changed: number[] = [];
    for (const row of rows) {
      const before = this.#rows[row.id];
      (before === undefined ? fresh : changed).push(row.id);
      this.#rows[row.id] = row;
      if (before === undefined) this.marks.add(row);
      else this.marks.replace(row, before);
    }
    this.#count += fresh.length;
    if (fresh.length > 0) this.#view?.update(fresh, true);
    if (changed.length > 0 && !isNew) this.#view?.update(changed, false);
  }

  #tell(change: () => unknown): void {
    change();
    this.version++;
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#soon(() => {
      this.#isAsked = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
