/** Reviews: what waits, what was decided by whom, and what was promoted. */
import type { PromotionRecord, ReviewRecord } from '../../ledger/review-records.ts';
import type { Standing } from '../../ledger/reviews.ts';
import type { Reviewable } from '../../review/queue.ts';
import { formatInterval, formatProbability } from '../estimate.ts';
import { formatNumber, formatTime, shortCommit } from '../format.ts';
import { html, type Content, type Markup } from './html.ts';

const SHAPES = { waiting: '◆', asked: '?', approved: '✓', rejected: '✗' } as const satisfies Record<Standing, string>;

/** A shape and a word, so that colour is never the only sign. */
export function standingBadge(standing: Standing | null): Content {
  return standing !== null && html`<span class="standing ${standing}"><i aria-hidden="true">${SHAPES[standing]}</i> ${standing}</span>`;
}

export interface ReviewsInput {
  readonly items: readonly Reviewable[];
  readonly promotions: readonly PromotionRecord[];
  readonly run: string;
  readonly decimals: number;
  readonly digits: number;
}

interface RowInput extends Pick<ReviewsInput, 'decimals' | 'digits'> {
  readonly isEstimated: boolean;
}

/** Every change that is parked or decided on; keeps that nobody has looked at are among the ranked ones. */
export function renderReviews({ items, promotions, ...rest }: ReviewsInput): Content {
  const shown = items.filter(({ isParked, reviews }) => isParked || reviews.length > 0);
  if (shown.length === 0 && promotions.length === 0) return null;
  const input = { ...rest, isEstimated: shown.some(({ estimated }) => estimated !== null) };
  const isOpen = shown.some(({ standing }) => standing === 'waiting' || standing === 'asked');
  return html`<section id="reviews">
    <h2>Reviews</h2>
    <p class="muted">
      What humans decide: parked changes passed every other gate, and the run went on without them.
      ${isOpen && html`To decide: <code>autoresearch review ${input.run}</code>`}
    </p>
    ${
      shown.length > 0 &&
      html`<table class="reviews">
        <thead>
          <tr>
            <th>review</th>
            <th>change</th>
            <th class="n">gain</th>
            ${input.isEstimated && html`<th class="n wide">P(gain)</th>`}
            <th class="wide">by and note</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((item) => row(item, input))}
        </tbody>
      </table>`
    }
    ${promotions.length > 0 && promotionsList(promotions)}
  </section>`;
}

function row({ row: { id, title, estimate }, ...item }: Reviewable, { decimals, digits, isEstimated }: RowInput): Markup {
  const { estimated, worth, reviews, isParked } = item;
  const gain = estimated ? formatInterval(estimated, digits) : worth === null ? '–' : `${formatNumber(worth, decimals)} raw`;
  return html`<tr>
    <td>${standingBadge(item.standing)}</td>
    <td class="change">
      <a href="#e${id}">${title}</a> <span class="muted">#${id}${isParked ? ', parked' : ''}</span>
      ${reviews.length > 0 && html`<span class="muted narrow">${reviewsText(reviews)}</span>`}
    </td>
    <td class="n">${gain}</td>
    ${isEstimated && html`<td class="n wide">${formatProbability(estimate?.pGain)}</td>`}
    <td class="wide">${reviewsText(reviews)}</td>
  </tr>`;
}

function reviewsText(reviews: readonly ReviewRecord[]): Content {
  const last = reviews.at(-1);
  if (last === undefined) return '–';
  return html`${last.by.name}, ${formatTime(last.at)}${last.note === '' ? '' : `: ${last.note}`}`;
}

function promotionsList(promotions: readonly PromotionRecord[]): Markup {
  return html`<h4>Promoted</h4>
    <ul>
      ${promotions.map(
        ({ branch, changes, commit, onto, at, by, audit, leftOut }) =>
          html`<li>
            <code>${branch}</code> at <code>${shortCommit(commit)}</code>:
            ${changes.map(({ experiment }, index) => html`${index > 0 && ', '}<a href="#e${experiment}">#${experiment}</a>`)} on
            <code>${shortCommit(onto)}</code>, by ${by.name}, ${formatTime(at)}; ${audit?.text ?? 'not audited'}
            ${leftOut.length > 0 && html`<br /><span class="muted">left out: ${leftOut.map(({ text }) => text).join('; ')}</span>`}
          </li>`,
      )}
    </ul>`;
}

/** All decisions on one experiment, oldest first. */
export function renderDecisions(reviews: readonly ReviewRecord[]): Content {
  if (reviews.length === 0) return null;
  return html`<h4>Reviews</h4>
    <ul class="decisions">
      ${reviews.map(
        ({ decision, by, at, note }) =>
          html`<li>
            ${standingBadge(decision === 'approve' ? 'approved' : decision === 'reject' ? 'rejected' : 'asked')} by
            ${by.name}${by.email !== null && html` <span class="muted">${by.email}</span>`},
            ${formatTime(at)}${note !== '' && html`: ${note}`}
          </li>`,
      )}
    </ul>`;
}
