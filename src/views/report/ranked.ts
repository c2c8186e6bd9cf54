import { formatNumber, formatPercent, shortCommit } from '../format.ts';
import type { RankedKeep } from '../rank.ts';
import { html, type Markup } from './html.ts';

const UNFOLDED = 40;

/** The keeps by what each brought, the largest first, with a bar to compare them by eye. */
export function renderRanked(keeps: readonly RankedKeep[], label: string, decimals: number): Markup {
  if (keeps.length === 0)
    return html`<section id="ranked">
      <h2>What helped</h2>
      <p class="muted">Nothing has been kept besides the baseline.</p>
    </section>`;
  const largest = keeps[0]?.gain ?? 0;
  const smaller = keeps.slice(UNFOLDED);
  return html`<section id="ranked">
    <h2>What helped</h2>
    <p class="muted">Each kept change by what it brought over the incumbent of its time.</p>
    ${table(keeps.slice(0, UNFOLDED), largest, label, decimals)}
    ${
      smaller.length > 0 &&
      html`<details class="plain">
        <summary>${smaller.length} smaller gains</summary>
        ${table(smaller, largest, label, decimals)}
      </details>`
    }
  </section>`;
}

function table(keeps: readonly RankedKeep[], largest: number, label: string, decimals: number): Markup {
  const percent = (fraction: number | null): string => (fraction === null ? '–' : formatPercent(fraction));
  const share = (keep: RankedKeep): number => Math.min(100, Math.max(1, Math.round((100 * keep.gain) / (largest || 1))));
  return html`<table class="ranked">
    <thead>
      <tr>
        <th class="n">rank</th>
        <th>change</th>
        <th class="n gain">gain</th>
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
            <td class="change"><a href="#e${keep.row.id}">${keep.row.title}</a> <span class="muted">#${keep.row.id}</span></td>
            <td class="n gain">
              <b>${percent(keep.fraction)}</b> <span class="muted">${formatNumber(keep.gain, decimals)}</span>
              <svg class="bar" width="100%" height="4" aria-hidden="true">
                <rect class="keep-fill" width="${share(keep)}%" height="4" rx="2" />
              </svg>
            </td>
            <td class="n wide">${keep.row.score === null ? '–' : formatNumber(keep.row.score, decimals)}</td>
            <td class="n wide">${percent(keep.cumulative)}</td>
            <td class="wide"><code>${shortCommit(keep.row.candidate)}</code></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
