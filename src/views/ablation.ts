/** What each kept change contributes, as a table. */
import type { AblationRecord } from '../ledger/analysis-records.ts';
import { painter } from './paint.ts';
import { renderTable, type Column } from './table.ts';
import type { Effect, Interval } from '../model/ablation.ts';
import type { TextOptions } from './types.ts';

const short = (value: number) => `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`;
const range = ({ low, high }: Interval) => `${short(low)} to ${short(high)}`;

const COLUMNS: readonly Column<Effect>[] = [
  { header: '#', align: 'right', cell: ({ id }) => String(id) },
  { header: 'role', cell: ({ role }) => role },
  { header: 'worth', align: 'right', cell: ({ value }) => short(value) },
  { header: '95 %', cell: range },
  { header: 'how', cell: ({ how }) => how },
  { header: 'title', cell: ({ title }) => title, flexible: true },
];

export function renderAblation({ effects, lean, text, trials }: AblationRecord, { colour, width }: TextOptions = {}): string {
  const lines = renderTable(effects, COLUMNS, painter(colour), width);
  return [...lines, '', `${text}; ${trials.length} trials`, lean && leanText(lean)].filter((line) => line !== null).join('\n');
}

/** Changes that contribute nothing one by one may contribute together, so the branch is measured as a whole. */
function leanText({ branch, dropped, change }: NonNullable<AblationRecord['lean']>): string {
  const without = dropped.map((id) => `#${id}`).join(', ');
  const finding =
    change.high < 0
      ? 'worse than the final commit: together they do contribute'
      : change.low > 0
        ? 'better than the final commit'
        : 'no difference shown';
  return `${branch}: without ${without}: ${finding} (${short(change.value)}, 95 % ${range(change)})`;
}
