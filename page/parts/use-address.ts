import { useCallback, useEffect, useState } from 'preact/hooks';
import { readAddress, writeAddress, type ViewState } from '../data/address.ts';

export type Change = Partial<ViewState> | ((now: ViewState) => Partial<ViewState>);

/** The state of the view, kept in the address bar. Opening something can be undone with the browser's way back. */
export function useAddress(): [ViewState, (change: Change) => void] {
  const [view, setView] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const read = (): void => setView(readAddress(location.hash));
    addEventListener('hashchange', read);
    addEventListener('popstate', read);
    return () => {
      removeEventListener('hashchange', read);
      removeEventListener('popstate', read);
    };
  }, []);
  const change = useCallback((wanted: Change) => {
    const now = readAddress(location.hash);
    const next = { ...now, ...(typeof wanted === 'function' ? wanted(now) : wanted) };
    const address = writeAddress(next);
    if (address === writeAddress(now)) return;
    const method = now.open === null && next.open !== null ? 'pushState' : 'replaceState';
    history[method](null, '', address === '' ? location.pathname + location.search : address);
    setView(next);
  }, []);
  return [view, change];
}
