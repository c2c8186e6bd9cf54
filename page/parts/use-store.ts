import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../data/store.ts';

/** Draws again whenever the store has changed. */
export function useStore(store: Store): void {
  const [, setVersion] = useState(store.version);
  useEffect(() => store.subscribe(() => setVersion(store.version)), [store]);
}
