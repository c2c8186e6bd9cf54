import type { Audit, RunEnd, RunView, Summary } from '../../../src/plugin.ts';
import type { EventName } from './schema.ts';

/** Something to tell. Its key is the same whenever the event is read from the record, so a receiver can tell a repeat. */
export interface Event {
  readonly key: string;
  readonly name: EventName;
  readonly run: string;
  readonly objective: string;
  /** One line for people. */
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const VERDICTS: Record<Summary['verdict'], string> = {
  keep: 'kept',
  discard: 'discarded',
  crash: 'crashed',
  review: 'waits for your decision',
};

/** Null for a control: it is no attempt. */
export function experimentEvent(run: RunView, { id, verdict, reason, title, score, delta, candidate, kind }: Summary): Event | null {
  if (kind === 'control') return null;
  const figures = score === null ? reason.text : `${run.objective.label} ${figure(score)}${delta === null ? '' : ` (${signed(delta)})`}`;
  return {
    key: `${run.name}/${id}`,
    name: verdict,
    run: run.name,
    objective: run.objective.label,
    text: `#${id} ${VERDICTS[verdict]}: ${line(title)}; ${line(figures)}`,
    data: { id, verdict, reason: { code: reason.code, text: line(reason.text) }, title: line(title), score, delta, commit: candidate },
  };
}

export function auditEvent(run: RunView, audit: Audit, index: number): Event {
  const { final, anchor, claim, failures, rolledBack } = audit;
  return {
    key: `${run.name}/audit-${index}`,
    name: 'audit',
    run: run.name,
    objective: run.objective.label,
    text: `audit of #${final.id} against #${anchor.id}: ${line(audit.text)}`,
    data: { final, anchor, claim, failures, rolledBack },
  };
}

/** The end of a session: told when it happens, never later. */
export function endEvent(run: RunView, { outcome, reason }: RunEnd, at: string): Event {
  const { keep, discard, crash, review } = run.counts;
  const best = run.incumbent?.score?.value ?? null;
  return {
    key: `${run.name}/done-${at}`,
    name: 'done',
    run: run.name,
    objective: run.objective.label,
    text:
      `${outcome}: ${line(reason.text)}; ${keep} kept, ${discard} discarded, ${crash} crashed, ${review} to decide` +
      (best === null ? '' : `; ${run.objective.label} ${figure(best)}`),
    data: { outcome, reason, counts: run.counts, best },
  };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${Number(value.toPrecision(4))}`;
}

/** Titles and reasons come from models and programs: one line of limited length, without control characters. */
function line(text: string): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain.length <= 300 ? plain : `${plain.slice(0, 299)}…`;
}
