/** The last words of a run: why it ended, what came of it, and what to type next. */
import { styleText } from 'node:util';
import { gain, type Audit, type RunEnd, type RunView } from '../../../src/plugin.ts';
import { claimText, gained, isUndone, standingAudit } from './claims.ts';
import { cut, number, oneLine, percent, span } from './format.ts';

const TOP = 5;
const OUTCOMES = { stopped: ['finished', 'green'], interrupted: ['interrupted', 'yellow'], failed: ['failed', 'red'] } as const;

export function ending(run: RunView, end: RunEnd, decimals: number, columns: number): string {
  const [word, style] = OUTCOMES[end.outcome];
  const title = `${styleText('bold', run.name)} ${styleText(style, word)}: ${oneLine(end.reason.text)} ${styleText('dim', `(${end.reason.code})`)}`;
  const blocks = [[title], totals(run, decimals), topKeeps(run, decimals, columns), nextCommands(run, end)];
  return `\n${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function totals(run: RunView, decimals: number): string[] {
  const { counts, baseline, incumbent, objective } = run;
  const from = baseline?.score?.value;
  const to = incumbent?.score?.value;
  if (from === undefined || to === undefined) return [];
  const { value: won, hasDrifted } = gained(run) ?? { value: 0, hasDrifted: false };
  const moved =
    won === 0
      ? `${number(from, decimals)}  no gain over the baseline`
      : `${number(from, decimals)} → ${styleText('bold', number(to, decimals))}`;
  const better = won > 0 && from !== 0 ? styleText('green', `  ${percent(won / Math.abs(from))} better`) : '';
  const drift = hasDrifted ? styleText('dim', '  added up keep by keep: the machine or the data drifted') : '';
  const audit = standingAudit(run);
  const claim =
    audit === undefined
      ? []
      : [`  ${styleText(audit.claim.shown === 'gain' ? 'green' : 'yellow', claimText(audit, run, decimals))}${later(audit, run)}`];
  const undone = run.history.filter((row) => row.verdict === 'keep' && isUndone(row.id, run.audits)).length;
  const numbers = [
    `${counts.keep} kept${undone > 0 ? ` (${undone} rolled back)` : ''}`,
    `${counts.discard} discarded`,
    `${counts.crash} crashed`,
    ...(counts.review > 0 ? [`${counts.review} for review`] : []),
  ];
  const used = [span(run.seconds), ...(run.usd > 0 ? [`$${run.usd.toFixed(2)}`] : [])];
  return [`  ${oneLine(objective.label)}  ${moved}${better}${drift}`, ...claim, `  ${styleText('dim', [...numbers, ...used].join(', '))}`];
}

/** An audit says nothing of what was kept after it. */
function later({ final }: Audit, { incumbent }: RunView): string {
  return incumbent !== null && incumbent.id > final.id ? styleText('dim', `  up to #${final.id}, what was kept later is not audited`) : '';
}

function topKeeps({ history, objective, audits }: RunView, decimals: number, columns: number): string[] {
  const keeps = history
    .flatMap((row) =>
      row.verdict !== 'keep' || row.score === null || row.delta === null || isUndone(row.id, audits)
        ? []
        : [{ ...row, score: row.score, before: row.score - row.delta }],
    )
    .map((row) => ({
      ...row,
      gain: row.estimate ? gain(row.estimate.effect, 0, objective.direction) : gain(row.score, row.before, objective.direction),
    }))
    .sort((a, b) => b.gain - a.gain || a.id - b.id);
  const lines = keeps.slice(0, TOP).map(({ id, title, before, gain: won }, at) => {
    const share = before === 0 ? '' : percent(won / Math.abs(before));
    const start = `  ${at + 1}. ${`#${id}`.padEnd(4)}  ${number(won, decimals).padStart(decimals + 2)}  ${share.padStart(6)}`;
    return `${start}  ${cut(oneLine(title), columns - start.length - 2)}`;
  });
  const notes = [
    ...(keeps.length > TOP ? [`  and ${keeps.length - TOP} more kept`] : []),
    ...(keeps.some((row) => row.estimate) ? ['  by the estimated gain, shrunken towards none'] : []),
  ];
  return [...lines, ...notes.map((note) => styleText('dim', note))];
}

function nextCommands({ name, counts }: RunView, { outcome, reason }: RunEnd): string[] {
  // A run keeps the commit and the config it began with, so that mending them needs a new one.
  const isHopeless = reason.code === 'BASELINE_FAILED';
  const commands = [
    ...(isHopeless ? [['autoresearch check', 'after mending it; then run again']] : []),
    [`autoresearch report ${name}`, 'the whole run as one page'],
    ...(counts.keep > 0 ? [[`git log autoresearch/${name}`, 'the kept changes and their reasons']] : []),
    ...(outcome === 'stopped' || isHopeless ? [] : [[`autoresearch resume ${name}`, 'goes on where it stopped']]),
  ];
  const widest = Math.max(...commands.map(([command = '']) => command.length));
  return commands.map(([command = '', what = '']) => `  ${command.padEnd(widest)}  ${styleText('dim', what)}`);
}
