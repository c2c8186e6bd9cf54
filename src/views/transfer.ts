/** Whether a run's gain is there under other conditions, as a table. */
import type { TransferFinding, TransferRecord } from '../ledger/analysis-records.ts';
import { painter } from './paint.ts';
import { renderTable, type Column } from './table.ts';
import type { TextOptions } from './types.ts';

const SHOWN: Record<TransferFinding['shown'], string> = {
  gain: 'the gain is there',
  loss: 'it is a loss',
  none: 'not shown',
  failed: 'failed',
};

const short = (value: number) => `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`;

const COLUMNS: readonly Column<TransferFinding>[] = [
  { header: 'condition', cell: ({ name }) => name, flexible: true },
  { header: 'gain', align: 'right', cell: ({ change }) => (change === null ? '–' : short(change.value)) },
  { header: '95 %', cell: ({ change }) => (change === null ? '–' : `${short(change.low)} to ${short(change.high)}`) },
  { header: '', cell: ({ shown }) => SHOWN[shown] },
];

export function renderTransfer({ conditions, final, anchor, text }: TransferRecord, { colour, width }: TextOptions = {}): string {
  const failures = conditions.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure.code}: ${failure.text}`] : []));
  return [
    `#${final.id} against #${anchor.id}; a positive number is a gain`,
    ...renderTable(conditions, COLUMNS, painter(colour), width),
    ...failures,
    text,
  ].join('\n');
}
