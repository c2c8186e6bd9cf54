import { basename } from 'node:path';
import type { ReviewDecision } from '../contract/decisions.ts';
import { AutoresearchError } from '../errors.ts';
import type { Emit } from '../events/stream.ts';
import type { Reason } from '../experiment.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionRecord } from '../ledger/records.ts';
import type { CommandRecord } from '../ledger/review-records.ts';
import type { Summary } from '../plugin.ts';
import { putAside, readQueue, removeDecision, type QueuedFile } from './queue.ts';
import { reviewRecord } from './record.ts';

/** Where decisions go that are taken up. */
export interface TakeUpInput {
  readonly run: string;
  readonly runDir: string;
  readonly ledger: Pick<Ledger, 'append'>;
  /** The experiments that are settled. */
  rows(): readonly Summary[];
  /** Names of decisions that are in the ledger: a kill may have kept their files from being removed. Grows with each one. */
  readonly taken: Set<string>;
  readonly emit: Emit;
  warn(message: string): void;
}

export type Command = CommandRecord['command'];
/** What becomes of a request to pause, to go on or to stop; a reason refuses it. */
type OnCommand = (command: Command, entry: QueuedFile) => Reason | null;

/** The names of the decisions that a ledger holds. */
export function takenIn(sessions: readonly SessionRecord[]): Set<string> {
  return new Set(sessions.flatMap((record) => ('id' in record && record.id !== undefined ? [record.id] : [])));
}

/**
 * Writes what waits in the queue into the ledger, each decision once: its name is in its record, and its file goes after that.
 * Hints stay for the next prompt.
 * @returns how many were written
 */
export async function takeUpDecisions(input: TakeUpInput, onCommand: OnCommand): Promise<number> {
  let written = 0;
  for (const entry of readQueue(input.runDir)) {
    if ('problem' in entry) setAside(input, entry.file, entry.problem);
    else if (input.taken.has(entry.id)) removeDecision(entry);
    else if (entry.decision.kind !== 'steer' && (await takeUp(input, entry, onCommand))) written++;
  }
  return written;
}

async function takeUp(input: TakeUpInput, entry: QueuedFile, onCommand: OnCommand): Promise<boolean> {
  const { id, decision } = entry;
  const refused = decision.kind === 'review' ? await review(input, decision, entry) : await command(input, entry, onCommand);
  input.emit({ type: 'decision', id, decision, ...(refused && { refused }) });
  if (refused) setAside(input, entry.file, `${refused.code}: ${refused.text}`);
  else removeDecision(entry);
  return refused === null;
}

async function review(input: TakeUpInput, decision: ReviewDecision, { id, at }: QueuedFile): Promise<Reason | null> {
  const { run, rows, ledger, taken } = input;
  let record;
  try {
    record = reviewRecord(decision, { run, rows: rows(), at, id });
  } catch (error) {
    if (error instanceof AutoresearchError) return { code: error.code, text: error.message };
    throw error;
  }
  await ledger.append(record);
  taken.add(id);
  return null;
}

async function command({ ledger, taken }: TakeUpInput, entry: QueuedFile, onCommand: OnCommand): Promise<Reason | null> {
  const { id, at, decision } = entry;
  if (decision.kind === 'review' || decision.kind === 'steer') return null;
  const refused = onCommand(decision.kind, entry);
  if (refused) return refused;
  const note = 'note' in decision ? decision.note : '';
  await ledger.append({ v: 1, kind: 'command', at, command: decision.kind, note, by: decision.by, id });
  taken.add(id);
  return null;
}

function setAside({ warn }: TakeUpInput, file: string, why: string): void {
  try {
    putAside(file);
    warn(`a decision in the queue is refused (${basename(file)}.refused): ${why}`);
  } catch {
    // Another process has moved it.
  }
}
