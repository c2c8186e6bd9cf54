import { useEffect, useState } from 'preact/hooks';
import type { PageHead, PageSections, SectionName } from '../../src/page/model.ts';
import type { Source } from '../data/source.ts';
import { AgentsTab } from './agents.tsx';
import { AuditsTab } from './audits.tsx';
import { CompromisesTab } from './compromises.tsx';
import { DecideTab } from './decide.tsx';
import { NodesTab } from './nodes.tsx';
import { ParametersTab } from './parameters.tsx';
import { RankedTab } from './ranked.tsx';
import { SetupTab } from './setup.tsx';
import { SlotsTab } from './slots.tsx';

interface Props {
  readonly source: Source;
  readonly head: PageHead;
  readonly tab: SectionName;
  /** The part of the run that the chart shows. */
  readonly zoom: readonly [number, number] | null;
}

type Loaded = { readonly [K in SectionName]: { readonly tab: K; readonly value: PageSections[K] } }[SectionName];

const TITLES: Readonly<Record<SectionName, string>> = {
  decide: 'To decide',
  ranked: 'What helped',
  agents: 'Agents',
  compromises: 'Compromises',
  parameters: 'Parameters',
  slots: 'Slots',
  audits: 'Audits',
  setup: 'Setup',
  nodes: 'Nodes',
};

/** A tab whose content is loaded when it is opened, and again when the run has new experiments. */
export function Panel({ source, head, tab, zoom }: Props) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      try {
        const value = await source.section(tab);
        if (isWanted) setLoaded({ tab, value } as Loaded);
        if (isWanted) setFailure('');
      } catch (error) {
        if (isWanted) setFailure(error instanceof Error ? error.message : String(error));
      }
    };
    void load();
    return () => {
      isWanted = false;
    };
  }, [source, tab, head.at]);
  if (failure !== '') return <p class="soft">{failure}</p>;
  if (loaded === null || loaded.tab !== tab) return <p class="soft">Reading …</p>;
  return (
    <div class="pad" tabIndex={0} role="group" aria-label={TITLES[tab]}>
      <h2 class="unseen">{TITLES[tab]}</h2>
      {contentOf(loaded, head, zoom)}
    </div>
  );
}

function contentOf(loaded: Loaded, head: PageHead, zoom: Props['zoom']) {
  switch (loaded.tab) {
    case 'decide':
      return <DecideTab decide={loaded.value} run={head.run} />;
    case 'ranked':
      return <RankedTab ranked={loaded.value} head={head} />;
    case 'agents':
      return <AgentsTab agents={loaded.value} head={head} />;
    case 'compromises':
      return <CompromisesTab compromises={loaded.value} />;
    case 'parameters':
      return <ParametersTab parameters={loaded.value} />;
    case 'slots':
      return <SlotsTab timeline={loaded.value} zoom={zoom} />;
    case 'audits':
      return <AuditsTab audits={loaded.value} head={head} />;
    case 'nodes':
      return <NodesTab swarm={loaded.value} head={head} />;
    case 'setup':
      return <SetupTab setup={loaded.value} head={head} />;
  }
}
