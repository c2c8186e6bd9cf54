/** What each agent has gained, what it cost, and how well it predicted its gains. */
import type { AgentTally } from '../agents.ts';
import { formatNumber, formatUsd } from '../format.ts';
import { html, type Content } from './html.ts';

export function renderAgents({ agents, decimals }: { readonly agents: readonly AgentTally[]; readonly decimals: number }): Content {
  const isTelling =
    agents.length > 1 || agents.some(({ tokens, usd, predicted, confidence }) => tokens + usd > 0 || predicted || confidence);
  if (!isTelling) return null;
  return html`<section id="agents">
    <h2>Agents</h2>
    <p class="muted">What each one proposed, and what it expected against what was measured.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>agent</th>
            <th class="num">experiments</th>
            <th class="num">kept</th>
            <th class="num">crashed</th>
            <th class="num">nothing to measure</th>
            <th class="num">gain kept</th>
            <th class="num">per experiment</th>
            <th class="num">tokens</th>
            <th class="num">cost</th>
            <th class="num">gain per dollar</th>
            <th>expected against measured</th>
            <th>sure against kept</th>
          </tr>
        </thead>
        <tbody>
          ${agents.map(
            (agent) =>
              html`<tr>
                <td>${agent.agent}</td>
                <td class="num">${agent.experiments}</td>
                <td class="num">${agent.keeps}</td>
                <td class="num">${agent.crashes}${agent.mended > 0 && ` (${agent.mended} more fixed)`}</td>
                <td class="num">${agent.empty}</td>
                <td class="num">${formatNumber(agent.gained, decimals)}</td>
                <td class="num">${agent.experiments === 0 ? '' : formatNumber(agent.gained / agent.experiments, decimals + 1)}</td>
                <td class="num">${agent.tokens === 0 ? '' : agent.tokens.toLocaleString('en-US')}</td>
                <td class="num">${agent.usd === 0 ? '' : formatUsd(agent.usd)}</td>
                <td class="num">${agent.usd === 0 ? '' : formatNumber(agent.gained / agent.usd, decimals + 1)}</td>
                <td>${predictionText(agent, decimals)}</td>
                <td>${confidenceText(agent)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function predictionText({ predicted }: AgentTally, decimals: number): string {
  if (predicted === null) return '';
  const { count, meanExpected, meanMeasured, right } = predicted;
  return `gain of ${formatNumber(meanExpected, decimals)} against ${formatNumber(meanMeasured, decimals)} on average; ${right} of ${count} went its way`;
}

function confidenceText({ confidence }: AgentTally): string {
  if (confidence === null) return '';
  return `${Math.round(confidence.mean * 100)} % against ${Math.round(confidence.keptShare * 100)} % of ${confidence.count}`;
}
