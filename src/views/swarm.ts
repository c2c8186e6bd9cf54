/** A swarm as text: what stands, and a line for each node. */
import type { NodeState } from '../swarm/model.ts';
import type { SwarmOverview } from '../swarm/overview.ts';
import { formatNumber, formatSigned, plural, shortCommit } from './format.ts';
import { painter } from './paint.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { TextOptions } from './types.ts';

const MOST_OWNER = 24;

export function renderSwarm(overview: SwarmOverview, label: string, { colour, width }: TextOptions = {}): string {
  const paint = painter(colour);
  const { nodes, incumbents, confirmations } = overview;
  const marks = nodes.flatMap(({ id, problems }) => problems.map(({ code, text }) => paint('yellow', `${id} ${code}: ${oneLine(text)}`)));
  const witnesses = confirmations.map(
    ({ of, by, supported, contradicted }) => `${by} measured ${of} again: ${supported} for it, ${contradicted} against`,
  );
  const sections = [
    [headOf(overview), ...incumbents.map((one) => incumbentText(one, label))],
    renderTable(nodes, COLUMNS, paint, width),
    witnesses,
    marks,
  ];
  return sections.flatMap((lines) => (lines.length > 0 ? [lines.join('\n')] : [])).join('\n\n');
}

function headOf({ run, nodes, owners, experiments, counts, claims, perHour, waiting }: SwarmOverview): string {
  const speed = perHour === null ? '' : `, ${formatNumber(perHour, 1)} an hour`;
  const late = waiting > 0 ? `; ${plural(waiting, 'entry')} wait for others` : '';
  const open = claims.claimed > 0 ? `, ${claims.claimed} open` : '';
  return `${run}: ${plural(nodes.length, 'node')} of ${plural(owners, 'owner')}, ${plural(experiments, 'experiment')}${speed}; ${counts.keep} kept, ${claims.confirmed} confirmed${open}${late}`;
}

function incumbentText({ origin, commit, hardware, effect, sd, changes }: SwarmOverview['incumbents'][number], label: string): string {
  const where = hardware === '' ? '' : ` on ${oneLine(hardware)}`;
  return `incumbent${where}: ${origin} (${shortCommit(commit)}), ${label} ${formatSigned(effect, 6)} ± ${formatNumber(sd, 6)} from ${plural(changes.length, 'confirmed change')}`;
}

const count = (header: string, of: (node: NodeState) => number, dropOrder?: number): Column<NodeState> => ({
  header,
  align: 'right',
  cell: (node) => String(of(node)),
  ...(dropOrder !== undefined && { dropOrder }),
});

const COLUMNS: readonly Column<NodeState>[] = [
  { header: 'node', cell: ({ id }) => id },
  { header: 'owner', cell: ({ owner, isListed }) => `${oneLine(owner).slice(0, MOST_OWNER)}${isListed ? '' : ' (guest)'}` },
  { header: 'hardware', cell: ({ hardware }) => hardware.map(oneLine).join(', ') || '–', dropOrder: 1 },
  count('experiments', ({ experiments }) => experiments),
  count('keeps', ({ keeps }) => keeps),
  count('confirmed', ({ confirmed }) => confirmed),
  count('missed', ({ missed }) => missed, 3),
  count('refuted', ({ refuted }) => refuted),
  { header: 'weight', align: 'right', cell: ({ weight }) => formatNumber(weight, 2) },
  { header: 'an hour', align: 'right', cell: ({ perHour }) => (perHour === null ? '–' : formatNumber(perHour, 1)), dropOrder: 2 },
];
