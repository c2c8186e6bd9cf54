import { useEffect, useRef } from 'preact/hooks';
import type { Tab } from '../data/address.ts';

export interface TabEntry {
  readonly tab: Tab;
  readonly text: string;
  readonly count?: number;
}

interface Props {
  readonly entries: readonly TabEntry[];
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly onCompare: () => void;
}

/** The arrow keys go from one tab to the next, as is usual. */
export function Tabs({ entries, tab, onTab, onCompare }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // One that is chosen by a key or a link may be out of sight.
    const row = list.current;
    const chosen = row?.querySelector<HTMLElement>('[aria-selected=true]');
    if (!row || !chosen) return;
    const isSeen = chosen.offsetLeft >= row.scrollLeft && chosen.offsetLeft + chosen.offsetWidth <= row.scrollLeft + row.clientWidth;
    if (!isSeen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.clientWidth) / 2;
  }, [tab]);
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = entries.findIndex((entry) => entry.tab === tab);
    const next = entries[(at + step + entries.length) % entries.length];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onTab(next.tab);
    list.current?.querySelector<HTMLElement>(`#tab-${next.tab}`)?.focus();
  };
  return (
    <div class="tabs-row">
      <div class="tabs" role="tablist" aria-label="views" ref={list} onKeyDown={onKey}>
        {entries.map((entry) => (
          <button
            key={entry.tab}
            type="button"
            role="tab"
            id={`tab-${entry.tab}`}
            aria-selected={entry.tab === tab}
            aria-controls="panel"
            tabIndex={entry.tab === tab ? 0 : -1}
            onClick={() => onTab(entry.tab)}
          >
            {entry.text}
            {entry.count !== undefined && entry.count > 0 && <b class="count"> {entry.count}</b>}
          </button>
        ))}
      </div>
      <button type="button" onClick={onCompare} title="two experiments, or two runs (c)">
        Compare
      </button>
    </div>
  );
}
