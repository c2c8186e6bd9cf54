/** What a page asks for, as it came over the wire. */
import type { Reviewer, RunDecision } from '../contract/decisions.ts';

const MOST_TEXT = 10_000;
const DECISIONS = ['approve', 'reject', 'ask'] as const;

/** The decision; a text says what is wrong with it. */
export function readWish(value: unknown, by: Reviewer): RunDecision | string {
  if (typeof value !== 'object' || value === null) return 'the request is no object';
  const wish = value as Readonly<Record<string, unknown>>;
  const { kind } = wish;
  if (kind === 'resume') return { kind, by };
  if (kind === 'steer') {
    const text = textOf(wish['text']);
    return text === null || text.trim() === '' ? 'the hint is empty, or too long' : { kind, text, by };
  }
  const note = textOf(wish['note']);
  if (note === null) return `the note is no text of at most ${MOST_TEXT} characters`;
  if (kind === 'pause' || kind === 'stop') return { kind, note, by };
  if (kind !== 'review') return 'nothing that a page can ask for';
  const { experiment } = wish;
  const decision = DECISIONS.find((one) => one === wish['decision']);
  if (typeof experiment !== 'number' || !Number.isSafeInteger(experiment) || experiment < 0) return 'no experiment is named';
  if (decision === undefined) return 'neither approve, reject nor ask';
  if (decision === 'ask' && note.trim() === '') return 'a question needs words';
  return { kind, experiment, decision, note, by };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MOST_TEXT ? value.toWellFormed() : null;
}
