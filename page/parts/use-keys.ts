import { useEffect, useRef } from 'preact/hooks';
import type { PageHead } from '../../src/page/model.ts';
import { farther, nearer } from '../chart/chart.tsx';
import { TABS, type Tab, type ViewState } from '../data/address.ts';
import type { Asking } from './ask-for.tsx';

interface Keys {
  readonly ids: readonly number[];
  readonly view: ViewState;
  readonly tab: Tab;
  readonly lastId: number;
  readonly head: PageHead | null;
  readonly change: (change: Partial<ViewState>) => void;
  readonly onClose: () => void;
  /** Null where the page can only be read. */
  readonly onAsk: ((asking: Asking) => void) | null;
  readonly onHelp: () => void;
}

/** What help.tsx says. Keys with Ctrl, Alt or Meta are the browser's, and so is typing in a field. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as Element;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
      const isTyping = target.matches('input, textarea, select');
      if (isTyping && event.key !== 'Escape') return;
      if (isTyping && target instanceof HTMLElement) target.blur();
      else if (act(event.key, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function act(key: string, { ids, view, lastId, head, change, onClose, onAsk, onHelp }: Keys): boolean {
  const click = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click();
  switch (key) {
    case 'j':
    case 'k': {
      const at = view.open === null ? -1 : ids.indexOf(view.open);
      const next = ids[Math.min(ids.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))];
      if (next !== undefined) change({ open: next });
      return true;
    }
    case 'Escape':
      onClose();
      return true;
    case '/':
      change({ tab: 'all' });
      setTimeout(() => document.querySelector<HTMLElement>('#search')?.focus());
      return true;
    case '?':
      onHelp();
      return true;
    case 'c':
      change({ compare: view.compare === null ? { run: null, id: null } : null });
      return true;
    case '+':
      change({ zoom: nearer(view.zoom, lastId) });
      return true;
    case '-':
      change({ zoom: farther(view.zoom, lastId) });
      return true;
    case 'a':
    case 'x':
    case 'q':
      click(`[data-decision=${{ a: 'approve', x: 'reject', q: 'ask' }[key]}]`);
      return true;
    case 'n':
      document.querySelector<HTMLElement>('.actions input')?.focus();
      return true;
    case 's':
      onAsk?.('steer');
      return onAsk !== null;
    case 'p':
      onAsk?.(head?.state.kind === 'paused' ? 'resume' : 'pause');
      return onAsk !== null;
    default: {
      const tab = /^\d$/.test(key) ? TABS[(Number(key) + 9) % 10] : undefined;
      const isThere = tab !== undefined && (tab !== 'nodes' || (head?.nodes ?? 0) > 0);
      if (isThere) change({ tab });
      return isThere;
    }
  }
}
