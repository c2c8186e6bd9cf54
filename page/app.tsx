import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Chart } from './chart/chart.tsx';
import { CompareView } from './compare/compare-view.tsx';
import type { Store } from './data/store.ts';
import type { PageHead } from '../src/page/model.ts';
import type { Tab } from './data/address.ts';
import { Detail } from './detail/detail.tsx';
import { AllTab } from './list/all-tab.tsx';
import { AskFor, type Asking } from './parts/ask-for.tsx';
import { Bar } from './parts/bar.tsx';
import { Brief } from './parts/brief.tsx';
import { OpenExperiment } from './parts/experiment-link.tsx';
import { Help } from './parts/help.tsx';
import { Running } from './parts/running.tsx';
import { useAddress } from './parts/use-address.ts';
import { useKeys } from './parts/use-keys.ts';
import { useStore } from './parts/use-store.ts';
import { useWish } from './parts/use-wish.ts';
import { Panel } from './tabs/panel.tsx';
import { Tabs, type TabEntry } from './tabs/tabs.tsx';

export function App({ store }: { readonly store: Store }) {
  useStore(store);
  const { head, live, source } = store;
  const [view, change] = useAddress();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [isHelp, setHelp] = useState(false);
  const { message, wish } = useWish(source);
  const opener = useRef<Element | null>(null);
  const tab: Tab = view.tab ?? (head !== null && head.waiting > 0 ? 'decide' : 'all');
  const { search, kinds, sort, isUp } = view;
  const query = useMemo(() => ({ search, kinds, sort, isUp }), [search, kinds, sort, isUp]);
  const ids = store.list(query);
  const open = useCallback((id: number) => {
    opener.current = document.activeElement;
    change({ open: id, compare: null });
  }, []);
  const close = (): void => {
    if (view.compare !== null) return change({ compare: null });
    change({ open: null });
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  useKeys({
    ids,
    view,
    tab,
    lastId: store.lastId,
    change,
    onClose: close,
    onAsk: source.canAct ? setAsking : null,
    onHelp: () => setHelp(true),
    head,
  });
  useEffect(() => {
    if (head !== null) document.title = `${head.waiting > 0 ? `(${head.waiting}) ` : ''}${head.run}: ${head.objective.label}`;
  }, [head?.waiting, head?.run]);
  if (head === null) return <p class="soft">Reading …</p>;

  return (
    <OpenExperiment.Provider value={open}>
      <Bar head={head} live={live} connection={store.connection} canAct={source.canAct} onAct={setAsking} />
      <main class={view.open === null || view.compare !== null ? '' : 'has-detail'}>
        <Brief head={head} />
        <Chart
          store={store}
          head={head}
          version={store.version}
          open={view.open}
          zoom={view.zoom}
          onZoom={(zoom) => change({ zoom })}
          onOpen={open}
        />
        <Running source={source} head={head} live={live} />
        {view.compare !== null ? (
          <CompareView source={source} head={head} open={view.open} other={view.compare} onChange={change} />
        ) : (
          <div class="split">
            <section class="left" aria-label="experiments">
              <Tabs
                entries={entriesOf(head, store.count)}
                tab={tab}
                onTab={(next) => change({ tab: next })}
                onCompare={() => change({ compare: { run: null, id: null } })}
              />
              <div class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
                {tab === 'all' ? (
                  <AllTab store={store} head={head} view={view} ids={ids} onChange={change} onOpen={open} />
                ) : (
                  <Panel source={source} head={head} tab={tab} zoom={view.zoom} />
                )}
              </div>
            </section>
            {view.open !== null && (
              <Detail
                source={source}
                head={head}
                row={store.rowOf(view.open)}
                id={view.open}
                onClose={close}
                onCompare={(id) => change({ compare: { run: null, id } })}
                onWish={wish}
              />
            )}
          </div>
        )}
      </main>
      <p class={`message ${message.isBad ? 'bad' : ''}`} role="status">
        {message.text}
      </p>
      {asking !== null && <AskFor asking={asking} onClose={() => setAsking(null)} onWish={wish} />}
      {isHelp && <Help canAct={source.canAct} onClose={() => setHelp(false)} />}
    </OpenExperiment.Provider>
  );
}

function entriesOf({ waiting, nodes }: PageHead, count: number): TabEntry[] {
  return [
    { tab: 'decide', text: 'To decide', count: waiting },
    { tab: 'ranked', text: 'What helped' },
    { tab: 'all', text: `All ${count}` },
    { tab: 'agents', text: 'Agents' },
    { tab: 'compromises', text: 'Compromises' },
    { tab: 'parameters', text: 'Parameters' },
    { tab: 'slots', text: 'Slots' },
    { tab: 'audits', text: 'Audits' },
    { tab: 'setup', text: 'Setup' },
    ...(nodes > 0 ? [{ tab: 'nodes', text: `Nodes ${nodes}` } as const] : []),
  ];
}
