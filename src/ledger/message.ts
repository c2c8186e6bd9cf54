import type { Direction, SettledExperiment } from '../experiment.ts';
import type { Summary } from '../contract/run-view.ts';
import { isExperiment, type LedgerRecord } from './records.ts';
import { summarize } from '../model/summarize.ts';
import type { CommandRecord, PromotionRecord, ReviewRecord } from './review-records.ts';
import { DECIDED } from './reviews.ts';

const SUMMARY = 'Autoresearch-Summary: ';

/** A number as people compare it: enough digits to see a small effect. */
export function formatScore(value: number): string {
  return Number(value.toPrecision(7)).toString();
}

export function formatDelta(delta: number): string {
  return `${delta > 0 ? '+' : ''}${Number(delta.toPrecision(4))}`;
}

/** One line, without control characters, at most `limit` characters: titles come from models. */
export function oneLine(text: string, limit = 120): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `#12 keep val_bpb 0.9755 (-0.0033) embedding LR 0.6 to 0.8` */
export function subjectOf(record: LedgerRecord, objective: { label: string; direction: Direction }): string {
  if (!isExperiment(record)) {
    if (record.kind === 'stopped') return `stopped: ${oneLine(record.reason.text)}`;
    if (record.kind === 'audit') return `audit: ${oneLine(record.audit.text)}`;
    if (record.kind === 'review') return reviewSubject(record);
    if (record.kind === 'command') return commandSubject(record);
    if (record.kind === 'promotion') return promotionSubject(record);
    if (record.kind === 'transfer') return `transfer: ${oneLine(record.text)}`;
    if (record.kind === 'ablation') return `ablation: ${oneLine(record.text)}`;
    if (record.kind === 'synced') return `synced with ${oneLine(Object.keys(record.seen).join(', '))}`;
    if (record.kind === 'left') return 'left the swarm';
    return record.kind === 'opened' ? `opened ${record.run}` : `resumed on ${oneLine(record.host)}`;
  }
  const { id, verdict, score, delta, proposal, reason } = record;
  const figures = score ? `${objective.label} ${formatScore(score.value)}${delta === null ? '' : ` (${formatDelta(delta)})`}` : reason.code;
  return `#${id} ${verdict} ${oneLine(figures)} ${oneLine(proposal.title)}`;
}

/** `review: #12 approved by Ada: looks right` */
function reviewSubject({ experiment, decision, by, note }: ReviewRecord): string {
  return `review: #${experiment} ${DECIDED[decision]} by ${oneLine(by.name, 60)}${note === '' ? '' : `: ${oneLine(note)}`}`;
}

/** `pause by Ada: lunch` */
function commandSubject({ command, by, note }: CommandRecord): string {
  return `${command} by ${oneLine(by.name, 60)}${note === '' ? '' : `: ${oneLine(note)}`}`;
}

function promotionSubject({ branch, changes, leftOut }: PromotionRecord): string {
  const ids = changes.map(({ experiment }) => `#${experiment}`).join(', ');
  return `promotion: ${oneLine(ids)} to ${oneLine(branch)}${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}`;
}

/** The ledger commit's message; its summary line lets a reader skip the trees and blobs. */
export function ledgerMessage(record: LedgerRecord, run: string, objective: { label: string; direction: Direction }): string {
  const trailers = [`Autoresearch-Run: ${run}`];
  if (isExperiment(record)) {
    trailers.push(`Autoresearch-Experiment: ${record.id}`, SUMMARY + JSON.stringify(summarize(record)));
  } else {
    trailers.push(`Autoresearch-Session: ${record.kind}`);
  }
  return `${subjectOf(record, objective)}\n\n${trailers.join('\n')}\n`;
}

/** The summary a ledger commit's message holds; null for the records of sessions. */
export function readSummary(message: string): Summary | null {
  const at = message.indexOf(`\n${SUMMARY}`);
  if (at < 0) return null;
  return JSON.parse(message.slice(at + 1 + SUMMARY.length).split('\n', 1)[0] ?? '') as Summary;
}

/** The candidate's message: title, then the reasons in prose, then trailers. */
export function candidateMessage(experiment: Pick<SettledExperiment, 'run' | 'id' | 'proposal'>): string {
  const { title, hypothesis, rationale, risks } = experiment.proposal;
  const prose = [
    hypothesis && `Hypothesis: ${hypothesis}`,
    rationale && `Rationale: ${rationale}`,
    risks.length > 0 && `Risks:\n${risks.map((risk) => `- ${risk}`).join('\n')}`,
    `Autoresearch-Run: ${experiment.run}\nAutoresearch-Experiment: ${experiment.id}`,
  ];
  return `${oneLine(title)}\n\n${printable(prose.filter(Boolean).join('\n\n'))}\n`;
}

/** Git refuses a message that holds NUL, and a terminal obeys one that holds escapes. */
function printable(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
