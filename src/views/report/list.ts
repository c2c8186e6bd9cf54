/** Every experiment once: folded details for those people read, one compact line for the rest of a long run. */
import type { SettledExperiment } from '../../experiment.ts';
import { formatNumber } from '../format.ts';
import { deltaText, renderDetail, verdictBadge, type DetailContext } from './detail.ts';
import { html, type Markup } from './html.ts';

const MOST_OTHERS = 300;

/** The ids shown in full: every keep, and the newest of the others. */
export function detailedIds(experiments: readonly SettledExperiment[]): ReadonlySet<number> {
  const ids = experiments.map((experiment) => experiment.id);
  const kept = new Set(experiments.filter((experiment) => experiment.verdict === 'keep').map((experiment) => experiment.id));
  return new Set([...kept, ...ids.filter((id) => !kept.has(id)).slice(-MOST_OTHERS)]);
}

export function renderList(experiments: readonly SettledExperiment[], context: DetailContext): Markup {
  const detailed = detailedIds(experiments);
  const newestFirst = experiments.toReversed();
  const rest = newestFirst.filter((experiment) => !detailed.has(experiment.id));
  return html`<section id="experiments">
    <h2>Experiments</h2>
    <p class="muted">Newest first; open one to read why it was tried, what changed and how it was judged.</p>
    <div class="list">
      ${newestFirst.filter((experiment) => detailed.has(experiment.id)).map((experiment) => renderDetail(experiment, context))}
    </div>
    ${rest.length > 0 && compact(rest, context)}
  </section>`;
}

function compact(experiments: readonly SettledExperiment[], { objective, decimals }: DetailContext): Markup {
  return html`<details class="plain">
    <summary>${experiments.length} older experiments that were not kept</summary>
    <p class="muted">One line each; <code>autoresearch show N</code> has the rest.</p>
    <div class="scroll">
      <table class="compact">
        <thead>
          <tr>
            <th class="n">#</th>
            <th>verdict</th>
            <th class="n">${objective.label}</th>
            <th class="n">delta</th>
            <th>title</th>
            <th>reason</th>
          </tr>
        </thead>
        <tbody>
          ${experiments.map(
            ({ id, verdict, score, delta, proposal, reason }) =>
              html`<tr id="e${id}">
                <td class="n id">#${id}</td>
                <td>${verdictBadge(verdict)}</td>
                <td class="n s">${score === null ? '–' : formatNumber(score.value, decimals)}</td>
                <td class="n d">${deltaText(delta, decimals)}</td>
                <td class="t">${proposal.title}</td>
                <td class="muted">${reason.code}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
