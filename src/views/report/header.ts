/** The top of the report: the result of the run at a glance, and its settings. */
import type { SettledExperiment } from '../../experiment.ts';
import { trustOfRun } from '../../ledger/records.ts';
import type { Noise } from '../../plugin.ts';
import { TRUST_LEVELS } from '../../trust.ts';
import { claimText, type Claim } from '../claim.ts';
import { CLAIMS, isImported } from '../course.ts';
import { formatNumber, formatSeconds, formatTime, formatUsd, plural, shortCommit } from '../format.ts';
import type { Headline } from '../headline.ts';
import { wordFor } from '../log.ts';
import { formatSigma } from '../noise.ts';
import type { Totals } from '../rank.ts';
import type { StandingCounts } from '../reviews.ts';
import type { OpeningView } from '../types.ts';
import { html, type Content, type Markup } from './html.ts';

export interface ReportHeadline {
  /** For somebody who has ten seconds. */
  readonly brief: Headline;
  readonly opening: OpeningView;
  readonly experiments: readonly SettledExperiment[];
  readonly totals: Totals;
  readonly claim: Claim | null;
  readonly noise: Noise | null;
  readonly decimals: number;
  readonly standings: StandingCounts;
  /** ISO 8601. */
  readonly generatedAt: string;
}

export function renderHeader(headline: ReportHeadline): Markup {
  const { opening, totals, decimals } = headline;
  const from = totals.baseline?.score ?? null;
  const to = totals.incumbent?.score ?? null;
  const number = (value: number | null): string => (value === null ? '–' : formatNumber(value, decimals));
  const moved =
    from === null || from === to
      ? html`${number(from)}`
      : html`<span class="from">${number(from)}</span> <span class="arrow">→</span> ${number(to)}`;
  return html`<header>
    <p class="eyebrow">autoresearch <span>/</span> ${opening.run}</p>
    <h1 class="${headline.brief.tone}">${sentence(headline)}</h1>
    <dl class="brief">
      ${(
        [
          ['Guards', headline.brief.guards],
          ['To decide', headline.brief.decide],
          ['Next', html`<code>${headline.brief.next}</code>`],
        ] satisfies [string, Content][]
      ).map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="scores"><span class="metric">${opening.objective.label}</span> <span class="numbers">${moved}</span></p>
    ${headline.experiments.some(isImported) && html`<p class="lede"><strong>${CLAIMS.charAt(0).toUpperCase()}${CLAIMS.slice(1)}.</strong></p>`}
    <p class="lede">${lede(headline)}</p>
    <dl class="stats">
      ${stats(headline).map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

/** A metric's name keeps its case. */
function sentence({ brief: { result }, opening }: ReportHeadline): string {
  return `${result.startsWith(opening.objective.label) ? result.charAt(0) : result.charAt(0).toUpperCase()}${result.slice(1)}.`;
}

function lede({ totals, opening, claim, decimals }: ReportHeadline): string {
  const direction = wordFor(opening.objective.direction);
  if (totals.baseline === null) return `${totals.experiments === 0 ? 'No experiments yet' : 'No baseline was measured'}; ${direction}.`;
  const counted = `${plural(totals.experiments, 'experiment')}; ${direction}.${driftNote(totals)}`;
  if (claim === null) return counted;
  // The scores of the loop are the luckiest of many; what was measured again is not.
  const words = claimText(claim, decimals);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}; the raw scores say ${formatNumber(claim.raw, decimals)}. ${counted}`;
}

function driftNote({ hasDrifted }: Totals): string {
  return hasDrifted
    ? ' The machine or the data changed during the run: the two scores cannot be compared, so gains are added up keep by keep.'
    : '';
}

function stats({ totals, noise, standings, opening }: ReportHeadline): [string, Content][] {
  const trust = trustOfRun(opening);
  const { keep, discard, crash, review } = totals.counts;
  const some = (count: number, name: string): [string, Content][] => (count > 0 ? [[name, count]] : []);
  return [
    ...(trust === null ? [] : [['number', TRUST_LEVELS[trust]] satisfies [string, Content]]),
    ['experiments', totals.experiments],
    ['kept', keep],
    ...some(totals.rolledBack, 'rolled back'),
    ['discarded', discard],
    ['crashed', crash],
    ...some(review, 'parked'),
    ...some(standings.waiting + standings.asked, 'to decide'),
    ...some(standings.approved, 'approved'),
    ...some(standings.rejected, 'rejected'),
    ...some(totals.controls, 'controls besides'),
    ['time', formatSeconds(totals.seconds)],
    ...(totals.usd > 0 ? [['cost', formatUsd(totals.usd)] satisfies [string, Content]] : []),
    ...(noise === null
      ? []
      : [[`noise, sigma${noise.source === 'repeats' ? ` (df ${noise.df})` : ''}`, formatSigma(noise.sigma)] satisfies [string, Content]]),
  ];
}

/** Everything needed to know what was run, and on what. */
export function renderProvenance({ opening, experiments, generatedAt }: ReportHeadline): Markup {
  const last = experiments.at(-1);
  const facts: [string, Content][] = [
    ['Run', opening.run],
    ['Branch', html`<code>autoresearch/${opening.run}</code>`],
    ['Started from', html`<code>${shortCommit(opening.base)}</code>`],
    ['Opened', formatTime(opening.at)],
    ['Last settled', last === undefined ? '–' : formatTime(last.settledAt)],
    ['Host', `${opening.host}, ${opening.platform}`],
    ['Engine', `autoresearch ${opening.engine}, Node ${opening.node.replace(/^v/, '')}`],
    ['Report made', formatTime(generatedAt)],
  ];
  return html`<section class="provenance" id="provenance">
    <h2>How it was run</h2>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <details class="plain">
      <summary>Plugins and configuration</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>kind</th>
              <th>name</th>
              <th>version</th>
              <th>from</th>
            </tr>
          </thead>
          <tbody>
            ${opening.plugins.map(
              (plugin) =>
                html`<tr>
                  <td>${plugin.kind}</td>
                  <td>${plugin.name}</td>
                  <td>${plugin.version ?? '–'}</td>
                  <td>${plugin.path}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <pre>${JSON.stringify(opening.imported ?? opening.config, null, 2)}</pre>
    </details>
  </section>`;
}
