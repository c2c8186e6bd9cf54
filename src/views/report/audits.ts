/** Every audit: when, of what, what it found on fresh trials, and what followed. */
import { gain } from '../../experiment.ts';
import { rollbackTarget } from '../../model/incumbents.ts';
import type { AuditRecord } from '../../ledger/records.ts';
import { claimText } from '../claim.ts';
import { formatBounds, gainOf, isBounded, type Interval } from '../estimate.ts';
import { formatNumber, formatTime, plural, shortCommit } from '../format.ts';
import type { ObjectiveView } from '../log.ts';
import { html, type Content, type Markup } from './html.ts';

export interface AuditsInput {
  readonly audits: readonly AuditRecord[];
  readonly objective: ObjectiveView;
  readonly decimals: number;
}

export function renderAudits({ audits, objective, decimals }: AuditsInput): Content {
  if (audits.length === 0) return null;
  return html`<section id="audits">
    <h2>Audits</h2>
    <p class="muted">
      The claim measured again: fresh trials of the incumbent and of what it started from, with seeds the run had not used.
    </p>
    ${audits.map((record, at) => renderAudit(record, at + 1, objective, decimals))}
  </section>`;
}

function renderAudit({ audit, after }: AuditRecord, index: number, { direction }: ObjectiveView, decimals: number): Markup {
  const claim = gainOf(audit.claim, direction);
  const raw = gain(audit.raw, 0, direction);
  const words = claimText({ ...claim, shown: audit.claim.shown }, decimals);
  const trials = (list: readonly unknown[]): string => plural(list.length, 'trial');
  const facts: [string, Content][] = [
    ['When', `${formatTime(audit.at)}, ${audit.occasion === 'end' ? 'at the end of a session' : 'between keeps'}, after #${after}`],
    ['Of', html`${nameOf(audit.final)} against ${nameOf(audit.anchor)}`],
    ['Fresh trials', `${trials(audit.trials.final)} against ${trials(audit.trials.anchor)}`],
    ['The raw scores say', formatNumber(raw, decimals)],
    ['Guards', audit.failures.length === 0 ? 'none failed' : html`<span class="failed">failed: ${audit.failures.join('; ')}</span>`],
    [
      'Followed by',
      audit.rolledBack ? html`<span class="failed">rolled back to #${rollbackTarget(audit).id}</span>` : 'the run goes on from it',
    ],
  ];
  return html`<article class="audit" id="audit-${index}">
    <p class="audit-claim ${audit.claim.shown}">${words.charAt(0).toUpperCase()}${words.slice(1)}</p>
    ${isBounded(claim.low, claim.high) && picture(claim, raw, decimals)}
    ${audit.text.trim() !== '' && html`<p class="muted">${audit.text}</p>`}
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </article>`;
}

function nameOf({ id, commit }: { readonly id: number; readonly commit: string }): Markup {
  return html`<a href="#e${id}">#${id}</a> <code>${shortCommit(commit)}</code>`;
}

/** The interval on a line that always shows where nothing gained is, with the raw figure to compare. */
function picture(claim: Interval, raw: number, decimals: number): Markup {
  const values = [0, claim.low, claim.high, claim.value, raw];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (value: number): string => `${Math.round(30 + (940 * (value - low)) / (high - low || 1)) / 10}%`;
  const label = `claim ${formatNumber(claim.value, decimals)} (${formatBounds(claim, decimals)}); raw ${formatNumber(raw, decimals)}`;
  return html`<svg class="whisker" width="100%" height="46" role="img" aria-label="${label}">
    <line class="none" x1="${at(0)}" x2="${at(0)}" y1="4" y2="30" />
    <line class="span" x1="${at(claim.low)}" x2="${at(claim.high)}" y1="16" y2="16" />
    <circle class="point" cx="${at(claim.value)}" cy="16" r="6" />
    <line class="raw" x1="${at(raw)}" x2="${at(raw)}" y1="8" y2="24" />
    <text class="tick" x="${at(0)}" y="43" text-anchor="middle">0</text>
    <text class="tick" x="${at(raw)}" y="43" text-anchor="${raw > (low + high) / 2 ? 'end' : 'start'}">
      raw ${formatNumber(raw, decimals)}
    </text>
  </svg>`;
}
