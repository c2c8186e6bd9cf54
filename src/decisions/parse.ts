import type { Reviewer, RunDecision } from '../contract/decisions.ts';
import { isRecord } from './small-file.ts';

/** The longest note, question or hint, in characters. */
export const MOST_TEXT = 10_000;
const MOST_NAME = 200;

/** A decision as it was read from a file: whole, and with nothing else in it; a text says what is wrong with it. */
export function parseDecision(value: unknown): RunDecision | string {
  if (!isRecord(value)) return 'it is no object';
  const by = parseReviewer(value['by']);
  if (typeof by === 'string') return by;
  const text = (name: string) => {
    const found = value[name];
    return typeof found === 'string' && found.length <= MOST_TEXT ? found : null;
  };
  const { kind } = value;
  if (kind === 'resume') return { kind, by };
  if (kind === 'steer') {
    const hint = text('text');
    return hint === null || hint.trim() === '' ? 'its hint is empty, or too long' : { kind, text: hint, by };
  }
  const note = text('note');
  if (note === null) return `its note is no text of at most ${MOST_TEXT} characters`;
  if (kind === 'pause' || kind === 'stop') return { kind, note, by };
  if (kind !== 'review') return `its kind ${JSON.stringify(kind)?.slice(0, 40)} is not known`;
  const { experiment, decision } = value;
  if (typeof experiment !== 'number' || !Number.isSafeInteger(experiment) || experiment < 0) return 'it names no experiment';
  if (decision !== 'approve' && decision !== 'reject' && decision !== 'ask') return 'it neither approves, rejects nor asks';
  return { kind, experiment, decision, note, by };
}

function parseReviewer(value: unknown): Reviewer | string {
  if (!isRecord(value)) return 'it does not say who decided';
  const { name, email } = value;
  if (typeof name !== 'string' || name.trim() === '' || name.length > MOST_NAME) return 'it does not say who decided';
  if (email !== null && (typeof email !== 'string' || email.length > MOST_NAME)) return 'the address of who decided is no text';
  return { name, email };
}
