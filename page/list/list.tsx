import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageHead } from '../../src/page/model.ts';
import type { RowOf } from '../data/list-view.ts';
import type { Sort } from '../data/address.ts';
import { ListHead } from './list-head.tsx';
import { ListRow } from './row.tsx';
import { scrollTo, windowOf } from './window.ts';

interface Props {
  readonly ids: readonly number[];
  readonly rowOf: RowOf;
  readonly head: PageHead;
  readonly open: number | null;
  readonly sort: Sort;
  readonly isUp: boolean;
  readonly onSort: (sort: Sort) => void;
  readonly onOpen: (id: number) => void;
}

/** All experiments, of which only those in sight are elements of the page. */
export function List({ ids, rowOf, head, open, sort, isUp, onSort, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, height: 600, rowHeight: 34 });
  const at = open === null ? -1 : ids.indexOf(open);
  const { first, end } = windowOf(place.top, place.height, place.rowHeight, ids.length);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => {
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 34;
      setPlace({ top: element.scrollTop, height: element.clientHeight, rowHeight });
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useKeepPlace(box, ids, place.rowHeight);
  useEffect(() => {
    const element = box.current;
    if (element !== null && at >= 0) element.scrollTop = scrollTo(at, element.scrollTop, element.clientHeight, place.rowHeight);
  }, [open]);

  return (
    <div class="table" role="grid" aria-rowcount={ids.length + 1} aria-label="experiments">
      <ListHead head={head} sort={sort} isUp={isUp} onSort={onSort} />
      <div class="rows" role="rowgroup" ref={box} tabIndex={0} aria-label="rows; j and k go from one to the next">
        <Spacer rows={first} height={place.rowHeight} />
        {ids.slice(first, end).map((id, index) => {
          const row = rowOf(id);
          return row && <ListRow key={id} row={row} index={first + index} head={head} isOpen={id === open} onOpen={onOpen} />;
        })}
        <Spacer rows={ids.length - end} height={place.rowHeight} />
        {ids.length === 0 && (
          <div role="row">
            <p role="gridcell" class="soft empty">
              {head.total === 0 ? 'No experiment is settled yet.' : 'Nothing fits.'}
            </p>
          </div>
        )}
      </div>
    </div>
  );
}

/** Rows that come in above what is read must not move it. At the top, new ones are what is read. */
function useKeepPlace(box: { readonly current: HTMLDivElement | null }, ids: readonly number[], rowHeight: number): void {
  const before = useRef<{ ids: readonly number[]; first: number | undefined }>({ ids, first: ids[0] });
  useLayoutEffect(() => {
    const element = box.current;
    const { first, ids: old } = before.current;
    before.current = { ids, first: ids[0] };
    // Asking for the scroll position lays the page out, so only where the list has changed.
    if (element === null || first === undefined || old === ids || element.scrollTop < rowHeight) return;
    const seen = old[Math.floor(element.scrollTop / rowHeight)];
    const moved = seen === undefined ? -1 : ids.indexOf(seen);
    if (moved > 0) element.scrollTop += (moved - Math.floor(element.scrollTop / rowHeight)) * rowHeight;
  });
}

/** Room of rows that are not there. */
function Spacer({ rows, height }: { readonly rows: number; readonly height: number }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => element.current?.style.setProperty('height', `${Math.max(0, rows) * height}px`));
  return <div ref={element} role="presentation" />;
}
