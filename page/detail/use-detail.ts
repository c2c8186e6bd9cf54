import { useEffect, useState } from 'preact/hooks';
import type { PageDetail } from '../../src/page/detail-model.ts';
import type { PageRow } from '../../src/page/model.ts';
import type { Source } from '../data/source.ts';

/**
 * One experiment whole; undefined while it is read, null where there is none.
 * @param row as the list has it: what changes there is read again
 * @param run another run
 */
export function useDetail(source: Source, id: number | null, row?: PageRow, run: string | null = null): PageDetail | null | undefined {
  const [found, setFound] = useState<{ readonly key: string; readonly detail: PageDetail | null } | null>(null);
  const key = `${run ?? ''}/${id ?? ''}`;
  useEffect(() => {
    if (id === null) return undefined;
    let isWanted = true;
    const take = (detail: PageDetail | null): void => {
      if (isWanted) setFound({ key, detail });
    };
    source.detail(id, run).then(take, () => take(null));
    return () => {
      isWanted = false;
    };
  }, [key, row?.standing, row?.undone, row?.verdict]);
  return id !== null && found?.key === key ? found.detail : undefined;
}
