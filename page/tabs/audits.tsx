import type { PageAudit, PageHead } from '../../src/page/model.ts';
import { formatBounds } from '../../src/views/estimate.ts';
import { formatNumber } from '../../src/views/format.ts';
import { Facts } from '../parts/facts.tsx';
import { localTime } from '../parts/format.ts';

interface Props {
  readonly audits: readonly PageAudit[];
  readonly head: PageHead;
}

/** The claim measured again: fresh trials of the incumbent and of what it started from, with seeds the run had not used. */
export function AuditsTab({ audits, head }: Props) {
  if (audits.length === 0) return <p class="soft">Nothing was audited yet: all gains are those of the run’s own scores.</p>;
  return (
    <>
      <p class="soft">
        The gain measured again: fresh trials of the incumbent and of what it started from, with seeds the run had not used.
      </p>
      {audits.toReversed().map((audit) => (
        <article class="audit" key={audit.at}>
          <h3 class={audit.isBad ? 'bad' : audit.shown === 'gain' ? 'good' : ''}>
            {audit.text.charAt(0).toUpperCase()}
            {audit.text.slice(1)}
          </h3>
          <Whisker audit={audit} decimals={head.decimals} />
          <Facts facts={[['at', localTime(audit.at)], ...audit.facts]} />
        </article>
      ))}
    </>
  );
}

/** The interval on a line that always shows where nothing gained is, with the raw figure to compare. */
function Whisker({ audit: { claim, raw }, decimals }: { readonly audit: PageAudit; readonly decimals: number }) {
  if (claim === null) return null;
  const values = [0, claim.low, claim.high, claim.value, raw];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (value: number): number => 20 + (460 * (value - low)) / (high - low || 1);
  return (
    <svg
      class="whisker"
      viewBox="0 0 500 44"
      width="100%"
      role="img"
      aria-label={`gain ${formatNumber(claim.value, decimals)} (${formatBounds(claim, decimals)}); by the raw scores ${formatNumber(raw, decimals)}`}
    >
      <line class="none" x1={at(0)} x2={at(0)} y1="2" y2="28" />
      <line class="span" x1={at(claim.low)} x2={at(claim.high)} y1="15" y2="15" />
      <circle class="point" cx={at(claim.value)} cy="15" r="5" />
      <line class="raw" x1={at(raw)} x2={at(raw)} y1="7" y2="23" />
      <text x={at(0)} y="42" text-anchor="middle">
        0
      </text>
      <text x={at(raw)} y="42" text-anchor={raw > (low + high) / 2 ? 'end' : 'start'}>
        raw {formatNumber(raw, decimals)}
      </text>
    </svg>
  );
}
