import type { PageRow } from '../../src/page/model.ts';
import type { Standing } from '../../src/ledger/reviews.ts';
import { kindOf } from '../data/list-view.ts';

const VERDICTS = {
  keep: ['●', 'keep'],
  discard: ['○', 'discard'],
  crash: ['✕', 'crash'],
  review: ['◆', 'parked'],
  control: ['·', 'control'],
  undone: ['↩', 'rolled back'],
} as const;
const STANDINGS = { waiting: '◆', asked: '?', approved: '✓', rejected: '✗' } as const satisfies Record<Standing, string>;

/** A shape and a word, so that colour is never the only sign. */
export function VerdictBadge({ row }: { readonly row: Pick<PageRow, 'kind' | 'undone' | 'verdict' | 'drift'> }) {
  const kind = kindOf(row);
  const [shape, word] = VERDICTS[kind];
  return (
    <span class={`badge ${kind}`}>
      <i aria-hidden="true">{shape}</i> {row.drift ? 'drift' : row.kind === 'baseline' ? 'baseline' : word}
    </span>
  );
}

export function StandingBadge({ standing }: { readonly standing: Standing | undefined }) {
  if (standing === undefined) return null;
  return (
    <span class={`standing ${standing}`}>
      <i aria-hidden="true">{STANDINGS[standing]}</i> {standing}
    </span>
  );
}
