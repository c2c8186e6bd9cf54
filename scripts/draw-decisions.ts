/**
 * Draws the pictures of docs/decisions.md from the benchmark's own figures.
 * Usage: node bench/decisions.ts --json > figures.json; node scripts/draw-decisions.ts figures.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Cell {
  readonly gain: { readonly mean: number; readonly error: number };
  readonly bias: { readonly mean: number };
  readonly idleShare: number | null;
  readonly keeps: number;
}
interface Figures {
  readonly worlds: readonly { readonly name: string; readonly rows: readonly { readonly policy: string; readonly cell: Cell }[] }[];
}

const figures = JSON.parse(readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8')) as Figures;
const out = join(import.meta.dirname, '..', 'docs', 'images');
const WIDTH = 720;
const ROW = 26;
const LABEL = 250;

const SHOWN = [
  'naive greedy',
  'min-delta 1 sigma',
  'shrink 0.6',
  'confirm 1',
  'sprt',
  'posterior progress',
  'posterior balanced',
  'posterior strict',
  'naive greedy + stop + audit',
  'shrink 0.6 + stop + audit',
  'posterior progress + stop + audit',
  'posterior balanced + stop + audit',
];

function cellOf(world: string, policy: string): Cell {
  const cell = figures.worlds.find(({ name }) => name === world)?.rows.find((row) => row.policy === policy)?.cell;
  if (cell === undefined) throw new Error(`the figures have no ${policy} in the world ${world}`);
  return cell;
}

/** Horizontal bars from zero, one for each policy; readable on light and dark pages. */
function bars(title: string, unit: string, value: (cell: Cell) => number, world = 'real', limit?: number): string {
  const rows = SHOWN.map((policy) => ({ policy, amount: value(cellOf(world, policy)) }));
  const high = Math.max(limit ?? 0, ...rows.map(({ amount }) => amount));
  const low = Math.min(0, ...rows.map(({ amount }) => amount));
  const scale = (WIDTH - LABEL - 90) / (high - low);
  const x = (amount: number) => LABEL + (amount - low) * scale;
  const height = 40 + rows.length * ROW + 10;
  const lines = rows.map(({ policy, amount }, index) => {
    const y = 40 + index * ROW;
    const colour = policy.startsWith('posterior') ? '#0f8a5f' : '#8a8f98';
    const from = Math.min(x(0), x(amount));
    return `<text x="${LABEL - 10}" y="${y + 15}" text-anchor="end">${policy}</text><rect x="${from.toFixed(1)}" y="${y + 3}" width="${Math.max(1, Math.abs(x(amount) - x(0))).toFixed(1)}" height="${ROW - 9}" rx="2" fill="${colour}"/><text x="${(Math.max(x(amount), x(0)) + 6).toFixed(1)}" y="${y + 15}" class="n">${amount.toFixed(2)}</text>`;
  });
  const mark =
    limit === undefined
      ? ''
      : `<line x1="${x(limit)}" x2="${x(limit)}" y1="34" y2="${height - 8}" stroke="#c2410c" stroke-dasharray="3 3"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
<style>text { font: 13px system-ui, sans-serif; fill: #24292f } .t { font-weight: 600; font-size: 14px } .n { font-variant-numeric: tabular-nums } rect.page { fill: #ffffff }</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>
<text x="12" y="24" class="t">${title}</text><text x="${WIDTH - 12}" y="24" text-anchor="end">${unit}</text>
<line x1="${x(0)}" x2="${x(0)}" y1="36" y2="${height - 8}" stroke="#d0d7de"/>
${mark}
${lines.join('\n')}
</svg>
`;
}

writeFileSync(
  join(out, 'decisions-gain.svg'),
  bars('True gain of a night', '1/1000 bits per byte, more is better', ({ gain }) => 1000 * gain.mean),
);
writeFileSync(
  join(out, 'decisions-claim.svg'),
  bars('Claimed gain minus true gain', 'in sigma, 0 is honest', ({ bias }) => bias.mean),
);
writeFileSync(
  join(out, 'decisions-null.svg'),
  bars('Keeps of 100 trials when no idea has any effect', 'less is better', ({ keeps }) => keeps, 'null'),
);
