import type { AgentTally } from '../../src/views/agents.ts';
import type { PageHead } from '../../src/page/model.ts';
import { formatNumber, formatUsd, plural } from '../../src/views/format.ts';

interface Props {
  readonly agents: readonly AgentTally[];
  readonly head: PageHead;
}

/** What each agent has gained, what it cost, and how well it predicted its gains. */
export function AgentsTab({ agents, head: { decimals } }: Props) {
  if (agents.length === 0) return <p class="soft">No agent has proposed anything yet.</p>;
  return (
    <>
      <p class="soft">What each one proposed, and what it expected against what was measured.</p>
      <div class="scroll" tabIndex={0} role="region" aria-label="agents">
        <table>
          <thead>
            <tr>
              {['agent', 'experiments', 'kept', 'crashed', 'nothing to measure', 'gain kept', 'per experiment'].map((name) => (
                <th key={name} class={name === 'agent' ? '' : 'n'}>
                  {name}
                </th>
              ))}
              <th class="n">tokens</th>
              <th class="n">cost</th>
              <th class="n">gain per dollar</th>
              <th>expected against measured</th>
              <th>sure against kept</th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <tr key={agent.agent}>
                <td>{agent.agent}</td>
                <td class="n">{agent.experiments}</td>
                <td class="n">{agent.keeps}</td>
                <td class="n">
                  {agent.crashes}
                  {agent.mended > 0 && ` (${agent.mended} more fixed)`}
                </td>
                <td class="n">{agent.empty}</td>
                <td class="n">{formatNumber(agent.gained, decimals)}</td>
                <td class="n">{agent.experiments === 0 ? '–' : formatNumber(agent.gained / agent.experiments, decimals + 1)}</td>
                <td class="n">{agent.tokens === 0 ? 'unknown' : agent.tokens.toLocaleString('en-US')}</td>
                <td class="n">{agent.usd === 0 ? 'unknown' : formatUsd(agent.usd)}</td>
                <td class="n">{agent.usd === 0 ? '–' : formatNumber(agent.gained / agent.usd, decimals + 1)}</td>
                <td>{predictionText(agent, decimals)}</td>
                <td>{confidenceText(agent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function predictionText({ predicted }: AgentTally, decimals: number): string {
  if (predicted === null) return '–';
  const { count, meanExpected, meanMeasured, right } = predicted;
  return `gain of ${formatNumber(meanExpected, decimals)} against ${formatNumber(meanMeasured, decimals)} on average; ${right} of ${plural(count, 'prediction')} went its way`;
}

function confidenceText({ confidence }: AgentTally): string {
  if (confidence === null) return '–';
  return `${Math.round(confidence.mean * 100)} % against ${Math.round(confidence.keptShare * 100)} % of ${confidence.count}`;
}
