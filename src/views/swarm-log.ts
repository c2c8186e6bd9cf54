/** The experiments of all nodes as text. */
import type { ObjectiveView } from './log.ts';
import type { SwarmRow } from '../swarm/overview.ts';
import { decimalsFor, formatNumber, formatSigned, wordFor } from './format.ts';
import { deltaMark, painter, VERDICT_STYLE } from './paint.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { TextOptions } from './types.ts';

const MOST_OWNER = 24;

/** Every experiment on one line, in the order that all nodes agree on. */
export function renderSwarmLog(rows: readonly SwarmRow[], objective: ObjectiveView, { colour, width }: TextOptions = {}): string {
  if (rows.length === 0) return 'No experiments yet.\n';
  const paint = painter(colour);
  const label = oneLine(objective.label);
  const legend = [
    `▲ better  ▼ worse than what its node had then; ${label}: ${wordFor(objective.direction)}`,
    'claim: what others have found who measured a keep again',
  ];
  return [...renderTable(rows, columnsOf(rows, objective), paint, width), '', ...legend.map((line) => paint('dim', line)), ''].join('\n');
}

function columnsOf(rows: readonly SwarmRow[], { label, direction }: ObjectiveView): Column<SwarmRow>[] {
  const decimals = decimalsFor(rows);
  return [
    { header: 'experiment', cell: ({ origin }) => origin },
    { header: 'owner', dropOrder: 3, cell: ({ owner }) => oneLine(owner).slice(0, MOST_OWNER) },
    { header: 'hardware', dropOrder: 2, cell: ({ hardware }) => oneLine(hardware) || '–' },
    { header: 'verdict', cell: ({ verdict }) => verdict, style: ({ verdict }) => VERDICT_STYLE[verdict] },
    { header: oneLine(label), align: 'right', cell: ({ score }) => (score === null ? '–' : formatNumber(score, decimals)) },
    {
      header: 'delta  ',
      align: 'right',
      dropOrder: 4,
      cell: ({ delta }) => (delta === null ? '–  ' : `${formatSigned(delta, decimals)} ${deltaMark(delta, direction)}`),
      style: ({ delta }) => (deltaMark(delta, direction) === '▲' ? 'green' : undefined),
    },
    { header: 'title', flexible: true, cell: ({ of, title }) => `${of === undefined ? '' : `of ${of}: `}${oneLine(title)}` },
    { header: 'claim', cell: (row) => claimText(row) ?? '', style: ({ claim }) => (claim === 'refuted' ? 'red' : undefined) },
    { header: 'reason', dropOrder: 1, cell: ({ code }) => oneLine(code), style: () => 'dim' },
  ];
}

/** `confirmed by b2#4, c3#9`; null for what claims nothing. */
export function claimText({ claim, by = [] }: Pick<SwarmRow, 'claim' | 'by'>): string | null {
  if (claim === undefined) return null;
  const [supporting, against] = [true, false].map((wanted) => by.filter(({ supports }) => supports === wanted).map(({ origin }) => origin));
  const word = claim === 'claimed' ? 'open' : claim;
  const found = [
    ...(supporting?.length ? [`for it ${supporting.join(', ')}`] : []),
    ...(against?.length ? [`against it ${against.join(', ')}`] : []),
  ];
  return found.length === 0 ? word : `${word}: ${found.join('; ')}`;
}
