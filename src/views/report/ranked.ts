import type { Reviews } from '../../ledger/reviews.ts';
import { formatInterval, formatProbability, isBounded } from '../estimate.ts';
import { formatNumber, formatPercent, shortCommit } from '../format.ts';
import type { RankedKeep } from '../rank.ts';
import { standingIn } from '../reviews.ts';
import { standingBadge } from './reviews.ts';
import { html, type Content, type Markup } from './html.ts';

const UNFOLDED = 40;

/** The keeps by what each brought, the largest first, with a bar to compare them by eye. */
export interface RankedInput {
  readonly keeps: readonly RankedKeep[];
  /** Keeps that audits took back. */
  readonly rolledBack: readonly number[];
  readonly label: string;
  readonly decimals: number;
  /** Of estimates, whose intervals may be finer than the scores. */
  readonly digits: number;
  readonly reviews: Reviews;
}

export function renderRanked(input: RankedInput): Markup {
  const { keeps } = input;
  const smaller = keeps.slice(UNFOLDED);
  if (keeps.length === 0)
    return html`<section id="ranked">
      <h2>What helped</h2>
      <p class="muted">
        ${input.rolledBack.length === 0 ? 'Nothing has been kept besides the baseline.' : 'Nothing that was kept still stands.'}
        ${undoneNote(input)}
      </p>
    </section>`;
  return html`<section id="ranked">
    <h2>What helped</h2>
    <p class="muted">${basis(keeps)} ${undoneNote(input)}</p>
    ${table(keeps.slice(0, UNFOLDED), input)}
    ${
      smaller.length > 0 &&
      html`<details class="plain">
        <summary>${smaller.length} smaller gains</summary>
        ${table(smaller, input)}
      </details>`
    }
  </section>`;
}

function basis(keeps: readonly RankedKeep[]): string {
  const raw = keeps.filter((keep) => keep.estimated === null).length;
  if (raw === keeps.length) return 'Each kept change by what it brought over the incumbent of its time.';
  const rest = raw === 0 ? '' : ' Changes marked “raw” have no estimate and stand at what they scored.';
  return `Each kept change by its estimated gain over the incumbent of its time: shrunken towards none, with its 95% interval.${rest}`;
}

function undoneNote({ rolledBack }: RankedInput): Content {
  if (rolledBack.length === 0) return null;
  return html`Rolled back by an audit and not ranked: ${rolledBack.map((id, at) => html`${at > 0 && ', '}<a href="#e${id}">#${id}</a>`)}.`;
}

function table(keeps: readonly RankedKeep[], input: RankedInput): Markup {
  const { label, decimals } = input;
  const percent = (fraction: number | null): string => (fraction === null ? '–' : formatPercent(fraction));
  const isEstimated = input.keeps.some((keep) => keep.estimated !== null);
  return html`<table class="ranked">
    <thead>
      <tr>
        <th class="n">rank</th>
        <th>change</th>
        <th class="n gain">gain</th>
        ${
          isEstimated &&
          html`<th class="n wide">raw gain</th>
            <th class="n wide">P(gain)</th>
            <th class="n wide">n</th>`
        }
        <th class="n wide">${label}</th>
        <th class="n wide">total</th>
        <th class="wide">commit</th>
      </tr>
    </thead>
    <tbody>
      ${keeps.map(
        (keep) =>
          html`<tr>
            <td class="n rank">${keep.rank}</td>
            <td class="change">
              <a href="#e${keep.row.id}">${keep.row.title}</a>
              <span class="muted">#${keep.row.id}</span> ${standingBadge(standingIn(input.reviews, keep.row))}
              ${isEstimated && html`<span class="muted narrow">P(gain) ${formatProbability(keep.row.estimate?.pGain)}, n ${keep.row.n ?? '–'}</span>`}
            </td>
            <td class="n gain">
              <b>${percent(keep.fraction)}</b> <span class="muted">${amount(keep, input, isEstimated)}</span> ${bar(keep, input)}
            </td>
            ${
              isEstimated &&
              html`<td class="n wide">${formatNumber(keep.gain, decimals)}</td>
                <td class="n wide">${formatProbability(keep.row.estimate?.pGain)}</td>
                <td class="n wide">${keep.row.n ?? '–'}</td>`
            }
            <td class="n wide">${keep.row.score === null ? '–' : formatNumber(keep.row.score, decimals)}</td>
            <td class="n wide">${percent(keep.cumulative)}</td>
            <td class="wide"><code>${shortCommit(keep.row.candidate)}</code></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function amount({ worth, estimated }: RankedKeep, { decimals, digits }: RankedInput, isEstimated: boolean): string {
  if (estimated !== null) return formatInterval(estimated, digits);
  return `${formatNumber(worth, decimals)}${isEstimated ? ' raw' : ''}`;
}

/** As long as the gain, with its interval as a thin line where there is one. */
function bar({ worth, estimated }: RankedKeep, { keeps }: RankedInput): Markup {
  const largest = Math.max(
    ...keeps.map((keep) => (keep.estimated && Number.isFinite(keep.estimated.high) ? keep.estimated.high : keep.worth)),
    0,
  );
  const share = (value: number): number => Math.min(100, Math.max(0, Math.round((100 * value) / (largest || 1))));
  const line = estimated && isBounded(estimated.low, estimated.high) ? estimated : null;
  return html`<svg class="bar" width="100%" height="${line ? 7 : 4}" aria-hidden="true">
    <rect class="keep-fill" width="${Math.max(1, share(worth))}%" height="4" rx="2" />
    ${line && html`<line class="interval" x1="${share(line.low)}%" x2="${share(line.high)}%" y1="6" y2="6" />`}
  </svg>`;
}
