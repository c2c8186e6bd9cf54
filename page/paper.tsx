import type { ReportData } from '../src/page/built.ts';
import { Brief } from './parts/brief.tsx';
import { VerdictBadge } from './parts/badge.tsx';
import { delta, score } from './parts/format.ts';
import { OwnNode } from './parts/own-node.tsx';
import { AgentsTab } from './tabs/agents.tsx';
import { AuditsTab } from './tabs/audits.tsx';
import { CompromisesTab } from './tabs/compromises.tsx';
import { DecideTab } from './tabs/decide.tsx';
import { NodesTab } from './tabs/nodes.tsx';
import { ParametersTab } from './tabs/parameters.tsx';
import { RankedTab } from './tabs/ranked.tsx';
import { SetupTab } from './tabs/setup.tsx';
import { SlotsTab } from './tabs/slots.tsx';

/** More would be no help on paper. */
const MOST_ROWS = 200;

/** The report as it is printed, and as it is read without JavaScript: everything one below the other. */
export function Paper({ head, rows, sections }: ReportData) {
  const { decide, ranked, audits, agents, compromises, parameters, slots, setup, nodes } = sections;
  const last = rows.slice(-MOST_ROWS).toReversed();
  return (
    <div class="paper-page">
      <p class="soft">
        autoresearch, run <b>{head.run}</b>
      </p>
      <Brief head={head} />
      <h2>What helped</h2>
      <RankedTab ranked={ranked} head={head} />
      <h2>To decide</h2>
      <DecideTab decide={decide} run={head.run} />
      <h2>Audits</h2>
      <AuditsTab audits={audits} head={head} />
      {compromises !== null && <h2>Compromises</h2>}
      {compromises !== null && <CompromisesTab compromises={compromises} />}
      <h2>Agents</h2>
      <AgentsTab agents={agents} head={head} />
      {parameters.length > 0 && <h2>Parameters</h2>}
      {parameters.length > 0 && <ParametersTab parameters={parameters} />}
      {slots !== null && <h2>Slots</h2>}
      {slots !== null && <SlotsTab timeline={slots} />}
      <h2>{rows.length > MOST_ROWS ? `The last ${MOST_ROWS} of ${rows.length} experiments` : 'Experiments'}</h2>
      <OwnNode head={head} />
      <table class="compact">
        <thead>
          <tr>
            <th class="n">#</th>
            <th>verdict</th>
            <th class="n">{head.objective.label}</th>
            <th class="n">change</th>
            <th>title</th>
            <th>reason</th>
          </tr>
        </thead>
        <tbody>
          {last.map((row) => (
            <tr key={row.id}>
              <td class="n">#{row.id}</td>
              <td>
                <VerdictBadge row={row} />
              </td>
              <td class="n">{score(row.score, head.decimals)}</td>
              <td class="n">{delta(row.delta, head.decimals)}</td>
              <td>{row.title}</td>
              <td>{row.code}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {nodes !== null && <h2>Nodes</h2>}
      {nodes !== null && <NodesTab swarm={nodes} head={head} />}
      <h2>Setup</h2>
      <SetupTab setup={setup} head={head} />
    </div>
  );
}
