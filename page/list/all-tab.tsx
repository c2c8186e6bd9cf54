import { useCallback } from 'preact/hooks';
import type { PageHead } from '../../src/page/model.ts';
import type { Sort, ViewState } from '../data/address.ts';
import type { Store } from '../data/store.ts';
import { OwnNode } from '../parts/own-node.tsx';
import type { Change } from '../parts/use-address.ts';
import { List } from './list.tsx';
import { ListTools } from './tools.tsx';

interface Props {
  readonly store: Store;
  readonly head: PageHead;
  readonly view: ViewState;
  /** The experiments that are shown, in their order. */
  readonly ids: readonly number[];
  readonly onChange: (change: Change) => void;
  readonly onOpen: (id: number) => void;
}

/** Every experiment of this machine's ledger, with what finds and sorts them. */
export function AllTab({ store, head, view: { search, kinds, sort, isUp, open }, ids, onChange, onOpen }: Props) {
  const onSort = useCallback((key: Sort) => onChange((now) => ({ sort: key, isUp: now.sort === key ? !now.isUp : key === 'title' })), []);
  return (
    <>
      <OwnNode head={head} />
      <ListTools
        search={search}
        kinds={kinds}
        found={ids.length}
        of={head.total}
        onSearch={(text) => onChange({ search: text })}
        onKinds={(next) => onChange({ kinds: next })}
      />
      <List ids={ids} rowOf={store.rowOf} head={head} open={open} sort={sort} isUp={isUp} onSort={onSort} onOpen={onOpen} />
    </>
  );
}
