import { memo } from '../parts/memo.ts';
import type { PageHead, PageRow } from '../../src/page/model.ts';
import { better } from '../../src/experiment.ts';
import { formatSeconds } from '../../src/views/format.ts';
import { StandingBadge, VerdictBadge } from '../parts/badge.tsx';
import { delta, score } from '../parts/format.ts';

interface Props {
  readonly row: PageRow;
  readonly index: number;
  readonly head: PageHead;
  readonly isOpen: boolean;
  readonly onOpen: (id: number) => void;
}

export const ListRow = memo(
  ({ row, index, head, isOpen, onOpen }: Props) => {
    const isBetter = row.delta !== undefined && better(row.delta, 0, head.objective.direction);
    return (
      <div role="row" class={`row ${isOpen ? 'open' : ''}`} aria-rowindex={index + 2} aria-selected={isOpen} onClick={() => onOpen(row.id)}>
        <span role="gridcell" class="cell id">
          #{row.id}
        </span>
        <span role="gridcell" class="cell verdict">
          <VerdictBadge row={row} />
        </span>
        <span role="gridcell" class="cell title" title={row.title}>
          {row.title} <StandingBadge standing={row.standing} />
        </span>
        <span role="gridcell" class="cell score">
          {score(row.score, head.decimals)}
        </span>
        <span role="gridcell" class={`cell delta ${isBetter ? 'better' : ''}`}>
          {delta(row.delta, head.decimals)}
        </span>
        <span role="gridcell" class="cell agent">
          {row.agent}
        </span>
        <span role="gridcell" class="cell seconds">
          {formatSeconds(row.seconds)}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.index === after.index &&
    before.isOpen === after.isOpen &&
    before.head.decimals === after.head.decimals,
);
