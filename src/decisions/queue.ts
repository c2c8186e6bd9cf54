/**
 * The decisions of people that wait for the process that works on a run: a file each in the run's folder, so that a process
 * and a terminal never write the same one. Each is signed with a key that only the run's owner can read; others are refused.
 */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunDecision } from '../contract/decisions.ts';
import { messageOf } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { createSigner, keyIn, readKey } from '../ledger/signed-lines.ts';
import { namesIfThere } from '../read-if-there.ts';
import { parseDecision } from './parse.ts';
import { isRecord, readSmallFile } from './small-file.ts';

export interface PendingDecision {
  readonly id: string;
  /** When it was made, ISO time. */
  readonly at: string;
  readonly decision: RunDecision;
}

export interface QueuedFile extends PendingDecision {
  readonly file: string;
}

/** A file in the queue that is no decision. */
export interface BadFile {
  readonly file: string;
  readonly problem: string;
}

const folderOf = (runDir: string) => join(runDir, 'decisions');
const keyFileOf = (runDir: string) => join(runDir, 'decisions.key');

/** Puts a decision at the end of the queue. */
export function putDecision(runDir: string, decision: RunDecision): PendingDecision {
  const folder = folderOf(runDir);
  makeFolders(folder, { mode: 0o700 });
  const signer = createSigner(keyIn(keyFileOf(runDir)));
  // Behind the last one, even in the same millisecond, or after the machine's clock was put back.
  const last = namesIfThere(folder).reduce((most, name) => Math.max(most, Number(/^\d{15}(?=-)/.exec(name) ?? 0)), 0);
  const id = `${String(Math.max(Date.now(), last + 1)).padStart(15, '0')}-${randomUUID()}`;
  const pending = { id, at: new Date().toISOString(), decision };
  const draft = join(folder, `${id}.part`);
  writeFileSync(draft, `${signer.sign({ v: 1, ...pending })}\n`, { mode: 0o600 });
  // A reader of the folder sees the whole decision or nothing of it.
  renameSync(draft, join(folder, `${id}.json`));
  return pending;
}

/** The decisions of a run that nobody has taken up, in the order in which they were made. */
export function pendingDecisions(runDir: string): PendingDecision[] {
  return readQueue(runDir).flatMap((entry) => ('problem' in entry ? [] : [{ id: entry.id, at: entry.at, decision: entry.decision }]));
}

export function readQueue(runDir: string): (QueuedFile | BadFile)[] {
  const files = namesIfThere(folderOf(runDir))
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  return files.flatMap((name) => readOne(runDir, join(folderOf(runDir), name)) ?? []);
}

/** To be called when the decision is in a record. */
export function removeDecision({ file }: QueuedFile): void {
  rmSync(file, { force: true });
}

/** Puts a file aside that is no decision, or one that cannot be carried out, so that it is not looked at again. */
export function putAside(file: string): void {
  renameSync(file, `${file}.refused`);
}

function readOne(runDir: string, file: string): QueuedFile | BadFile | null {
  try {
    const text = readSmallFile(file);
    if (text === null) return { file, problem: 'it is no plain file of a decision' };
    const key = readKey(keyFileOf(runDir));
    const entry = key && createSigner(key).read(text.trimEnd());
    if (entry === null) return { file, problem: 'it is not signed by this run' };
    const { id, at, decision } = isRecord(entry) ? entry : {};
    if (typeof id !== 'string' || `${id}.json` !== basename(file) || typeof at !== 'string' || Number.isNaN(Date.parse(at)))
      return { file, problem: 'it was signed for another place' };
    const parsed = parseDecision(decision);
    return typeof parsed === 'string' ? { file, problem: parsed } : { file, id, at, decision: parsed };
  } catch (error) {
    // Taken up in the meantime.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    return { file, problem: messageOf(error) };
  }
}
