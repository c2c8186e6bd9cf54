/** The last output of a run: why it ended, its result, and the next commands. */
import { styleText } from 'node:util';
import { gain, undoneKeeps, type Audit, type RunEnd, type RunView } from '../../../src/plugin.ts';
import { claimText, gained, standingAudit } from './claims.ts';
import { cut, number, oneLine, percent, span, wrap } from './format.ts';
import { headline } from './headline.ts';

const TOP = 5;
const OUTCOMES = { stopped: ['finished', 'green'], interrupted: ['interrupted', 'yellow'], failed: ['failed', 'red'] } as const;

export function ending(run: RunView, end: RunEnd, decimals: number, columns: number): string {
  const [word, style] = OUTCOMES[end.outcome];
  const why = wrap(`${run.name} ${word}: ${oneLine(end.reason.text)} (${end.reason.code})`, columns);
  const title = why.replace(`${run.name} ${word}`, `${styleText('bold', run.name)} ${styleText(style, word)}`);
  const blocks = [
    [title],
    brief(run, end, columns),
    totals(run, decimals, columns),
    topKeeps(run, decimals, columns),
    nextCommands(run, end),
  ];
  return `\n${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

const TONE = { good: 'green', open: 'bold', bad: 'yellow' } as const;

/** The result, for a reader who has ten seconds. */
function brief(run: RunView, end: RunEnd, columns: number): string[] {
  const { tone, result, guards, decide, next } = headline(run, end);
  const lines = [
    ['guards', guards],
    ['to decide', decide],
    ['next', next],
  ].map(([name = '', text = '']) => `  ${styleText('dim', name.padEnd(10))}${wrap(oneLine(text), columns - 12, ' '.repeat(12))}`);
  return [`  ${styleText(TONE[tone], wrap(oneLine(result), columns - 2, '  '))}`, ...lines];
}

/** The figures behind it. */
function totals(run: RunView, decimals: number, columns: number): string[] {
  const { counts, baseline, incumbent, objective } = run;
  const from = baseline?.score?.value;
  const to = incumbent?.score?.value;
  if (from === undefined || to === undefined) return [];
  const { value: won, hasDrifted } = gained(run) ?? { value: 0, hasDrifted: false };
  const moved = won === 0 ? number(from, decimals) : `${number(from, decimals)} → ${number(to, decimals)}`;
  const drift = hasDrifted ? '; keeps are added up one by one: the machine or the data drifted' : '';
  const audit = standingAudit(run);
  const claim = audit === undefined ? [] : [`${claimText(audit, run, decimals)}${later(audit, run)}`];
  const undone = undoneKeeps(run).size;
  const numbers = [
    `${counts.keep} kept${undone > 0 ? ` (${undone} rolled back)` : ''}`,
    `${counts.discard} discarded`,
    `${counts.crash} crashed`,
    ...(counts.review > 0 ? [`${counts.review} for review`] : []),
  ];
  const used = [span(run.seconds), ...(run.usd > 0 ? [`$${run.usd.toFixed(2)}`] : [])];
  const lines = [`${oneLine(objective.label)}  ${moved}, by the scores of the run${drift}`, ...claim, [...numbers, ...used].join(', ')];
  return lines.map((line) => styleText('dim', `  ${wrap(line, columns - 2, '  ')}`));
}

/** An audit says nothing of what was kept after it. */
function later({ final }: Audit, { incumbent }: RunView): string {
  return incumbent !== null && incumbent.id !== final.id ? `  up to #${final.id}, what was kept later is not audited` : '';
}

function topKeeps(run: RunView, decimals: number, columns: number): string[] {
  const { history, objective } = run;
  const undone = undoneKeeps(run);
  const keeps = history
    .flatMap((row) =>
      row.verdict !== 'keep' || row.score === null || row.delta === null || undone.has(row.id)
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
  const commands = [
    [`autoresearch report ${name}`, 'the whole run as one page'],
    ...(counts.keep > 0 ? [[`git log autoresearch/${name}`, 'the kept changes and their reasons']] : []),
    // A run keeps the commit and the config it began with: after correcting them, a new run is needed.
    ...(outcome === 'stopped' || reason.code === 'BASELINE_FAILED' ? [] : [[`autoresearch resume ${name}`, 'goes on where it stopped']]),
  ];
  const widest = Math.max(...commands.map(([command = '']) => command.length));
  return commands.map(([command = '', what = '']) => `  ${command.padEnd(widest)}  ${styleText('dim', what)}`);
}
