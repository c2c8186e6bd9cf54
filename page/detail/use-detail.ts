import { useEffect, useState } from 'preact/hooks';
import type { PageDetail } from '../../src/page/detail-model.ts';
import type { PageRow } from '../../src/page/model.ts';
import type { Source } from '../data/source.ts';

/**
 * One experiment whole; undefined while it is read, null where there is none.
 * @param row as the list has it: what changes there is read again
 */
export function useDetail(source: Source, id: number | null, row?: PageRow): PageDetail | null | undefined {
  const [found, setFound] = useState<{ readonly id: number; readonly detail: PageDetail | null } | null>(null);
  useEffect(() => {
    if (id === null) return undefined;
    let isWanted = true;
    const take = (detail: PageDetail | null): void => {
      if (isWanted) setFound({ id, detail });
    };
    source.detail(id).then(take, () => take(null));
    return () => {
      isWanted = false;
    };
  }, [id, row?.standing, row?.undone, row?.verdict]);
  return found?.id === id ? found.detail : undefined;
}
