/** Every experiment once: folded details for those people read, one compact line for the rest of a long run. */
import type { SettledExperiment } from '../../experiment.ts';
import { formatNumber } from '../format.ts';
import { summarize } from '../../ledger/records.ts';
import { standingIn } from '../reviews.ts';
import { verdictBadge } from './badge.ts';
import { deltaText, renderDetail, type DetailContext } from './detail.ts';
import { html, type Markup } from './html.ts';
import { kindOf } from './marks.ts';
import { standingBadge } from './reviews.ts';

const MOST_OTHERS = 300;

/** The ids shown in full: every keep, everything parked for a human, and the newest of the others. */
export function detailedIds(experiments: readonly SettledExperiment[]): ReadonlySet<number> {
  const ids = experiments.map((experiment) => experiment.id);
  const kept = new Set(
    experiments.filter((experiment) => experiment.verdict === 'keep' || experiment.verdict === 'review').map((experiment) => experiment.id),
  );
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

function compact(experiments: readonly SettledExperiment[], { objective, decimals, undone, reviews }: DetailContext): Markup {
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
            (experiment) =>
              html`<tr id="e${experiment.id}">
                <td class="n id">#${experiment.id}</td>
                <td>${verdictBadge(kindOf(summarize(experiment), undone))}</td>
                <td class="n s">${experiment.score === null ? '–' : formatNumber(experiment.score.value, decimals)}</td>
                <td class="n d">${deltaText(experiment.delta, decimals)}</td>
                <td class="t">${experiment.proposal.title} ${standingBadge(standingIn(reviews, experiment))}</td>
                <td class="muted">${experiment.reason.code}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
