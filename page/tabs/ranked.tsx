import type { PageHead, Ranked, RankedItem } from '../../src/page/model.ts';
import { formatNumber, formatPercent } from '../../src/views/format.ts';
import { formatProbability } from '../../src/views/estimate.ts';
import { StandingBadge } from '../parts/badge.tsx';
import { ExperimentLink } from '../parts/experiment-link.tsx';
import { gainText } from '../parts/format.ts';

interface Props {
  readonly ranked: Ranked;
  readonly head: PageHead;
}

/** The keeps by what each brought, the largest first, with a bar to compare them by eye. */
export function RankedTab({ ranked, head }: Props) {
  const { keeps } = ranked;
  const raw = keeps.filter(({ low }) => low === null).length;
  const percent = (fraction: number | null): string => (fraction === null ? '–' : formatPercent(fraction));
  if (keeps.length === 0) {
    const none = ranked.rolledBack.length === 0 ? 'Nothing has been kept besides the baseline.' : 'Nothing that was kept still stands.';
    return (
      <p class="soft">
        {none} <Undone ids={ranked.rolledBack} />
      </p>
    );
  }
  return (
    <>
      <p class="soft">
        {raw === keeps.length
          ? 'Each kept change by what it brought over the incumbent of its time.'
          : 'Each kept change by its estimated gain over the incumbent of its time: shrunken towards none, with its 95% interval.'}
        {raw > 0 && raw < keeps.length && ' Changes marked “raw” have no estimate and stand at what they scored.'}{' '}
        <Undone ids={ranked.rolledBack} />
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="what helped">
        <table class="ranked">
          <thead>
            <tr>
              <th class="n">rank</th>
              <th>change</th>
              <th class="n">gain</th>
              <th class="wide">
                <span class="unseen">bar</span>
              </th>
              <th class="n wide">P(gain)</th>
              <th class="n wide">{head.objective.label}</th>
              <th class="n wide">total</th>
            </tr>
          </thead>
          <tbody>
            {keeps.map((keep) => (
              <tr key={keep.row.id}>
                <td class="n">{keep.rank}</td>
                <td>
                  <ExperimentLink id={keep.row.id}>{keep.row.title}</ExperimentLink> <span class="soft">#{keep.row.id}</span>{' '}
                  <StandingBadge standing={keep.row.standing} />
                </td>
                <td class="n gain">
                  <b>{percent(keep.fraction)}</b> <span class="soft">{gainText(keep.worth, keep.low, keep.high, head.digits)}</span>
                </td>
                <td class="wide">
                  <Bar keep={keep} keeps={keeps} />
                </td>
                <td class="n wide">{formatProbability(keep.row.pGain)}</td>
                <td class="n wide">{keep.row.score === undefined ? '–' : formatNumber(keep.row.score, head.decimals)}</td>
                <td class="n wide">{percent(keep.cumulative)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Undone({ ids }: { readonly ids: readonly number[] }) {
  if (ids.length === 0) return null;
  return (
    <>
      Rolled back by an audit and not ranked:{' '}
      {ids.map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <ExperimentLink id={id}>#{id}</ExperimentLink>
        </span>
      ))}
      .
    </>
  );
}

/** As long as the gain, with its interval as a thin line where there is one. */
function Bar({ keep: { worth, low, high }, keeps }: { readonly keep: RankedItem; readonly keeps: readonly RankedItem[] }) {
  const largest = keeps.reduce((most, keep) => Math.max(most, keep.high ?? keep.worth), 0);
  const share = (value: number): number => Math.min(100, Math.max(0, Math.round((100 * value) / (largest || 1))));
  return (
    <svg class="bar-picture" width="100" height="10" viewBox="0 0 100 10" aria-hidden="true">
      <rect width={Math.max(1, share(worth))} height="5" rx="2" />
      {low !== null && high !== null && <line x1={share(low)} x2={share(high)} y1="8" y2="8" />}
    </svg>
  );
}
