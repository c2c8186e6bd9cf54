/** One experiment, folded: the summary is a line of the list, the inside is everything that is known. */
import type { Judgement, SettledExperiment, Trial } from '../../experiment.ts';
import { summarize } from '../../ledger/records.ts';
import type { Reviews } from '../../ledger/reviews.ts';
import { formatNumber, formatPercent, formatSeconds, formatSigned, plural, shortCommit } from '../format.ts';
import { deltaMark } from '../paint.ts';
import { exitText } from '../show.ts';
import type { ObjectiveView } from '../log.ts';
import { beliefText, estimateText } from '../show-evidence.ts';
import { standingIn } from '../reviews.ts';
import { verdictBadge } from './badge.ts';
import { renderCurves } from './curves.ts';
import { renderDiff } from './diff.ts';
import { clipLine, html, type Content, type Markup } from './html.ts';
import { kindOf } from './marks.ts';
import { renderDecisions, standingBadge } from './reviews.ts';

export interface DetailContext {
  readonly objective: ObjectiveView;
  readonly decimals: number;
  readonly diffs: ReadonlyMap<number, string>;
  readonly logTail: ReadonlyMap<number, string>;
  /** Keeps that audits took back. */
  readonly undone: ReadonlySet<number>;
  readonly reviews: Reviews;
}

export function deltaText(delta: number | null, decimals: number): string {
  return delta === null ? '' : formatSigned(delta, decimals).replace('-', '−');
}

export function renderDetail(experiment: SettledExperiment, context: DetailContext): Markup {
  const { id, proposal, score, delta } = experiment;
  const { decimals, objective } = context;
  const mark = deltaMark(delta, objective.direction);
  const kind = kindOf(summarize(experiment), context.undone);
  return html`<details class="experiment ${kind}">
    <summary>
      <span class="id">#${id}</span>${verdictBadge(kind)}<span class="t"
        >${proposal.title} ${standingBadge(standingIn(context.reviews, experiment))}</span
      ><span class="s">${score === null ? '–' : formatNumber(score.value, decimals)}</span
      ><span class="d ${mark === '▲' && 'better'}">${deltaText(delta, decimals)}</span>
    </summary>
    <div class="body" id="e${id}">
      <p class="outcome">${experiment.reason.text} <code>${experiment.reason.code}</code></p>
      ${renderDecisions(context.reviews.get(id) ?? [])} ${estimate(experiment, decimals)} ${words(experiment)}
      ${expected(experiment, decimals)} ${params(experiment)} ${judgements(experiment.judgements)}
      ${trials('Trials', experiment.trials, experiment.metrics)}
      ${trials('The incumbent beside them', experiment.beside ?? [], experiment.metrics)} ${renderCurves(experiment.trials)}
      ${origin(experiment)} ${diffOf(experiment, context)} ${logOf(id, context)}
    </div>
  </details>`;
}

function words({ proposal }: SettledExperiment): Content {
  const prose = (title: string, text: string): Content =>
    text.trim() !== '' &&
    html`<h4>${title}</h4>
      ${text
        .trim()
        .split(/\n+/)
        .map((paragraph) => html`<p>${paragraph}</p>`)}`;
  return [
    prose('Hypothesis', proposal.hypothesis),
    prose('Rationale', proposal.rationale),
    proposal.risks.length > 0 &&
      html`<h4>Risks</h4>
        <ul>
          ${proposal.risks.map((risk) => html`<li>${risk}</li>`)}
        </ul>`,
  ];
}

function estimate(experiment: SettledExperiment, decimals: number): Content {
  const texts = [estimateText(experiment, decimals), beliefText(experiment, decimals)].filter((text) => text !== null);
  return (
    texts.length > 0 &&
    html`<h4>Estimate</h4>
      ${texts.map((text) => html`<p>${text.charAt(0).toUpperCase()}${text.slice(1).replaceAll(/(?<!\w)-(?=\d)/g, '−')}</p>`)}`
  );
}

function expected({ proposal, delta }: SettledExperiment, decimals: number): Content {
  const guess = proposal.expected;
  if (guess === undefined || (guess.delta === undefined && guess.confidence === undefined)) return null;
  const change = guess.delta === undefined ? 'a better score' : `a change of ${deltaText(guess.delta, decimals)}`;
  const sure = guess.confidence === undefined ? '' : `, ${formatPercent(guess.confidence).replace(/\.\d+/, '')} sure`;
  const measured = delta === null ? 'nothing could be compared' : `measured ${deltaText(delta, decimals)}`;
  return html`<h4>Expected</h4>
    <p>${change}${sure}; ${measured}</p>`;
}

function params({ proposal }: SettledExperiment): Content {
  const entries = Object.entries(proposal.params ?? {});
  return (
    entries.length > 0 &&
    html`<h4>Parameters</h4>
      <dl class="facts">
        ${entries.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${String(value)}</dd>
            </div>`,
        )}
      </dl>`
  );
}

function judgements(list: readonly Judgement[]): Content {
  return (
    list.length > 0 &&
    html`<h4>Judgements</h4>
      <ul class="judgements">
        ${list.map(
          (judgement) =>
            html`<li>
              <b class="${judgement.outcome}">${judgement.outcome}</b>
              <span
                >${judgement.gate}: ${judgement.reason} <code>${judgement.code}</code>${
                  judgement.evidence && html`<br /><code class="evidence">${JSON.stringify(judgement.evidence)}</code>`
                }</span
              >
            </li>`,
        )}
      </ul>`
  );
}

function trials(title: string, list: readonly Trial[], means: SettledExperiment['metrics']): Content {
  if (list.length === 0) return null;
  const names = Object.keys(means);
  const number = (value: number | undefined): string => (value === undefined ? '–' : String(Number(value.toPrecision(6))));
  return html`<h4>${title}</h4>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="n">#</th>
            <th class="n">seed</th>
            <th>exit</th>
            <th class="n">time</th>
            <th class="n">memory</th>
            ${names.map((name) => html`<th class="n">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${list.map(
            (trial) =>
              html`<tr>
                <td class="n">${trial.index}</td>
                <td class="n">${trial.seed}</td>
                <td>${exitText(trial)}</td>
                <td class="n">${formatSeconds(trial.seconds)}</td>
                <td class="n">${trial.peakMemoryMb === null ? '–' : `${Math.round(trial.peakMemoryMb)} MiB`}</td>
                ${names.map((name) => html`<td class="n">${number(Object.hasOwn(trial.metrics, name) ? trial.metrics[name] : undefined)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function origin({ candidate, parent, proposal, diff, seconds }: SettledExperiment): Markup {
  const change = diff === null ? '' : `, ${plural(diff.files, 'file')} +${diff.added} −${diff.removed}`;
  const cost = proposal.usage?.usd === undefined ? '' : `, $${proposal.usage.usd.toFixed(2)}`;
  return html`<p class="origin">
    Proposed by ${proposal.agent}, <code>${shortCommit(candidate)}</code> on <code>${shortCommit(parent)}</code>${change},
    ${formatSeconds(seconds)}${cost}
  </p>`;
}

function diffOf({ id, candidate }: SettledExperiment, { diffs }: DetailContext): Content {
  const diff = diffs.get(id);
  return diff !== undefined && diff.trim() !== '' && renderDiff(diff, candidate);
}

function logOf(id: number, { logTail }: DetailContext): Content {
  const tail = logTail.get(id);
  return (
    tail !== undefined &&
    tail.trim() !== '' &&
    html`<h4>End of the log</h4>
      <pre>${tail.trimEnd().split('\n').slice(-40).map(clipLine).join('\n')}</pre>`
  );
}
