import { readFile, writeFile } from 'node:fs/promises';
import { gain, type RunEnd, type RunView, type Summary } from '../../../src/plugin.ts';
import { plain } from '../_delivery/facts.ts';
import { figure } from './annotations.ts';

/** GitHub takes 1 MiB from a step; a page that people read is much shorter. */
const ROWS = 25;

/** Puts the run's section into the summary of the step, in place of the one that is there. */
export async function writeSummary(file: string, run: RunView, end: RunEnd | null): Promise<void> {
  const [open, close] = [`<!-- autoresearch ${run.name} -->`, `<!-- /autoresearch ${run.name} -->`];
  const before = await readFile(file, 'utf8').catch(() => '');
  const section = `${open}\n${summaryOf(run, end)}\n${close}\n`;
  const from = before.indexOf(open);
  const to = before.indexOf(close);
  const isThere = from >= 0 && to > from;
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const after = isThere ? `${before.slice(0, from)}${section}${before.slice(to + close.length + 1)}` : `${before}${gap}${section}`;
  await writeFile(file, after);
}

export function summaryOf(run: RunView, end: RunEnd | null): string {
  const { counts, baseline, incumbent, objective, history, audits } = run;
  const from = baseline?.score?.value;
  const to = incumbent?.score?.value;
  const shown = best(history);
  return [
    `### autoresearch: ${plain(run.name)}`,
    from === undefined || to === undefined
      ? 'Nothing is measured yet.'
      : `**${plain(objective.label)}** ${figure(from)} → ${figure(to)}, ${figure(gain(to, from, objective.direction))} better by the run's own scores.`,
    ...audits.slice(-1).map((audit) => `Audit of #${audit.final.id}: ${plain(audit.text)}`),
    `${counts.keep} kept, ${counts.discard} discarded, ${counts.crash} crashed, ${counts.review} to decide.${end === null ? '' : ` It ${end.outcome === 'failed' ? 'failed' : `was ${end.outcome}`}: ${plain(end.reason.text)}`}`,
    ...(shown.length === 0 ? [] : [table(shown)]),
  ].join('\n\n');
}

/** Those that a person looks at: what waits for a decision, then what was kept, the last ones first. */
function best(history: readonly Summary[]): Summary[] {
  const of = (verdict: Summary['verdict']) =>
    history.filter((summary) => summary.verdict === verdict && summary.kind !== 'control').toReversed();
  return [...of('review'), ...of('keep')].slice(0, ROWS);
}

function table(rows: readonly Summary[]): string {
  const lines = rows.map(
    ({ id, verdict, title, score, delta, reason }) =>
      `| #${id} | ${verdict} | ${score === null ? '' : figure(score)} | ${delta === null ? '' : figure(delta)} | ${plain(title)} | ${plain(reason.text)} |`,
  );
  return ['| | verdict | score | change | what | why |', '|---|---|---|---|---|---|', ...lines].join('\n');
}
