import { withoutFormula } from './formula.ts';
import { oneLine } from './text.ts';
import type { Row } from './types.ts';

/** The table other tools read: `commit <metric> memory_gb status description`, a header and one line an experiment; a control has a status of its own, so that nobody counts it as an attempt. */
export function renderLogTsv(rows: readonly Row[], label: string): string {
  const header = ['commit', withoutFormula(oneLine(label)), 'memory_gb', 'status', 'description'];
  return [header, ...rows.map(cells)].map((line) => `${line.join('\t')}\n`).join('');
}

function cells(row: Row): string[] {
  const memory = row.metrics['peak_memory_mb'] ?? row.metrics['peak_vram_mb'] ?? 0;
  return [
    row.candidate?.slice(0, 7) ?? '-',
    score(row),
    (memory / 1024).toFixed(1),
    row.kind === 'control' ? 'control' : row.verdict,
    withoutFormula(oneLine(row.title)),
  ];
}

/** Six decimals; a crash is 0 by the format's custom, and any other missing score stays empty rather than become a number. */
function score(row: Row): string {
  if (row.verdict === 'crash') return '0.000000';
  if (row.score === null) return '';
  const fixed = row.score.toFixed(6);
  return row.score !== 0 && Number(fixed) === 0 ? String(row.score) : fixed;
}
