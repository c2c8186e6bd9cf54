import type { PageHead } from '../../src/page/model.ts';
import type { Sort } from '../data/address.ts';

interface Props {
  readonly head: PageHead;
  readonly sort: Sort;
  readonly isUp: boolean;
  readonly onSort: (sort: Sort) => void;
}

/** The columns; a click sorts, a second one the other way. */
export function ListHead({ head, sort, isUp, onSort }: Props) {
  const columns: readonly (readonly [string, string, Sort | null])[] = [
    ['id', '#', 'id'],
    ['verdict', 'verdict', null],
    ['title', 'title', 'title'],
    ['score', head.objective.label, 'score'],
    ['delta', 'change', 'delta'],
    ['agent', 'agent', 'agent'],
    ['seconds', 'time', 'seconds'],
  ];
  return (
    <div role="rowgroup" class="columns">
      <div role="row" class="row" aria-rowindex={1}>
        {columns.map(([name, text, key]) => (
          <span
            key={name}
            role="columnheader"
            class={`cell ${name}`}
            {...(key !== null && ({ 'aria-sort': key !== sort ? 'none' : isUp ? 'ascending' : 'descending' } as const))}
          >
            {key === null ? (
              text
            ) : (
              <button type="button" onClick={() => onSort(key)}>
                {text}
                {key === sort && <i aria-hidden="true">{isUp ? '↑' : '↓'}</i>}
              </button>
            )}
          </span>
        ))}
      </div>
    </div>
  );
}
